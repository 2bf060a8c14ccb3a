package config

import (
	"errors"
	"testing"
)

func TestExpand(t *testing.T) {
	env := func(k string) (string, bool) { return "geheim", k == "PW" }
	read := func(p string) ([]byte, error) {
		if p != "/run/pw" {
			return nil, errors.New("no such file")
		}
		return []byte("aus der Datei\n"), nil
	}
	for in, want := range map[string]string{"plain $X": "plain $X", "${env:PW}": "geheim", "a ${file:/run/pw} b": "a aus der Datei b"} {
		got, secret, why := Expand(in, env, read)
		if got != want || secret != (in != "plain $X") || !why.IsZero() {
			t.Errorf("%s: %q, %v, %v", in, got, secret, why)
		}
	}
	for _, in := range []string{"${env:NONE}", "${file:/none}", "${file:relative}", "${env:", "${env:a b}"} {
		if got, _, why := Expand(in, env, read); got != "" || why.IsZero() {
			t.Errorf("%s: %q", in, got)
		}
	}
}
