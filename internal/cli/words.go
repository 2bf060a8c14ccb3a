package cli

import (
	"errors"
	"strings"
)

// errQuote says that a quotation mark is not closed.
var errQuote = errors.New("quote is not closed")

// splitWords splits a command line into words as a POSIX shell does with quotes and backslashes, and does nothing else of
// what a shell does: no variables, no patterns, no operators. A semicolon or a dollar sign is a letter like any other.
func splitWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
			continue
		case c == '\'' || c == '"':
			n, err := quoted(s[i:], &word)
			if err != nil {
				return nil, err
			}
			i += n - 1
		case c == '\\':
			if i++; i == len(s) {
				return nil, errQuote
			}
			if s[i] == '\n' { // the line goes on
				continue
			}
			word.WriteByte(s[i])
		default:
			word.WriteByte(c)
		}
		inWord = true
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// quoted reads the quoted part at the beginning of s into word and gives its length with both marks. In double quotes a
// backslash takes away the meaning of what a shell would see in them, and is a letter before anything else.
func quoted(s string, word *strings.Builder) (int, error) {
	mark := s[0]
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == mark:
			return i + 1, nil
		case mark == '"' && s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\"\\$`\n", s[i+1]) >= 0:
			if i++; s[i] != '\n' {
				word.WriteByte(s[i])
			}
		default:
			word.WriteByte(s[i])
		}
	}
	return 0, errQuote
}

// quoteWord writes a word so that a POSIX shell, and splitWords, read it as it is.
func quoteWord(w string) string {
	plain := w != ""
	for _, r := range w {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/@:=,+%", r)) {
			plain = false
		}
	}
	if plain {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
