package runbooks

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// A walk goes on with the revision that it began with. What a runbook takes from other files, the steps that it includes
// and the words of its folder, therefore stands behind its own text in Source, and Revision covers it.

// WordsFile is the file in a folder of runbooks with words that hold for all of them.
const WordsFile = "words.yaml"

// Limits on what one runbook includes.
const (
	maxIncluded = 20 // files
	maxWithin   = 6  // includes inside of includes
)

const withLine = "<!-- lage:with -->"

var (
	fileLine    = regexp.MustCompile(`^<!-- lage:file (\S+) -->$`)
	includeLine = regexp.MustCompile(`<!--\s*include\s+["']?([^\s"'>]+)["']?\s*-->`)
)

// Text is the runbook's own text, without what it takes from other files.
func (r *Runbook) Text() string {
	own, _ := splitWith(r.Source)
	return own
}

// splitWith parts a runbook's own text from the files behind it, by their names.
func splitWith(text string) (own string, with map[string]string) {
	own, rest, ok := strings.Cut(text, "\n"+withLine+"\n")
	if !ok {
		return text, nil
	}
	with = map[string]string{}
	name, from := "", 0
	for pos := 0; pos < len(rest); {
		end := strings.IndexByte(rest[pos:], '\n')
		if end < 0 {
			end = len(rest) - pos - 1
		}
		if m := fileLine.FindStringSubmatch(strings.TrimSuffix(rest[pos:pos+end+1], "\n")); m != nil {
			if name != "" {
				with[name] = rest[from:pos]
			}
			name, from = m[1], pos+end+1
		}
		pos += end + 1
	}
	if name != "" {
		with[name] = rest[from:]
	}
	return own, with
}

// complete puts behind a runbook's text what it takes from other files. read gives a file of the folder by its name with
// slashes; nothing else is asked for.
func complete(read func(name string) ([]byte, error), name string, src []byte) []byte {
	var b strings.Builder
	seen := map[string]bool{}
	add := func(file string) []byte {
		if seen[file] || len(seen) >= maxIncluded || strings.ContainsAny(file, " \t\n") {
			return nil
		}
		seen[file] = true
		text, err := read(file)
		if err != nil || b.Len()+len(text) > maxBytes {
			return nil
		}
		clean, _ := cleanSource(text)
		b.WriteString("<!-- lage:file " + file + " -->\n" + strings.TrimSuffix(clean, "\n") + "\n")
		return text
	}
	add(WordsFile)
	type job struct {
		dir  string
		text []byte
	}
	jobs := []job{{path.Dir(name), src}}
	for len(jobs) > 0 {
		j := jobs[0]
		jobs = jobs[1:]
		for _, m := range includeLine.FindAllSubmatch(j.text, -1) {
			file, _, _ := strings.Cut(string(m[1]), "#")
			if full, ok := inFolder(j.dir, file); ok {
				if text := add(full); text != nil {
					jobs = append(jobs, job{path.Dir(full), text})
				}
			}
		}
	}
	if b.Len() == 0 {
		return src
	}
	return []byte(strings.TrimRight(string(src), "\n") + "\n" + withLine + "\n" + b.String())
}

// inFolder resolves a link from a folder of the library; ok is false for what is no Markdown file of the library.
func inFolder(dir, file string) (name string, ok bool) {
	if file == "" || strings.Contains(file, ":") || strings.HasPrefix(file, "/") || !isMarkdown(file) {
		return "", false
	}
	name = path.Join(dir, file)
	return name, filepath.IsLocal(name)
}

// ParseFile is Parse for a file on disk: what it takes from other files is looked for in its folder and below.
func ParseFile(file string, src []byte) *Runbook {
	base := filepath.Base(file)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if root, err := os.OpenRoot(filepath.Dir(file)); err == nil {
		defer root.Close()
		src = complete(root.ReadFile, name, src)
	}
	return Parse(name, file, src)
}

// include takes over the steps that a directive names, with the blocks beside them.
func (b *builder) include(s *Step, d Directive) {
	file, anchor, _ := strings.Cut(s.Include, "#")
	name, ok := inFolder(path.Dir(b.book.Name), file)
	if !ok {
		b.source.warn(d.Line, "runbooks.include_outside", s.Include)
		return
	}
	text, ok := b.with[name]
	here := name + "#" + anchor
	switch {
	case !ok:
		b.source.warn(d.Line, "runbooks.include_missing", s.Include)
		return
	case has(b.within, here) || len(b.within) >= maxWithin:
		b.source.warn(d.Line, "runbooks.include_cycle", s.Include)
		return
	}
	sub := newBuilder(&Runbook{Name: strings.TrimSuffix(name, path.Ext(name)), Meta: Meta{DangerWords: b.book.Meta.DangerWords}}, text, b.with)
	sub.within, sub.words = append(slices.Clone(b.within), here), b.words
	sub.read()
	for _, w := range sub.source.warnings {
		if strings.HasPrefix(w.Code, "runbooks.include_") {
			b.source.warn(d.Line, w.Code, w.Args...)
		}
	}
	found := b.takeOver(s, sub.book.Sections, anchor, d.Line)
	if !found {
		b.source.warn(d.Line, "runbooks.include_missing", s.Include)
	}
}

// takeOver appends the steps of sections to a step: of all of them, or of the one with the anchor and those below it.
func (b *builder) takeOver(s *Step, sections []Section, anchor string, line int) (found bool) {
	level := 0
	for _, sec := range sections {
		switch {
		case anchor == "":
		case !found && sec.Anchor != anchor:
			continue
		case found && sec.Level <= level:
			return true
		case !found:
			level = sec.Level
		}
		found = true
		for _, block := range sec.Commands {
			block.Line = line
			s.Commands = append(s.Commands, block)
		}
		walkSteps(sec.Steps, func(x *Step) {
			x.Line = line
			for i := range x.Commands {
				x.Commands[i].Line = line
			}
		})
		s.Steps = append(s.Steps, sec.Steps...)
	}
	return found
}

// folderWords are what a folder of runbooks adds to the dictionaries.
type folderWords struct {
	sections map[string]SectionKind // by title in lower case
	danger   []string
}

// wordsOf reads a WordsFile. An error leaves everything as it is without one.
func wordsOf(text string) (w folderWords, err error) {
	if text == "" {
		return w, nil
	}
	var v struct {
		Sections map[SectionKind][]string `yaml:"sections"`
		Danger   []string                 `yaml:"danger_words"`
	}
	if _, err := decodeYAML(text); err != nil { // it has the limits
		return w, err
	}
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return w, err
	}
	w.danger, w.sections = v.Danger, map[string]SectionKind{}
	for kind, titles := range v.Sections {
		for _, t := range titles {
			w.sections[bareTitle(t)] = kind
		}
	}
	return w, nil
}
