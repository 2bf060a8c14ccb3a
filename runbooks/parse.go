package runbooks

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Parse reads one Markdown file. It never fails: what it cannot make sense of is text to read, with a warning. No code
// block is lost, whatever else is wrong with the file. src may be the Source of a Runbook that was read before.
func Parse(name, path string, src []byte) *Runbook {
	text, cut := cleanSource(src)
	sum := sha256.Sum256([]byte(text))
	book := &Runbook{Name: name, Path: path, Source: text, Revision: hex.EncodeToString(sum[:])}
	own, with := splitWith(text)
	b := newBuilder(book, own, with)
	if cut {
		b.source.warn(1, "runbooks.too_long")
	}
	if words, err := wordsOf(with[WordsFile]); err == nil {
		b.words = words
		book.Meta.DangerWords = append(book.Meta.DangerWords, words.danger...)
	}
	b.read()
	b.natural()
	b.identify()
	b.jumps()
	book.Warnings = b.source.warnings
	return book
}

// newBuilder makes a text ready to be read into a book; with are the files that it may include.
func newBuilder(book *Runbook, own string, with map[string]string) *builder {
	s, values := prepare(own)
	danger := book.Meta.DangerWords
	book.Meta = metaOf(values)
	book.Meta.DangerWords = append(book.Meta.DangerWords, danger...)
	return &builder{book: book, source: s, document: parseMarkdown(s.text), front: str(values["title"]), with: with, blocks: map[ast.Node]*Block{}, used: map[ast.Node]bool{}, ids: map[string]int{}}
}

// read makes sections and steps. IDs are given later.
func (b *builder) read() {
	b.readDirectives()
	b.readBlocks()
	b.readSections()
	b.title(b.front)
	b.kinds()
	b.readSteps()
	b.keepBlocks()
	b.direct()
	b.expect()
	b.warnings()
	b.fallback()
}

// prepare makes a cleaned file ready for the Markdown parser, and gives the values of its front matter.
func prepare(text string) (s *source, front map[string]any) {
	s = &source{}
	lines, front, warning := frontMatter(splitLines(text, 1))
	if warning != "" {
		s.warn(1, warning)
	}
	s.join(plainMarkdown(mendFences(s, boxes(lines)), str(front["title"])))
	return s, front
}

// builder makes a Runbook of a parsed document.
type builder struct {
	book   *Runbook
	source *source
	*document
	directives []Directive
	parts      []part
	blocks     map[ast.Node]*Block // every code block of the tree
	order      []ast.Node          // the keys of blocks in document order
	used       map[ast.Node]bool   // blocks that have found their place
	ids        map[string]int
	front      string            // title of the front matter
	with       map[string]string // texts of the files that may be included
	within     []string          // what is being included
	words      folderWords
}

// part is a heading with what stands below it, before it becomes a Section.
type part struct {
	Section
	heading  *ast.Heading
	nodes    []ast.Node
	path     []string // titles of the headings above and its own
	number   string   // "2.3" of a numbered heading
	counted  bool     // the heading says "Step 2" or is one of a series of numbered headings that are steps
	short    string   // the title without its number
	named    bool     // a dictionary knows the title
	children bool     // headings below it
	asStep   bool     // a directive makes the heading a step
	intro    bool     // text below the document's title, before the first real section
}

// lineOf gives the file's line in which a node starts.
func (b *builder) lineOf(n ast.Node) int {
	p := position(n)
	if p < 0 {
		return 1
	}
	return b.source.lineAt(p)
}

// readBlocks reads every code block of the tree, in document order.
func (b *builder) readBlocks() {
	r := &blockReader{shell: newShell(), set: map[string]bool{}, declared: map[string]bool{}, meta: b.book.Meta, warn: b.source.warn}
	for _, v := range b.book.Meta.Vars {
		r.declared[v.Name] = true
	}
	err := ast.Walk(b.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		c, ok := b.code(n)
		if !ok {
			return ast.WalkContinue, nil
		}
		block := r.read(c)
		if block.Kind == BlockSuspect {
			b.source.warn(block.Line, "runbooks.suspect")
		}
		b.blocks[n] = &block
		b.order = append(b.order, n)
		return ast.WalkSkipChildren, nil
	})
	if err != nil { // the walker above returns none
		return
	}
}

// code reads a node that is a code block.
func (b *builder) code(n ast.Node) (code, bool) {
	c := code{no: b.lineOf(n)}
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		if n.Info != nil {
			c.info = string(n.Info.Segment.Value(b.src))
		}
	case *ast.CodeBlock:
		c.indented = true
	default:
		return c, false
	}
	c.text = mdWriter{b.document}.raw(n)
	c.lead = b.lead(n)
	return c, true
}

// lead is the last sentence before a code block.
func (b *builder) lead(n ast.Node) string {
	for p := n.PreviousSibling(); p != nil; p = p.PreviousSibling() {
		switch p.(type) {
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			return ""
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
			return lastSentence(b.plain(p))
		case *ast.List:
			if last := p.LastChild(); last != nil && last.LastChild() != nil {
				return lastSentence(b.plain(last.LastChild()))
			}
		}
	}
	return ""
}

// title settles the document's title: front matter, first heading of level one, or the file's name.
func (b *builder) title(front string) {
	b.book.Title = front
	for _, p := range b.parts {
		if b.book.Title == "" && p.Level == 1 {
			b.book.Title = p.Title
		}
	}
	if b.book.Title == "" {
		b.book.Title = b.book.Name
	}
	if b.book.Title == "" {
		b.book.Title = strings.TrimSuffix(b.book.Path[strings.LastIndexByte(b.book.Path, '/')+1:], ".md")
	}
	b.book.Title, _ = cutTitle(b.book.Title)
}

// keepBlocks gives every block that found no place to the section in which it stands.
func (b *builder) keepBlocks() {
	for _, n := range b.order {
		if b.used[n] {
			continue
		}
		block := b.blocks[n]
		at := 0
		for i := range b.book.Sections {
			if b.book.Sections[i].Line <= block.Line {
				at = i
			}
		}
		if len(b.book.Sections) == 0 {
			b.book.Sections = []Section{{Kind: Procedure, Line: 1}}
		}
		b.book.Sections[at].Commands = append(b.book.Sections[at].Commands, *block)
		b.used[n] = true
	}
}

// take gives the blocks under a node, in order, each once.
func (b *builder) take(n ast.Node) (out []Block) {
	if len(b.order) > 0 {
		b.takeInto(&out, n)
	}
	return out
}

func (b *builder) takeInto(out *[]Block, n ast.Node) {
	switch n.Kind() {
	case ast.KindFencedCodeBlock, ast.KindCodeBlock:
		if block, ok := b.blocks[n]; ok && !b.used[n] {
			b.used[n] = true
			*out = append(*out, *block)
		}
	case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
	default:
		for c := n.FirstChild(); c != nil && n.Type() != ast.TypeInline; c = c.NextSibling() {
			b.takeInto(out, c)
		}
	}
}
