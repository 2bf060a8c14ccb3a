package cli

import (
	"maps"
	"slices"
	"strings"

	"lage/runbooks"
)

// remote makes the script that runs a command on another machine. Its text goes over standard input, so that it stands in
// no argument list and no login shell there reads it; names and values reach it as the local ones do. Nothing asks for a
// password: there is no terminal. What the command itself reads is empty, as here, and not the rest of its own text.
func remote(block runbooks.Block, env map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(env)) {
		b.WriteString("export " + k + "=" + quoteShell(env[k]) + "\n")
	}
	if rest, home := strings.CutPrefix(block.Cwd+"/", "~/"); home {
		b.WriteString("cd -- ~/" + quoteShell(rest) + " || exit\n")
	} else if block.Cwd != "" {
		b.WriteString("cd -- " + quoteShell(block.Cwd) + " || exit\n")
	}
	b.WriteString("eval " + quoteShell(block.Text) + " </dev/null")
	return "exec ssh -o BatchMode=yes -- " + quoteShell(block.Host) + " bash -o pipefail -s <<< " + quoteShell(b.String())
}

// quoteShell makes one word of any text.
func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
