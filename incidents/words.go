package incidents

import (
	"slices"
	"strings"

	"lage/internal/clean"
	"lage/internal/text"
)

// HasErased tells whether a part of the entry ("who", "text" or "output") has been erased.
func (e Entry) HasErased(part string) bool { return slices.Contains(e.Erased, part) }

// Words says on one line what happened, in the reader's language. Screens, command line and reports share it. An erased
// text reads as "[gelöscht]".
func (e Entry) Words(l text.Lang) string {
	if e.HasErased("text") {
		return text.T(l, "report.erased")
	}
	words := clean.Line(e.Message.In(l))
	if m := MaskedWords(e.Masked, l); m != "" {
		words += " (" + m + ")"
	}
	return words
}

// MaskedWords says what was masked: "masked: 3 × [IP], 1 × [email]". Empty where nothing was.
func MaskedWords(list []clean.Masked, l text.Lang) string {
	if len(list) == 0 {
		return ""
	}
	words := make([]string, len(list))
	for i, m := range list {
		words[i] = text.T(l, "privacy.masked_one", m.N, m.Mark)
	}
	return text.T(l, "privacy.masked", strings.Join(words, ", "))
}

// Name says who acted. An erased name reads as "[gelöscht]".
func (e Entry) Name(l text.Lang) string {
	if e.HasErased("who") {
		return text.T(l, "report.erased")
	}
	return clean.Line(e.Who.Name)
}
