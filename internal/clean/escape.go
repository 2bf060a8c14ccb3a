package clean

import "strings"

const (
	esc = 0x1b
	bel = 0x07
	st  = 0x9c // string terminator, C1 form
)

// sequence gives the length of the escape sequence that s begins with, 0 if none. r is the first rune of s, n its length.
func sequence(s string, r rune, n int) int {
	switch r {
	case esc:
		return escaped(s)
	case 0x9b:
		return n + csi(s[n:])
	case 0x9d, 0x90, 0x98, 0x9e, 0x9f: // OSC, DCS, SOS, PM, APC
		return n + stringEnd(s[n:])
	}
	return 0
}

// escaped measures what begins with ESC.
func escaped(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '[':
		return 2 + csi(s[2:])
	case ']', 'P', 'X', '^', '_':
		return 2 + stringEnd(s[2:])
	}
	i := 1 + span(s[1:], 0x20, 0x2f) // intermediate bytes: "ESC ( B"
	if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
		return i + 1
	}
	return 0
}

// csi measures parameters, intermediate bytes and the final byte. Where the final byte is missing, the rest is text.
func csi(s string) int {
	i := span(s, 0x30, 0x3f)
	i += span(s[i:], 0x20, 0x2f)
	if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
		i++
	}
	return i
}

// stringEnd measures a control string with its terminator. A line's end ends it too, so that a string that somebody
// forgot, or wanted, to leave open does not swallow what follows.
func stringEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\n':
			return i
		case bel:
			return i + 1
		case esc:
			if strings.HasPrefix(s[i:], "\x1b\\") {
				return i + 2
			}
			return i // the next sequence begins
		case 0xc2:
			if i+1 < len(s) && s[i+1] == st {
				return i + 2
			}
		}
	}
	return len(s)
}

// span counts the leading bytes of s between lo and hi.
func span(s string, lo, hi byte) int {
	i := 0
	for i < len(s) && s[i] >= lo && s[i] <= hi {
		i++
	}
	return i
}
