package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"lage/internal/clean"
	"lage/internal/text"
)

func doctorCommands() []command {
	return []command{
		{name: "doctor", group: groupSetup, short: "doctor.short", long: "doctor.long", state: true, run: runDoctor,
			flags: []flag{{name: "network", help: "doctor.flag_network"}}},
	}
}

// level says how bad a finding is; its number is the exit code.
type level int

const (
	fine level = iota
	doubtful
	wrong
)

func (l level) word() string { return []string{"ok", "warning", "wrong"}[l] }

// finding is one thing that the doctor looked at.
type finding struct {
	area  string // terminal, locale, ...: the last part of a code of the texts
	level level
	msg   text.Message
	mend  string // the command line that mends it; empty where there is none
}

// doctor looks at one machine. The fields after now are found out on the way, each examination after those it builds on.
type doctor struct {
	*app
	ctx      context.Context
	now      time.Time
	s        *session // nil when the database cannot be opened
	findings []finding
}

func (d *doctor) say(area string, l level, mend string, code string, args ...any) {
	if d.osUser() == "root" { // on a small machine there is no sudo, and root needs none
		mend = strings.ReplaceAll(strings.ReplaceAll(mend, "sudo -u ", "runuser -u "), "sudo ", "")
	}
	d.findings = append(d.findings, finding{area, l, text.M(code, args...), mend})
}

// runDoctor looks at everything that lage needs and says what is wrong, with the command that mends it. It changes nothing.
func runDoctor(ctx context.Context, a *app) error {
	d := &doctor{app: a, ctx: ctx, now: a.env.Now()}
	opened := d.open()
	defer d.close()
	d.terminal()
	d.locale()
	d.configuration()
	if opened {
		d.database()
	}
	d.rights()
	d.lease()
	d.clock()
	d.helpers()
	d.network()
	d.sshd()
	d.backup()
	worst := fine
	for _, f := range d.findings {
		worst = max(worst, f.level)
	}
	if a.on("json") {
		if err := a.json(d.document(worst)); err != nil {
			return err
		}
	} else {
		d.text(worst)
	}
	if worst == fine {
		return nil
	}
	return exitWith(worst)
}

// open opens the database for reading; false when it is there and cannot be.
func (d *doctor) open() bool {
	s, err := d.app.open(d.ctx, toRead, false)
	if err != nil {
		f := d.asFault(err)
		d.say("database", wrong, d.repair(), "doctor.database_closed", d.dbPath(), f.msg)
		return false
	}
	d.s = s
	return true
}

func (d *doctor) close() {
	if d.s != nil {
		d.s.close()
	}
}

func (d *doctor) text(worst level) {
	rows := [][]string{}
	for _, f := range d.findings {
		rows = append(rows, []string{d.t("doctor.level_" + f.level.word()), d.t("doctor.area_" + f.area), f.msg.In(d.lang)})
		if f.mend != "" {
			rows = append(rows, []string{"", "", "$ " + f.mend})
		}
	}
	columns(d.out, rows)
	bad := slices.DeleteFunc(slices.Clone(d.findings), func(f finding) bool { return f.level == fine })
	if worst == fine {
		d.println(d.t("doctor.all_fine", len(d.findings)))
		return
	}
	d.println(d.t("doctor.some_bad", len(d.findings), len(bad)))
}

type findingJSON struct {
	Area    string `json:"area"`
	Level   string `json:"level"` // ok, warning or wrong
	Message string `json:"message"`
	Mend    string `json:"mend"` // command line; empty where there is none
}

func (d *doctor) document(worst level) any {
	list := []findingJSON{}
	for _, f := range d.findings {
		list = append(list, findingJSON{f.area, f.level.word(), f.msg.In(d.lang), f.mend})
	}
	return struct {
		Schema   string        `json:"schema"`
		Level    string        `json:"level"` // the worst of the findings
		Findings []findingJSON `json:"findings"`
	}{"lage/doctor/v1", worst.word(), list}
}

// quote makes a name one word of a shell, so that a command line can be copied as it stands.
func quote(s string) string {
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-+:@%", r)
	})
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(clean.Line(s), "'", `'\''`) + "'"
}
