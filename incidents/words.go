package incidents

import (
	"slices"

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
	return clean.Line(e.Message.In(l))
}

// Name says who acted. An erased name reads as "[gelöscht]".
func (e Entry) Name(l text.Lang) string {
	if e.HasErased("who") {
		return text.T(l, "report.erased")
	}
	return clean.Line(e.Who.Name)
}
