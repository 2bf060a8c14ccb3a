package runbooks

import (
	"regexp"
	"strings"
)

// elements are the tags of HTML, so that <pod-name> can be told from <details>.
var elements = set(`a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center
cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form frame
frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav
noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select slot
small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul
var video wbr`)

// layout are elements whose tags say nothing to a reader of plain text.
var layout = set("details summary div p center span section article aside main header footer figure br hr")

// alone are elements that stand without a closing tag and without attributes.
var alone = set("br hr wbr p li dt dd tr td th tbody thead tfoot option colgroup img summary details div span table ul ol")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func knownElement(name string) bool { return elements[strings.ToLower(name)] }

// tagName gives the name in "<name ...>" or "</name>".
func tagName(tag string) string {
	t := strings.TrimLeft(tag, "</")
	if i := strings.IndexAny(t, " \t/>\n"); i >= 0 {
		t = t[:i]
	}
	return t
}

// closers knows which tags a document closes somewhere.
type closers map[string]bool

var closingTag = regexp.MustCompile(`</([A-Za-z][\w:-]*)`)

func closersOf(text string) closers {
	c := closers{}
	if !strings.Contains(text, "</") {
		return c
	}
	for _, m := range closingTag.FindAllStringSubmatch(text, -1) {
		c[strings.ToLower(m[1])] = true
	}
	return c
}

// isTag tells a tag from a placeholder: <address> is a tag only where it is closed somewhere, or has attributes.
func (c closers) isTag(tag string) bool {
	name := strings.ToLower(tagName(tag))
	switch {
	case strings.HasPrefix(tag, "<!") || strings.HasPrefix(tag, "<?"):
		return true
	case strings.Contains(name, ":") || strings.Contains(name, "@"): // an address
		return false
	case !elements[name]: // <Tabs> of a site generator is a tag, <Namespace> is not
		return c[name] && tag != strings.ToLower(tag)
	case strings.HasPrefix(tag, "</") || strings.HasSuffix(tag, "/>") || strings.Contains(tag, "=") || alone[name]:
		return true
	}
	return c[name]
}
