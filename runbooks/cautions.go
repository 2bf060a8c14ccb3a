package runbooks

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var warnStart = regexp.MustCompile(`^(?:[\s⚠🚨☠❗🛑️]*\[!(?:WARNING|CAUTION|DANGER)\]|[⚠🚨☠🛑]|[\s❗]*(?i:warning|caution|danger|attention|achtung|warnung|vorsicht|gefahr)(?:/\w+)?\s*[:!])`)

// warns tells whether a text is a warning.
func warns(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && (s[0] >= 0x80 || strings.ContainsAny(s, ":!")) && warnStart.MatchString(s)
}

// warning gives the text of a paragraph or quote that is a warning.
func (b *builder) warning(n ast.Node) string {
	var first ast.Node
	switch n := n.(type) {
	case *ast.Paragraph:
		first = n
	case *ast.Blockquote:
		if first = n.FirstChild(); first == nil || first.Kind() != ast.KindParagraph {
			return ""
		}
	default:
		return ""
	}
	if !warns(b.plain(first)) {
		return ""
	}
	var texts []string
	if n.Kind() == ast.KindParagraph {
		texts = []string{b.plain(n)}
	} else {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindParagraph {
				texts = append(texts, b.plain(c))
			}
		}
	}
	text := alertMark.ReplaceAllString(strings.Join(texts, " "), "")
	return strings.TrimSpace(text)
}

var alertMark = regexp.MustCompile(`^\[![A-Z]+\]\s*`)
