package config

import (
	"bytes"
	"unicode/utf8"

	"lage/internal/text"
)

// Limits on a file, held before the YAML library sees it: the library builds a tree several hundred times the size of
// hostile input, and takes time by the square of the keys of a mapping and of the lines of a text.
const (
	maxSize  = 1 << 20
	maxDepth = 64
	maxKeys  = 1000
	maxLines = 1000
)

// pos is a place in the file, from 1; columns count characters.
type pos struct{ line, col int }

var utf8BOM = []byte("\xef\xbb\xbf")

// screen looks at the raw bytes without allocating: size, encoding, control characters, depth and length. It returns the source
// without byte order mark, or what is wrong with it.
func screen(src []byte) (body []byte, at pos, why text.Message) {
	if len(src) > maxSize {
		return nil, pos{1, 1}, text.M("config.too_big", len(src)>>10, maxSize>>10)
	}
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		return nil, pos{1, 1}, text.M("config.utf16")
	}
	src = bytes.TrimPrefix(src, utf8BOM)
	if len(src) >= 2 && (src[0] == 0) != (src[1] == 0) {
		return nil, pos{1, 1}, text.M("config.utf16")
	}
	if at, why = screenCharacters(src); !why.IsZero() {
		return nil, at, why
	}
	s := bombScan{src: src, scalar: -1}
	if at, why = s.run(); !why.IsZero() {
		return nil, at, why
	}
	return src, pos{}, text.Message{}
}

// screenCharacters finds the first byte that YAML does not allow.
func screenCharacters(src []byte) (pos, text.Message) {
	at := pos{1, 1}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return at, text.M("config.utf8")
		case r == '\n' || r == '\r' && (i+1 == len(src) || src[i+1] != '\n'):
			at = pos{at.line + 1, 0}
		case r == 0:
			return at, text.M("config.nul")
		case r < ' ' && r != '\t' && r != '\r' || r == 0x7f:
			return at, text.M("config.control")
		}
		at.col++
		i += n
	}
	return at, text.Message{}
}

// bombScan measures how deep and how long a file's parts are, without building anything. It knows just enough YAML for
// that: quotes, comments, block scalars, flow brackets, dashes, indentation. Where it is wrong about depth, the exact
// look at the tokens follows.
type bombScan struct {
	src    []byte
	line   int
	quote  byte // open quote, or 0
	flow   int  // open brackets
	scalar int  // indentation of the line that opened a block scalar; -1 outside of one
	lines  int  // of the block scalar
	open   int  // open blocks
	cols   [maxDepth]int32
	keys   [maxDepth]int32
	start  bool // a value may begin here
}

func (s *bombScan) run() (pos, text.Message) {
	for off := 0; off < len(s.src); {
		s.line++
		n := bytes.IndexAny(s.src[off:], "\r\n")
		if n < 0 {
			n = len(s.src) - off
		}
		line := s.src[off : off+n]
		if col, why := s.scanLine(line); !why.IsZero() {
			return pos{s.line, utf8.RuneCount(line[:col]) + 1}, why
		}
		if off += n + 1; off < len(s.src) && s.src[off-1] == '\r' && s.src[off] == '\n' {
			off++
		}
	}
	return pos{}, text.Message{}
}

// scanLine reads one line; col is the byte at which it became too much.
func (s *bombScan) scanLine(line []byte) (col int, why text.Message) {
	indent := skipBlanks(line, 0)
	if indent == len(line) && s.scalar < 0 {
		return 0, text.Message{}
	}
	if s.scalar >= 0 {
		if indent > s.scalar || indent == len(line) {
			if s.lines++; s.lines > maxLines {
				return 0, text.M("config.too_many_lines", maxLines)
			}
			return 0, text.Message{}
		}
		s.scalar = -1
	}
	i, parent := indent, indent
	if s.quote == 0 && s.flow == 0 {
		s.start = true
		for {
			dash, question := indicator(line, i, '-'), indicator(line, i, '?')
			if why := s.block(i, dash); !why.IsZero() {
				return i, why
			}
			if !dash && !question {
				break
			}
			parent = i
			i = skipBlanks(line, i+1)
		}
		if i < len(line) && line[i] != '|' && line[i] != '>' {
			parent = i
		}
	}
	return s.scanValue(line, i, parent)
}

func skipBlanks(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

// indicator tells whether a dash or question mark that opens an entry stands at byte i.
func indicator(line []byte, i int, c byte) bool {
	return i < len(line) && line[i] == c && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t')
}

// block notes an entry that begins at a column: of the open block there, or of a new one.
func (s *bombScan) block(col int, dash bool) text.Message {
	for s.open > 0 && s.cols[s.open-1] > int32(col) {
		s.open--
	}
	if s.open == 0 || s.cols[s.open-1] < int32(col) {
		if s.open == maxDepth {
			return text.M("config.too_deep", maxDepth)
		}
		s.cols[s.open], s.keys[s.open] = int32(col), 0
		s.open++
	}
	if dash {
		return text.Message{}
	}
	if s.keys[s.open-1]++; s.keys[s.open-1] > maxKeys {
		return text.M("config.too_many_keys", maxKeys)
	}
	return text.Message{}
}

// scanValue reads from byte i to the end of the line: quotes, comments, brackets.
func (s *bombScan) scanValue(line []byte, i, parent int) (col int, why text.Message) {
	for ; i < len(line); i++ {
		c := line[i]
		switch {
		case s.quote == '"' && c == '\\':
			i++
		case s.quote != 0:
			if c == s.quote {
				s.quote, s.start = 0, false
			}
		case c == ' ' || c == '\t':
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return 0, text.Message{}
		case s.start && (c == '"' || c == '\''):
			s.quote = c
		case (c == '[' || c == '{') && (s.start || s.flow > 0):
			if s.flow++; s.flow+s.open > maxDepth {
				return i, text.M("config.too_deep", maxDepth)
			}
			s.start = true
		case (c == ']' || c == '}') && s.flow > 0:
			s.flow--
			s.start = false
		case c == ',' && s.flow > 0:
			s.start = true
		case c == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t' || s.flow > 0 && !s.start):
			s.start = true
		case s.start && s.flow == 0 && (c == '|' || c == '>'):
			s.scalar, s.lines = parent, 0
			return 0, text.Message{}
		case s.start && (c == '&' || c == '!'):
			for i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '\t' {
				i++
			}
		default:
			s.start = false
		}
	}
	return 0, text.Message{}
}
