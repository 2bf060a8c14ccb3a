package runbooks

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Remark is what somebody noted about a step while walking.
type Remark struct {
	Step string // the step's ID in the runbook
	Text string // as it is to stand in the runbook, without markup; may have several lines
	At   time.Time
}

// Suggestion is a remark with its place in the file.
type Suggestion struct {
	Remark
	Line int // the line behind which it stands, from 1
}

// Suggested is a proposed change of a runbook's file.
type Suggested struct {
	Placed   []Suggestion
	Unplaced []Remark // the step is not in the runbook any more, or the file could not take the remark
	Patch    string   // unified diff against the file; empty when nothing is placed
}

// Suggest proposes to take remarks into a runbook: each becomes a quotation under its step. raw is the file that b was
// read from, path what the diff calls it, relative and with slashes. What stands in the file already is left out. The
// proposal never changes what is walked: a remark that would is not placed.
func Suggest(b *Runbook, raw []byte, path string, remarks []Remark) Suggested {
	f := newPatched(raw)
	own := b.Text()
	with := b.Source[len(own):] // what it takes from other files
	same := strings.Count(strings.TrimRight(own, "\n"), "\n") == strings.Count(strings.TrimRight(string(raw), "\r\n"), "\n")
	var out Suggested
	before := shape(b)
	for _, r := range remarks {
		if f.holds(r.Text) {
			continue
		}
		step := b.Step(r.Step)
		if step == nil || !same {
			out.Unplaced = append(out.Unplaced, r)
			continue
		}
		after, indent := b.endOf(step)
		old := f.added[after]
		f.add(after, indent, r.Text)
		if now := Parse(b.Name, b.Path, []byte(strings.TrimRight(f.text(), "\r\n")+"\n"+strings.TrimPrefix(with, "\n"))); !slices.Equal(shape(now), before) {
			f.added[after] = old
			out.Unplaced = append(out.Unplaced, r)
			continue
		}
		out.Placed = append(out.Placed, Suggestion{r, after})
	}
	out.Patch = f.diff(path)
	return out
}

// shape is what a walk goes through: steps and code blocks.
func shape(b *Runbook) (out []string) {
	b.All(func(_ int, s *Step) { out = append(out, s.ID+"\x00"+string(s.Kind)) })
	b.blocksOf(func(blocks []Block) {
		for _, x := range blocks {
			out = append(out, string(x.Kind)+"\x00"+string(x.Risk)+"\x00"+x.Text)
		}
	})
	return out
}

// endOf finds the last line of a step's own text, and the columns by which a line has to be indented to belong to it.
func (r *Runbook) endOf(s *Step) (line, indent int) {
	lines := strings.Split(r.Text(), "\n")
	included := func(no int) bool { return no > 0 && no <= len(lines) && includeLine.MatchString(lines[no-1]) }
	for _, f := range Flat(r) {
		if f.Step == s && f.Parent != nil && included(s.Line) { // it stands in another file: its place is where that is taken in
			return r.endOf(f.Parent)
		}
	}
	next := len(lines) + 1
	follows := func(no int) {
		if no > s.Line && no < next && !included(no) {
			next = no
		}
	}
	for _, sec := range r.Sections {
		follows(sec.Line)
	}
	r.All(func(_ int, other *Step) { follows(other.Line) })
	if s.Line < 1 || s.Line > len(lines) {
		return len(lines), 0
	}
	col, n := indentOf(lines[s.Line-1])
	if cols := markerColumns(lines[s.Line-1][n:], col); len(cols) > 0 {
		indent = cols[len(cols)-1]
	}
	last, fence := s.Line, ""
	for no := s.Line + 1; no < next; no++ {
		text := strings.TrimSpace(lines[no-1])
		column, _ := indentOf(lines[no-1])
		switch {
		case text == "":
			continue
		case fence != "":
			if strings.HasPrefix(text, fence) && strings.Trim(text, fence[:1]) == "" {
				fence = ""
			}
		case indent > 0 && column < indent && strings.TrimSpace(lines[no-2]) == "":
			return last, indent // the list is over, or broken: what follows is glued to the item by its reader
		case strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~"):
			fence = text[:3]
		}
		last = no
	}
	return last, indent
}

// patched is a file with lines to add.
type patched struct {
	lines []string // each without its line end; the last is empty when the file ends with one
	added map[int][]string
}

func newPatched(raw []byte) *patched {
	return &patched{lines: strings.Split(string(raw), "\n"), added: map[int][]string{}}
}

var oneSpace = strings.NewReplacer("\r", " ", "\n", " ", "> ", " ")

// holds tells whether the file says the same already.
func (f *patched) holds(text string) bool {
	flat := func(s string) string { return strings.Join(strings.Fields(oneSpace.Replace(s)), " ") }
	return strings.Contains(flat(strings.Join(f.lines, "\n")), flat(quotable.Replace(text))) || strings.Contains(flat(f.text()), flat(quotable.Replace(text)))
}

// quotable keeps a remark from becoming a comment, which would hide what follows, or a fence.
var quotable = strings.NewReplacer("<!--", `<\!--`, "-->", `--\>`, "```", "'''", "~~~", "---")

// add puts a quotation behind a line.
func (f *patched) add(after, indent int, text string) {
	end := ""
	if strings.HasSuffix(f.lines[min(after, len(f.lines))-1], "\r") {
		end = "\r"
	}
	pad := strings.Repeat(" ", indent)
	f.added[after] = append(slices.Clone(f.added[after]), end)
	for _, l := range strings.Split(quotable.Replace(text), "\n") {
		f.added[after] = append(f.added[after], strings.TrimRight(pad+"> "+strings.TrimSpace(l), " ")+end)
	}
}

// text is the file with its additions.
func (f *patched) text() string {
	var out []string
	for i, l := range f.lines {
		out = append(out, l)
		out = append(out, f.added[i+1]...)
	}
	return strings.Join(out, "\n")
}

const around = 3 // lines of context in a diff

// diff writes the additions as a unified diff.
func (f *patched) diff(path string) string {
	var at []int
	for line, add := range f.added {
		if len(add) > 0 {
			at = append(at, line)
		}
	}
	if len(at) == 0 {
		return ""
	}
	sort.Ints(at)
	total := len(f.lines)
	if total > 0 && f.lines[total-1] == "" {
		total-- // the file ends with a line end
	}
	name := path
	if strings.ContainsAny(path, " \t") {
		name += "\t" // so that the name's end is known
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", name, name)
	shift := 0
	for i := 0; i < len(at); {
		j := i
		for j+1 < len(at) && at[j+1]-at[j] <= 2*around {
			j++
		}
		shift += f.hunk(&b, at[i:j+1], total, shift)
		i = j + 1
	}
	return b.String()
}

// hunk writes the additions behind some lines that lie close together, and gives how many lines it adds.
func (f *patched) hunk(b *strings.Builder, at []int, total, shift int) int {
	from, to := max(1, at[0]-around+1), min(total, at[len(at)-1]+around)
	bare := f.lines[len(f.lines)-1] != "" // the last line has no line end
	added := 0
	for _, line := range at {
		added += len(f.added[line])
	}
	size := to - from + 1
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", from, size, from+shift, size+added)
	for no := from; no <= to; no++ {
		last := bare && no == total
		more := len(f.added[no]) > 0
		switch {
		case last && more: // the line gets an end
			fmt.Fprintf(b, "-%s\n\\ No newline at end of file\n+%s\n", f.lines[no-1], f.lines[no-1])
		case last:
			fmt.Fprintf(b, " %s\n\\ No newline at end of file\n", f.lines[no-1])
		default:
			fmt.Fprintf(b, " %s\n", f.lines[no-1])
		}
		for i, l := range f.added[no] {
			fmt.Fprintf(b, "+%s\n", l)
			if last && i+1 == len(f.added[no]) {
				b.WriteString("\\ No newline at end of file\n")
			}
		}
	}
	return added
}
