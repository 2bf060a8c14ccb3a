package cli

import (
	"fmt"
	"strings"

	"lage/runbooks"
)

// remote makes the script that runs a command on another machine. Its text goes over standard input, so that it stands in
// no argument list and no login shell there reads it; names and values reach it as the local ones do: they are written into
// it only when it runs, and stand in no file. Nothing asks for a password: there is no terminal. What the command itself
// reads is empty, as here, and not the rest of its own text.
func remote(block runbooks.Block, names []string) string {
	var b strings.Builder
	if rest, home := strings.CutPrefix(block.Cwd+"/", "~/"); home {
		b.WriteString("cd -- ~/" + quoteShell(rest) + " || exit\n")
	} else if block.Cwd != "" {
		b.WriteString("cd -- " + quoteShell(block.Cwd) + " || exit\n")
	}
	b.WriteString("eval " + quoteShell(block.Text) + " </dev/null")
	shell := "bash -o pipefail -s"
	if block.User != "" {
		shell = "sudo -n -u " + quoteShell(block.User) + " -- " + shell
	}
	values := exports(names)
	return "exec ssh -o BatchMode=yes -- " + quoteShell(block.Host) + " " + shell + ` <<< "` + values + `"` + quoteShell(b.String())
}

// remoteSession makes the script that opens a session on another machine, on a terminal there. Its text has to be an
// argument of ssh, so that no secret may be among the values.
func remoteSession(block runbooks.Block, names []string) string {
	shell := "bash -c "
	if block.User != "" {
		shell = "sudo -u " + quoteShell(block.User) + " -- " + shell
	}
	return "__lage_text=\"" + exports(names) + "\"" + quoteShell(block.Text) + "\nexec ssh -t -- " + quoteShell(block.Host) + " " + quoteShell(shell) + "\"${__lage_text@Q}\""
}

// exports is a substitution that writes the variables as a shell reads them, as they are when it runs.
func exports(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("$(for __lage_v in %s; do printf 'export %%s=%%q;' \"$__lage_v\" \"${!__lage_v}\"; done)", strings.Join(names, " "))
}

// asUser makes the script that runs a command as another user of this machine. Nothing asks for a password: what needs one
// runs in the terminal. Variables reach it by name.
func asUser(block runbooks.Block, names []string) string {
	keep := ""
	if len(names) > 0 {
		keep = " --preserve-env=" + strings.Join(names, ",")
	}
	how := " -n"
	if block.Kind == runbooks.BlockSession {
		how = ""
	}
	return "exec sudo" + how + keep + " -u " + quoteShell(block.User) + " -- bash -o pipefail -c " + quoteShell(block.Text)
}

// quoteShell makes one word of any text.
func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
