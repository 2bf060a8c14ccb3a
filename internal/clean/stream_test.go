package clean

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// written gives a secret in every form in which programs print it.
func written(t *testing.T, secret string) map[string]string {
	t.Helper()
	quoted, err := syntax.Quote(secret, syntax.LangBash)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"raw": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "JSON": string(asJSON), "shell": quoted,
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64url": base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64, +1": base64.StdEncoding.EncodeToString([]byte("a" + secret + "zz")), "base64, +2": base64.StdEncoding.EncodeToString([]byte("ab" + secret + "z")),
		"base64url, +1": base64.RawURLEncoding.EncodeToString([]byte("a" + secret + "zz")),
		"hex":           hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
}

func TestStreamCutAtEveryByte(t *testing.T) {
	const canary = `K4n'ar"ie$n+v0gel ü/?`
	r := NewRedactor(canary, "other-secret-value")
	for name, form := range written(t, canary) {
		in := "PGPASS=" + form + "\nafter it\n"
		want, n := r.RedactCount(in)
		if n != 1 || strings.Contains(want, form) || !strings.HasPrefix(want, "PGPASS=") || !strings.HasSuffix(want, "after it\n") {
			t.Errorf("%s: %d redactions in %q", name, n, want)
		}
		for cut := range len(in) {
			var out bytes.Buffer
			s := r.NewStream(&out)
			for _, part := range []string{in[:cut], in[cut:]} {
				if _, err := s.Write([]byte(part)); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if out.String() != want || s.Count() != n {
				t.Fatalf("%s, cut at %d: %q, want %q", name, cut, out.String(), want)
			}
		}
	}
}

// TestStreamInPieces cuts text full of overlapping and half secrets into random pieces.
func TestStreamInPieces(t *testing.T) {
	r := NewRedactor("abcdef", "defghi", "aaaa", "aaab")
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		in := make([]byte, rnd.IntN(60))
		for i := range in {
			in[i] = "aaabcdefghi"[rnd.IntN(11)]
		}
		want, n := r.RedactCount(string(in))
		var out bytes.Buffer
		s := r.NewStream(&out)
		for rest := in; len(rest) > 0; {
			k := 1 + rnd.IntN(len(rest))
			if _, err := s.Write(rest[:k]); err != nil {
				t.Fatal(err)
			}
			rest = rest[k:]
		}
		if err := s.Close(); err != nil || out.String() != want || s.Count() != n {
			t.Fatalf("%q: %q with %d, want %q with %d", in, out.String(), s.Count(), want, n)
		}
	}
}

func TestStreamHoldsBackOnlyBeginnings(t *testing.T) {
	var out bytes.Buffer
	s := NewRedactor("hunter2-hunter2").NewStream(&out)
	for _, c := range []struct{ in, want string }{{"Password: ", "Password: "}, {"x hun", "Password: x "}, {"dred", "Password: x hundred"}} {
		if _, err := s.Write([]byte(c.in)); err != nil || out.String() != c.want {
			t.Errorf("after %q: %q, %v", c.in, out.String(), err)
		}
	}
}
