package cli

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"lage/checks"
	"lage/internal/clean"
	"lage/internal/text"
)

// The smallest terminal that the console is drawn for.
const (
	leastColumns = 40
	leastRows    = 12
)

func (d *doctor) terminal() {
	name := clean.Line(d.env.Getenv("TERM"))
	switch {
	case !d.env.StdoutTerminal:
		d.say("terminal", fine, "", "doctor.terminal_none")
		return
	case name == "":
		d.say("terminal", doubtful, "export TERM=xterm-256color", "doctor.terminal_unnamed")
		return
	case name == "dumb":
		d.say("terminal", fine, "", "doctor.terminal_dumb")
		return
	}
	colours := d.t("doctor.colours_16")
	switch {
	case d.noColor():
		colours = d.t("doctor.colours_none")
	case d.env.Getenv("COLORTERM") == "truecolor" || d.env.Getenv("COLORTERM") == "24bit":
		colours = d.t("doctor.colours_true")
	case strings.Contains(name, "256color"):
		colours = d.t("doctor.colours_256")
	}
	w, h, err := term.GetSize(int(os.Stdout.Fd()))
	switch {
	case err != nil || w == 0 || h == 0:
		d.say("terminal", doubtful, "stty rows 24 cols 80", "doctor.terminal_no_size", name)
	case w < leastColumns || h < leastRows:
		d.say("terminal", doubtful, "lage tui --plain", "doctor.terminal_small", name, w, h, leastColumns, leastRows)
	default:
		d.say("terminal", fine, "", "doctor.terminal", name, w, h, colours)
	}
}

func (d *doctor) locale() {
	name, value := "LANG", ""
	for _, n := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := clean.Line(d.env.Getenv(n)); v != "" {
			name, value = n, v
			break
		}
	}
	switch {
	case d.on("ascii") || d.env.Getenv("LAGE_GLYPHS") == "ascii":
		d.say("locale", fine, "", "doctor.locale_ascii")
	case value == "":
		d.say("locale", fine, "", "doctor.locale_unset", string(d.lang))
	case !utf8Locale(value):
		d.say("locale", doubtful, "export "+name+"=C.UTF-8", "doctor.locale_narrow", name, value)
	default:
		d.say("locale", fine, "", "doctor.locale", name, value, string(d.lang))
	}
}

// clock looks at the zone and at whether the time can be: it never lies before what is stored already.
func (d *doctor) clock() {
	zone := d.zone
	if d.s != nil {
		zone = d.s.zone()
	}
	moment := text.DateTime(d.lang, d.now.In(zone))
	var newest time.Time
	if d.s != nil && d.s.store != nil {
		if p, err := d.s.store.Poller(d.ctx); err == nil {
			newest = p.Last
		}
	}
	switch {
	case d.now.Year() < 2026:
		d.say("clock", wrong, "timedatectl set-ntp true", "doctor.clock_past", moment)
	case newest.Sub(d.now) > time.Minute:
		d.say("clock", wrong, "timedatectl set-ntp true", "doctor.clock_back", moment, text.DateTime(d.lang, newest.In(zone)))
	case clockKept():
		d.say("clock", fine, "", "doctor.clock", moment, zoneName(zone, d.env.Getenv("TZ")))
	default:
		d.say("clock", fine, "", "doctor.clock_unknown", moment, zoneName(zone, d.env.Getenv("TZ")))
	}
}

// zoneName names a zone. The machine's own has no name of its own: it is that of TZ, or of the file that stands for it.
func zoneName(z *time.Location, tz string) string {
	if z != time.Local {
		return z.String()
	}
	if tz != "" {
		return clean.Line(tz)
	}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(target, "/zoneinfo/"); ok {
			return clean.Line(name)
		}
	}
	return "UTC"
}

// program finds a program as a shell would; empty when there is none.
func (a *app) program(name string) string {
	if strings.Contains(name, "/") {
		if isProgram(name) {
			return name
		}
		return ""
	}
	for _, dir := range filepath.SplitList(a.env.Getenv("PATH")) {
		if p := filepath.Join(dir, name); isProgram(p) {
			return p
		}
	}
	return ""
}

func isProgram(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && !fi.IsDir() && fi.Mode().Perm()&0o111 != 0
}

// install is how this machine gets a package.
func (d *doctor) install(pkg string) string {
	if d.program("apt-get") == "" && d.program("dnf") != "" {
		return "dnf install " + pkg
	}
	return "apt-get install " + pkg
}

// helpers looks for the programs that runbooks and checks start.
func (d *doctor) helpers() {
	missing := false
	if d.program("bash") == "" {
		missing = true
		d.say("helpers", wrong, d.install("bash"), "doctor.no_bash")
	}
	if d.program("ssh") == "" {
		missing = true
		d.say("helpers", doubtful, d.install("openssh-client"), "doctor.no_ssh")
	}
	for _, c := range d.checks() {
		if c.Command != nil && d.program(c.Command.Argv[0]) == "" {
			missing = true
			d.say("helpers", doubtful, "lage check once "+quote(c.ID), "doctor.no_plugin", c.ID, clean.Line(c.Command.Argv[0]))
		}
	}
	if !missing {
		d.say("helpers", fine, "", "doctor.helpers")
	}
}

// checks lists those of the configuration in force.
func (d *doctor) checks() []checks.Check {
	if d.s == nil || d.s.inForce() == nil {
		return nil
	}
	return d.s.inForce().Checks
}

// network asks for the names of all hosts that are measured; only when the person wants that.
func (d *doctor) network() {
	names := map[string]string{} // host to a check
	for _, c := range d.checks() {
		if h := host(c); h != "" && net.ParseIP(h) == nil {
			names[h] = c.ID
		}
	}
	if !d.on("network") {
		d.say("network", fine, "", "doctor.network_unasked", len(names))
		return
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	failed := map[string]string{}
	limit := make(chan struct{}, 8)
	for h := range names {
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			if why := resolve(d.ctx, h); why != "" {
				mu.Lock()
				defer mu.Unlock()
				failed[h] = why
			}
		})
	}
	wg.Wait()
	for _, h := range sortedKeys(failed) {
		d.say("network", wrong, "getent hosts "+quote(h), "doctor.network_name", h, names[h], failed[h])
	}
	if len(failed) == 0 {
		d.say("network", fine, "", "doctor.network", len(names))
	}
}

// host is the name that a check connects to; empty for commands and addresses that hold none.
func host(c checks.Check) string {
	address := ""
	switch {
	case c.HTTP != nil:
		if u, err := url.Parse(c.HTTP.URL); err == nil {
			return u.Hostname()
		}
	case c.TCP != nil:
		address = c.TCP.Address
	case c.TLS != nil:
		address = c.TLS.Address
	}
	h, port, err := net.SplitHostPort(address)
	if _, perr := strconv.Atoi(port); err != nil || perr != nil {
		return ""
	}
	return h
}
