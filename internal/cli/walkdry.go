package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"lage/incidents"
	"lage/internal/clean"
	"lage/internal/proc"
	"lage/internal/text"
	"lage/runbooks"
)

// trusts tells whether the runbook's author may wave questions off: the configuration says so, and the file is one of its
// folder.
func (s *session) trusts(b *runbooks.Runbook) bool {
	c := s.inForce()
	if c == nil || !c.Trusted || c.Runbooks == "" || b == nil {
		return false
	}
	folder, err := filepath.Abs(c.Runbooks)
	if err != nil {
		return false
	}
	inside, err := filepath.Rel(folder, b.Path)
	return err == nil && filepath.IsLocal(inside)
}

type dryJSON struct {
	Step    string            `json:"step"`
	Title   string            `json:"title"`
	Text    string            `json:"text"`
	Runs    string            `json:"runs"`
	Host    string            `json:"host"`
	Dir     string            `json:"dir"`
	User    string            `json:"user"`
	Risk    string            `json:"risk"`
	Asks    string            `json:"asks"` // "nothing", "once", "word", "never"
	Word    string            `json:"word"`
	Timeout string            `json:"timeout"` // empty: none
	Mode    string            `json:"mode"`    // "captured" or "terminal"
	Missing string            `json:"missing"`
	Why     string            `json:"why"`
	Vars    map[string]string `json:"vars"` // the values of secrets are empty
	vars    []incidents.Variable
}

// dryRun shows all commands of a runbook as they would run, and runs nothing.
func (a *app) dryRun(ctx context.Context, b *runbooks.Runbook, kind runbooks.WalkKind) error {
	s, err := a.open(ctx, toRead, true)
	if err != nil {
		return err
	}
	defer s.close()
	w := runbooks.Walk{Kind: kind}
	if open, err := s.openWalk(ctx, a.flag("incident"), b.Name, kind, a.flag("asset")); err == nil && open != nil {
		w, b = open.Walk, open.Book
	}
	list := []dryJSON{}
	b.All(func(_ int, st *runbooks.Step) {
		for _, x := range st.Commands {
			if x.Offered() {
				list = append(list, s.dry(b, w, st, x))
			}
		}
	})
	if a.on("json") {
		return a.json(struct {
			Schema   string    `json:"schema"`
			Runbook  string    `json:"runbook"`
			Commands []dryJSON `json:"commands"`
		}{"lage/dry-run/v1", b.Name, list})
	}
	a.println(a.t("exec.dry_title", b.Title))
	for _, d := range list {
		a.printDry(d)
	}
	return nil
}

// dry resolves one command as far as it can be without asking.
func (s *session) dry(b *runbooks.Runbook, w runbooks.Walk, st *runbooks.Step, x runbooks.Block) dryJSON {
	answers := s.runs.Answers(b, w)
	if x.Terminal() {
		x.Text, _ = runbooks.Opening(x)
	}
	bound, err := runbooks.Bind(x, answers)
	var no *runbooks.Unbound
	out := dryJSON{Step: st.ID, Title: st.Title, Mode: "captured", Missing: runbooks.Missing(x, answers), Vars: map[string]string{}}
	if errors.As(err, &no) && out.Missing == "" {
		out.Why = s.app.t(no.Code, no.Placeholder)
	}
	bound.Export(b, answers)
	if x.Terminal() {
		out.Mode = "terminal"
	}
	req := incidents.RunRequest{Request: incidents.Request{Walk: w.ID}, Step: st.ID, Title: st.Title}.Bound(bound)
	p, perr := s.runs.Preview(req)
	if perr != nil {
		out.Why = clean.Line(perr.Error())
	}
	asks := incidents.Asks(bound, w.Kind, s.trusts(b))
	out.Text, out.Runs, out.Host, out.Dir, out.User, out.Risk = bound.Shown, bound.Text, p.Host, p.Dir, x.User, string(bound.Risk)
	out.Asks = []string{"nothing", "once", "word", "never"}[asks]
	if asks == incidents.AskWord {
		out.Word = runbooks.Object(bound.Block, bound.Shown, st.Title)
	}
	if x.Timeout > 0 {
		out.Timeout = x.Timeout.String()
	}
	out.vars = p.Vars
	for _, v := range p.Vars {
		out.Vars[v.Name] = v.Value
	}
	return out
}

func (a *app) printDry(d dryJSON) {
	a.printf("\n%s\n", d.Title)
	a.println(indent(clean.Text(d.Text), "    $ ", "      "))
	asks := map[string]string{"nothing": a.t("exec.asks_nothing"), "once": a.t("exec.asks_once"), "word": a.t("exec.asks_word", d.Word), "never": a.t("exec.asks_never")}[d.Asks]
	limit := a.t("exec.no_limit")
	if d.Timeout != "" {
		limit = d.Timeout
	}
	host := d.Host
	if d.Mode == "terminal" {
		host += ", " + a.t("exec.in_terminal")
	}
	rows := [][]string{{a.t("exec.dry_host"), host}}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, []string{label, clean.Line(value)})
		}
	}
	add(a.t("exec.dry_dir"), d.Dir)
	add(a.t("exec.dry_user"), d.User)
	add(a.t("exec.dry_risk"), a.t("runbooks.risk_"+d.Risk))
	add(a.t("exec.dry_asks"), asks)
	add(a.t("exec.dry_timeout"), limit)
	add(a.t("exec.dry_vars"), strings.Join(a.variables(d.vars), ", "))
	if d.Runs != d.Text {
		add(a.t("exec.dry_runs"), d.Runs)
	}
	add(a.t("exec.dry_open"), strings.TrimSpace(d.Missing+" "+d.Why))
	for _, r := range rows {
		r[0] = "    " + r[0]
	}
	columns(a.out, rows)
}

// variables writes what a command gets, one word each.
func (a *app) variables(list []incidents.Variable) (out []string) {
	for _, v := range list {
		word := v.Name + "=" + v.Value
		switch {
		case v.Removed:
			word = a.t("exec.var_removed", v.Name)
		case v.Secret:
			word = a.t("exec.var_secret", v.Name)
		}
		if v.Carried && !v.Removed {
			word = a.t("exec.var_carried", word)
		}
		out = append(out, word)
	}
	return out
}

// runWalkEnv shows what a walk's commands hand on to each other, and changes it.
func runWalkEnv(ctx context.Context, a *app) error {
	d, err := a.oneWalk(ctx)
	if err != nil {
		return err
	}
	defer d.s.close()
	r, id := d.s.runs.Runner.(*runner), d.view.Walk.ID
	name, value, ok := strings.Cut(a.flag("set"), "=")
	switch {
	case a.on("reset"):
		err = r.sup.Uncarry(id)
	case a.given("set") && (!ok || runbooks.InputName(name) == ""):
		return a.usage(text.M("exec.err_set", clean.Line(a.flag("set"))))
	case a.given("set"), a.given("unset"):
		err = r.sup.Carry(id, func(c *proc.Carried) {
			c.Put(name, value)
			c.Drop(a.flag("unset"))
		})
	}
	if err != nil {
		return failed("cli.err_read", err)
	}
	p, err := d.s.runs.Preview(incidents.RunRequest{Request: incidents.Request{Walk: id}})
	if err != nil {
		return failed("cli.err_read", err)
	}
	if a.on("json") {
		return a.json(struct {
			Schema string            `json:"schema"`
			Walk   string            `json:"walk"`
			Dir    string            `json:"dir"`
			Vars   map[string]string `json:"vars"` // the values of secrets are empty
		}{"lage/walk-env/v1", id, p.Dir, carriedValues(p.Vars)})
	}
	var rows [][]string
	for _, v := range p.Vars {
		if v.Carried {
			rows = append(rows, []string{v.Name, strings.TrimPrefix(strings.Join(a.variables([]incidents.Variable{{Name: v.Name, Value: v.Value, Secret: v.Secret, Removed: v.Removed}}), ""), v.Name+"=")})
		}
	}
	if len(rows) == 0 {
		a.println(a.t("exec.env_empty"))
		return nil
	}
	columns(a.out, append([][]string{{a.t("exec.dry_dir"), p.Dir}}, rows...))
	return nil
}

func carriedValues(list []incidents.Variable) map[string]string {
	out := map[string]string{}
	for _, v := range list {
		if v.Carried && !v.Removed {
			out[v.Name] = v.Value
		}
	}
	return out
}
