package clean

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

func TestRedact(t *testing.T) {
	const secret = `p'ä"s/s w$rd+<1>`
	quoted, err := syntax.Quote(secret, syntax.LangBash)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(map[string]string{"k": secret})
	if err != nil {
		t.Fatal(err)
	}
	r := NewRedactor("other-secret", secret+"\n")
	for name, in := range map[string]string{
		"raw":            "before " + secret + " after",
		"log":            fmt.Sprintf("before %q after", secret),
		"JSON":           string(asJSON),
		"query":          "before?k=" + url.QueryEscape(secret) + "&after",
		"path":           "before/" + url.PathEscape(secret) + "/after",
		"lower hex":      "before?k=" + strings.ToLower(url.QueryEscape(secret)),
		"Python quote":   `before p%27%C3%A4%22s/s%20w%24rd%2B%3C1%3E after`,
		"Python plus":    `before p%27%C3%A4%22s/s+w%24rd%2B%3C1%3E after`,
		"JS component":   `before p'%C3%A4%22s%2Fs%20w%24rd%2B%3C1%3E after`,
		"JS URI":         `before p'%C3%A4%22s/s%20w$rd+%3C1%3E after`,
		"shell":          "before " + quoted + " after",
		"base64":         "before " + base64.StdEncoding.EncodeToString([]byte(secret)) + " after",
		"base64url":      "before " + base64.RawURLEncoding.EncodeToString([]byte(secret)) + " after",
		"basic auth":     "before " + base64.StdEncoding.EncodeToString([]byte("user:"+secret)) + " after",
		"basic auth, +1": "before " + base64.StdEncoding.EncodeToString([]byte("user1:"+secret+"tail")) + " after",
		"basic auth, +2": "before " + base64.StdEncoding.EncodeToString([]byte("user12:"+secret+"ta")) + " after",
		"error":          (&url.Error{Op: "Get", URL: "before://h/" + url.PathEscape(secret), Err: fmt.Errorf("after")}).Error(),
	} {
		got := r.Redact(in)
		if !strings.Contains(got, "[***]") {
			t.Errorf("%s: nothing redacted in %q", name, got)
		}
		if strings.Contains(in, "before") && !strings.Contains(got, "before") || strings.Contains(in, "after") && !strings.Contains(got, "after") {
			t.Errorf("%s: too much redacted: %q", name, got)
		}
	}
}

func TestRedactLines(t *testing.T) {
	key := "-----BEGIN KEY-----\nMIIEvQIBADANBg\nshort\nkqhkiG9w0BAQ\n-----END KEY-----\n"
	r := NewRedactor(key)
	for _, in := range []string{key, "line MIIEvQIBADANBg alone", strings.ReplaceAll(key, "\n", "\r\n"), strings.ReplaceAll(key, "\n", `\n`)} {
		got := r.Redact(in)
		if strings.Contains(got, "MIIEvQ") || strings.Contains(got, "kqhkiG") {
			t.Errorf("Redact(%q) = %q", in, got)
		}
	}
	if got := r.Redact("a short line"); got != "a short line" {
		t.Errorf("a short line of the secret was redacted: %q", got)
	}
}

func TestRedactOverlapping(t *testing.T) {
	r := NewRedactor("abcdef", "defghi", "aaaa")
	for in, want := range map[string]string{
		"x abcdefghi y": "x [***] y",
		"aaaaaaa":       "[***]",
		"abcdef defghi": "[***] [***]",
		"abcde":         "abcde",
		"":              "",
	} {
		if got := r.Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRedactNothing(t *testing.T) {
	var none *Redactor
	for _, r := range []*Redactor{none, {}, NewRedactor(), NewRedactor("", "abc", " \n", "ab \n")} {
		if got := r.Redact("abc ab äbc"); got != "abc ab äbc" {
			t.Errorf("Redact changed its input to %q", got)
		}
	}
}

func BenchmarkRedact(b *testing.B) {
	r := NewRedactor("correct-horse-battery-staple", "0123456789abcdef0123456789abcdef", "hunter2-hunter2")
	s := strings.Repeat("Nov 23 02:58:14 host app[123]: connection pool exhausted\n", 1000)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		r.Redact(s)
	}
}
