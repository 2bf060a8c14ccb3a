package config

import (
	"os"

	"lage/internal/text"
)

// Expand puts the values of ${env:NAME} and ${file:/path} into a text that stands outside of a configuration. secret tells
// whether there are any. why says what stands in the way; the zero message means nothing. A nil env or read means the
// process's own.
func Expand(s string, env func(string) (string, bool), read func(string) ([]byte, error)) (value string, secret bool, why text.Message) {
	if i, _ := nextReference(s); i < 0 {
		return s, false, text.Message{}
	}
	d := &decoder{opt: Options{Env: env, ReadFile: read, ResolveSecrets: true}}
	if env == nil {
		d.opt.Env = os.LookupEnv
	}
	if read == nil {
		d.opt.ReadFile = readSecretFile
	}
	value, _, _ = d.expand(s, pos{})
	if len(d.problems) > 0 {
		return "", true, d.problems[0].Message
	}
	return value, true, text.Message{}
}
