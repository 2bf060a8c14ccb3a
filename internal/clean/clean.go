// Package clean is the one place where foreign text (HTTP bodies, command output, certificate fields, Markdown, what people
// paste) becomes safe to show and to store.
package clean

// Text makes s safe to show on several lines. Complete escape sequences (CSI, OSC, DCS, APC, PM, SOS, C1 forms too) are
// taken out, unterminated ones to the end of their line at most; CRLF becomes LF; tabs become spaces up to the next
// multiple of 8; invalid UTF-8 becomes U+FFFD; every other control, bidirectional, zero-width or unassigned-format character
// is shown as \x07 or U+202E; more than 4 combining marks on one character are dropped. Text is idempotent.
func Text(s string) string { panic("proc helper writes this") }

// Line is Text on one line: line ends become a space, runs of white space one space, ends trimmed.
func Line(s string) string { panic("proc helper writes this") }

// Output is Text for captured terminal output: what a carriage return overwrote (progress bars) is dropped.
func Output(b []byte) string { panic("proc helper writes this") }

// Cut shortens s to at most n bytes at a rune border, and says whether it did.
func Cut(s string, n int) (string, bool) { panic("proc helper writes this") }

// Redactor takes known secrets out of text by their value: as they are, base64, URL-, JSON- and shell-escaped, and each
// line of at least six characters of a secret of several lines. Its zero value changes nothing.
type Redactor struct{ pairs []string }

// NewRedactor makes a redactor; secrets shorter than four characters are ignored, they would hit everything.
func NewRedactor(secrets ...string) *Redactor { panic("proc helper writes this") }

// Redact replaces every secret by "[***]". A nil Redactor is fine.
func (r *Redactor) Redact(s string) string { panic("proc helper writes this") }
