// Package archtest holds the house rules that a compiler does not: who may import whom, and why. Its tests read the source.
package archtest

// A rule says what one package may import of ours and of others.
type rule struct {
	ours    []string // packages of ours; "*" is everything
	outside []string // modules from outside the standard library
	why     string
}

// everyone may be imported by all packages but statuspage, which gets its labels as values.
var everyone = []string{"internal/clean", "internal/text", "internal/proc"}

// rules lists every package. A package that is not here fails the test: add it with its reason, or do not make it.
var rules = map[string]rule{
	"":                  {ours: []string{"internal/cli"}, outside: []string{"golang.org/x/term"}, why: "main is signals, the real terminal and os.Exit, nothing else"},
	"services":          {outside: []string{"github.com/rickar/cal/v2"}, why: "a leaf: what we run and owe; the holidays of the Länder are known here"},
	"checks":            {why: "a leaf: what is watched"},
	"runbooks":          {outside: []string{"github.com/yuin/goldmark", "github.com/goccy/go-yaml", "mvdan.cc/sh/v3"}, why: "a leaf: Markdown, front matter and shell syntax are read here"},
	"incidents":         {ours: []string{"services", "checks", "runbooks"}, why: "decides over what is watched, owed and to be done"},
	"store":             {ours: []string{"incidents", "services", "checks", "runbooks", "statuspage"}, outside: []string{"github.com/mattn/go-sqlite3"}, why: "SQL only here; never ui"},
	"ui":                {ours: []string{"incidents", "services", "checks", "runbooks"}, outside: []string{"charm.land/bubbletea/v2", "charm.land/lipgloss/v2", "charm.land/bubbles/v2", "github.com/charmbracelet/x/ansi", "github.com/charmbracelet/colorprofile", "github.com/yuin/goldmark"}, why: "shows; reaches the store only through interfaces of its own"},
	"notify":            {ours: []string{"incidents", "services"}, why: "takes alerts from the outbox"},
	"report":            {ours: []string{"incidents", "services", "checks", "runbooks"}, outside: []string{"github.com/yuin/goldmark"}, why: "pure: values in, io.Writer out"},
	"internal/cli":      {ours: []string{"*"}, outside: []string{"github.com/spf13/pflag", "github.com/charmbracelet/x/ansi", "golang.org/x/term", "golang.org/x/sys"}, why: "the composition root; the only package that imports everything"},
	"internal/alarms":   {ours: []string{"incidents", "services", "checks"}, why: "alarms in over HTTP and signs of life out; reaches incidents through the Desk only"},
	"internal/config":   {ours: []string{"services", "checks", "incidents", "runbooks", "notify", "statuspage"}, outside: []string{"github.com/goccy/go-yaml"}, why: "file to plain values"},
	"internal/demo":     {ours: []string{"services", "checks", "incidents", "runbooks"}, why: "only internal/cli imports it"},
	"internal/clean":    {outside: []string{"github.com/charmbracelet/x/ansi", "golang.org/x/text", "github.com/clipperhouse/displaywidth"}, why: "foreign text becomes safe here"},
	"internal/text":     {why: "words for the reader; imports nothing of ours"},
	"internal/proc":     {outside: []string{"golang.org/x/sys"}, why: "the only user of os/exec"},
	"internal/archtest": {why: "reads source"},
	"internal/e2e":      {why: "stories on the built binary: nothing but tests"},
	"internal/bench":    {why: "measurements of the built binary: nothing but tests"},
}

// homes lists packages of the standard library that have few homes.
var homes = map[string]struct {
	in  []string
	why string
}{
	"os/exec":      {[]string{"internal/proc"}, "processes are started, stopped and supervised in one place"},
	"database/sql": {[]string{"store"}, "SQL stands in one place"},
	"unsafe":       {nil, "nothing here needs it"},
	"os/signal":    {[]string{"", "internal/cli", "internal/proc"}, "one handler for signals"},
}

// onlyFrom lists packages of ours that few may import.
var onlyFrom = map[string]struct {
	by  []string
	why string
}{
	"internal/cli":  {[]string{""}, "nothing builds on the composition root"},
	"internal/demo": {[]string{"internal/cli"}, "the demo is no part of the product's logic"},
	"store":         {[]string{"internal/cli"}, "everybody else reaches it through interfaces"},
	"ui":            {[]string{"internal/cli"}, "screens are the outermost ring"},
}
