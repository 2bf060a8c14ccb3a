package runbooks

import (
	"cmp"
	"regexp"
)

// hostName is what ssh takes for a machine: a name or an address, with a user where one is named.
var hostName = regexp.MustCompile(`^(?:[\pL\pN_][\pL\pN._-]*@)?[\pL\pN_\[:][\pL\pN._:%\[\]-]*$`)

// IsHost tells whether an attribute host names a machine, and is no option and nothing that still has to be filled in.
func IsHost(s string) bool { return hostName.MatchString(s) }

// inherit takes over what the runbook says for all its commands.
func (b *Block) inherit(m Meta) {
	if b.Kind == BlockCommand {
		b.Host = cmp.Or(b.Host, m.Host)
		b.Timeout = cmp.Or(b.Timeout, m.Timeout)
		b.Confirm = cmp.Or(b.Confirm, m.Confirm)
	}
}
