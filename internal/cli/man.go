package cli

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"lage/internal/text"
)

// runMan writes the manual page lage(1): to standard output, or as lage.1 into a folder.
func runMan(_ context.Context, a *app) error {
	page := a.manPage()
	if len(a.args) == 0 {
		a.printf("%s", page)
		return nil
	}
	path := filepath.Join(a.args[0], "lage.1")
	if err := writeFile(path, page); err != nil {
		return failed("cli.err_write", err, path)
	}
	a.println(a.t("cli.written", path))
	return nil
}

// manPage makes the page from the table of commands, in man(7) macros.
func (a *app) manPage() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH LAGE 1 \"\" \"lage %s\" \"\"\n", roff(version().Version))
	fmt.Fprintf(&b, ".SH %s\nlage \\- %s\n", roff(a.t("cli.man_name")), roff(a.t("cli.man_summary")))
	fmt.Fprintf(&b, ".SH %s\n.B lage\n[%s] [%s]\n", roff(a.t("cli.man_synopsis")), roff(a.t("cli.man_command")), roff(a.t("cli.man_options")))
	fmt.Fprintf(&b, ".SH %s\n", roff(a.t("cli.man_description")))
	manText(&b, a.t("cli.help_intro"))
	fmt.Fprintf(&b, ".SH %s\n", roff(a.t("cli.man_commands")))
	last := ""
	for _, c := range visible() {
		if c.group != last {
			fmt.Fprintf(&b, ".SS %s\n", roff(strings.TrimSuffix(a.t(c.group), ":")))
			last = c.group
		}
		fmt.Fprintf(&b, ".TP\n.B lage %s\n%s\n", roff(c.synopsis()), roff(a.t(c.short)))
		if c.long != "" {
			b.WriteString(".RS\n")
			manText(&b, a.t(c.long))
			b.WriteString(".RE\n")
		}
		a.manFlags(&b, c.flags, true)
	}
	fmt.Fprintf(&b, ".SH %s\n", roff(a.t("cli.man_options_title")))
	a.manFlags(&b, globalFlags(), false)
	for _, t := range topics() {
		fmt.Fprintf(&b, ".SH %s\n", roff(strings.ToUpper(a.t(t.short))))
		manText(&b, a.t(t.long))
	}
	return b.Bytes()
}

func (a *app) manFlags(b *bytes.Buffer, flags []flag, indent bool) {
	if len(flags) == 0 {
		return
	}
	if indent {
		b.WriteString(".RS\n")
	}
	for _, f := range flags {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(f.synopsis())), roff(a.t(f.help)))
	}
	if indent {
		b.WriteString(".RE\n")
	}
}

// manText writes paragraphs; lines that begin with a space are examples and keep their shape.
func manText(b *bytes.Buffer, s string) {
	example := false
	for _, line := range strings.Split(s, "\n") {
		if is := strings.HasPrefix(line, " "); is != example {
			b.WriteString(map[bool]string{true: ".nf\n", false: ".fi\n"}[is])
			example = is
		}
		if strings.TrimSpace(line) == "" {
			b.WriteString(".PP\n")
			continue
		}
		b.WriteString(roff(line) + "\n")
	}
	if example {
		b.WriteString(".fi\n")
	}
}

// roff makes a text safe for a line of its own: backslashes and leading dots mean something there, hyphens of options must
// stay hyphens, and only ASCII means the same to every formatter.
func roff(s string) string {
	var b strings.Builder
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		b.WriteString(`\&`)
	}
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r > 126:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// runCompletion writes a completion script for a shell.
func runCompletion(_ context.Context, a *app) error {
	switch a.args[0] {
	case "bash":
		a.printf("%s", bashCompletion())
	case "zsh":
		a.printf("%s", a.zshCompletion())
	case "fish":
		a.printf("%s", a.fishCompletion())
	default:
		return a.usage(text.M("cli.err_shell", a.args[0]))
	}
	return nil
}
