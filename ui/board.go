package ui

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"lage/incidents"
	"lage/internal/clean"
)

var (
	keyFilter = bind("ui.key_filter", "ui.help_filter", "/")
	keySort   = bind("ui.key_sort", "ui.help_sort", "s")
)

// board shows all services (view 1): what is wrong is found by shape; rows keep their places, so that none jumps away
// under the hand.
type board struct {
	selected string // service ID
	top      int
	page     int  // rows in sight at the last drawing
	urgent   bool // sorted by urgency instead of by group
	small    bool // drawn for few rows, hence sorted by urgency
	names    int  // how wide the longest name is
	failing  bool // a check fails, whether that is an outage yet or not
	filter   string
	taking   bool // typing the filter

	rows   []boardRow // as sorted and filtered
	counts map[incidents.Standing]int
	closed int
	cache  map[string]cachedRow
	below  cachedLines // the selected service
	heads  cachedLines // the columns' names
}

// boardRow is a heading (service -1) or a service's place in the picture.
type boardRow struct {
	heading string
	service int
	id      string
}

func newBoard() *board { return &board{cache: map[string]cachedRow{}} }

func (b *board) Title(e *env) string { return e.t("ui.board") }

func (b *board) typing() bool { return b.taking }

func (b *board) incidentID(e *env) string {
	if in := e.incidentOf(b.selected); in != nil && b.selected != "" {
		return in.ID
	}
	return ""
}

func (b *board) Keys(e *env) []binding {
	if b.taking {
		return []binding{bind("ui.key_apply", "ui.help_apply", "enter"), bind("ui.key_clear", "ui.help_clear", "esc")}
	}
	some := len(b.rows) > 0
	return []binding{keyOpen.when(some), bind("ui.key_clear", "ui.help_clear", "esc").when(b.filter != ""), keyFilter, keyMove.when(some), keySort.when(some)}
}

// Hint counts the services by where they stand.
func (b *board) Hint(e *env) string {
	if b.taking || b.filter != "" {
		cursor := ""
		if b.taking {
			cursor = e.style.reverse.Render(" ")
		}
		return e.t("ui.filter", e.show(b.filter)) + cursor
	}
	parts := []string{e.t("ui.services", len(e.picture.Services))}
	for _, st := range []incidents.Standing{incidents.Down, incidents.Partial, incidents.Degraded, incidents.Flapping, incidents.Maintenance, incidents.Unknown, incidents.Up} {
		if n := b.counts[st]; n > 0 {
			count := strconv.Itoa(n)
			switch {
			case e.w < 100:
			case st == incidents.Up:
				count = e.t("ui.up_count", n)
			default:
				count += " " + e.word(st)
			}
			parts = append(parts, e.style.state(st)+" "+count)
		}
	}
	if b.closed > 0 && e.w >= 100 {
		parts = append(parts, e.style.dash+" "+e.t("ui.closed_count", b.closed))
	}
	return strings.Join(parts, "   ")
}

func (b *board) Update(e *env, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case changedMsg:
		b.arrange(e)
	case tea.PasteMsg:
		if b.taking {
			b.filter += clean.Line(m.Content)
			b.arrange(e)
		}
	case tea.KeyPressMsg:
		if b.taking {
			b.typed(e, m)
			return nil
		}
		return b.press(e, m)
	}
	return nil
}

func (b *board) press(e *env, k tea.KeyPressMsg) tea.Cmd {
	switch {
	case keyFilter.matches(k):
		b.taking = true
	case keySort.matches(k):
		b.urgent = !b.urgent
		b.arrange(e)
	case k.String() == "esc":
		b.filter = ""
		b.arrange(e)
	case keyOpen.matches(k):
		if s := e.service(b.selected); s != nil {
			if c := worstCheck(s); c != nil {
				return open("check", c.Check.ID)
			}
		}
	default:
		b.walk(k)
	}
	return nil
}

// typed takes a key of the filter's text.
func (b *board) typed(e *env, k tea.KeyPressMsg) {
	switch k.String() {
	case "enter":
		b.taking = false
	case "esc":
		b.taking, b.filter = false, ""
	case "backspace":
		if r := []rune(b.filter); len(r) > 0 {
			b.filter = string(r[:len(r)-1])
		}
	case "ctrl+u":
		b.filter = ""
	default:
		b.filter += k.Text
	}
	b.arrange(e)
}

// arrange sorts and filters the rows, and counts. It runs when something changed, not when something is drawn.
func (b *board) arrange(e *env) {
	svcs := e.picture.Services
	b.small = e.w < smallW || e.h < smallH
	b.counts, b.closed = map[incidents.Standing]int{}, 0
	order := make([]int, 0, len(svcs))
	want := strings.ToLower(b.filter)
	b.names, b.failing = 0, false
	for i := range svcs {
		b.names = max(b.names, cells(e.serviceTitle(svcs[i].Service.ID)))
		b.failing = b.failing || slices.ContainsFunc(svcs[i].Checks, func(c incidents.CheckPicture) bool { return c.State.Failing() })
		b.counts[svcs[i].Standing]++
		if !svcs[i].InHours {
			b.closed++
		}
		if want == "" || b.found(e, &svcs[i], want) {
			order = append(order, i)
		}
	}
	if b.byUrgency() {
		sort.SliceStable(order, func(x, y int) bool { return urgency(svcs[order[x]].Standing) < urgency(svcs[order[y]].Standing) })
	} else {
		sort.SliceStable(order, groupOrder(svcs, order))
	}
	b.rows = b.rows[:0]
	group := ""
	for _, i := range order {
		if g := svcs[i].Service.Group; g != group && !b.byUrgency() {
			group = g
			b.rows = append(b.rows, boardRow{heading: g, service: -1})
		}
		b.rows = append(b.rows, boardRow{service: i, id: svcs[i].Service.ID})
	}
	b.keep(e)
}

// byUrgency tells whether the rows are sorted by urgency: where the person wants it, or where few rows are in sight.
func (b *board) byUrgency() bool { return b.urgent || b.small }

// groupOrder keeps the groups together in the order of their first service, services without a group first.
func groupOrder(svcs []incidents.ServicePicture, order []int) func(x, y int) bool {
	first := map[string]int{"": -1}
	for i := range svcs {
		if _, ok := first[svcs[i].Service.Group]; !ok {
			first[svcs[i].Service.Group] = i
		}
	}
	return func(x, y int) bool {
		return first[svcs[order[x]].Service.Group] < first[svcs[order[y]].Service.Group]
	}
}

func (b *board) found(e *env, s *incidents.ServicePicture, want string) bool {
	lang := string(e.Options.Lang)
	for _, t := range []string{s.Service.ID, s.Service.Title(lang), s.Service.Group, e.word(s.Standing), string(s.Standing)} {
		if strings.Contains(strings.ToLower(t), want) {
			return true
		}
	}
	return false
}

// keep leaves the selection where it is, or puts it on the first service, the first one in trouble at the start.
func (b *board) keep(e *env) {
	best, bestAt := -1, 0
	for i, r := range b.rows {
		if r.service < 0 {
			continue
		}
		if r.id == b.selected {
			return
		}
		if u := urgency(e.picture.Services[r.service].Standing); best < 0 || u < best {
			best, bestAt = u, i
		}
	}
	b.selected = ""
	if best >= 0 {
		b.selected = b.rows[bestAt].id
	}
}

// walk moves the selection over the services; headings are not stopped at.
func (b *board) walk(k tea.KeyPressMsg) {
	var ids []string
	at := 0
	for _, r := range b.rows {
		if r.service < 0 {
			continue
		}
		if r.id == b.selected {
			at = len(ids)
		}
		ids = append(ids, r.id)
	}
	if to, ok := move(k, at, len(ids), b.page); ok && len(ids) > 0 {
		b.selected = ids[to]
	}
}

// urgency orders standings: what needs somebody first.
func urgency(st incidents.Standing) int {
	switch st {
	case incidents.Down:
		return 0
	case incidents.Partial:
		return 1
	case incidents.Degraded, incidents.Flapping:
		return 2
	case incidents.Unknown:
		return 3
	case incidents.Maintenance:
		return 4
	}
	return 5
}

// worstCheck is the check to look at first; nil where a service has none.
func worstCheck(s *incidents.ServicePicture) *incidents.CheckPicture {
	var worst *incidents.CheckPicture
	for i := range s.Checks {
		c := &s.Checks[i]
		if worst == nil || checkUrgency(c) < checkUrgency(worst) {
			worst = c
		}
	}
	return worst
}

func checkUrgency(c *incidents.CheckPicture) int {
	u := 2 * urgency(checkStanding(c.State.Status))
	if c.State.Failing() {
		return min(u, 3)
	}
	return u
}
