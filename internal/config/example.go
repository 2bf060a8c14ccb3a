package config

import (
	_ "embed"

	"lage/internal/text"
)

//go:embed example.de.yaml
var exampleDe string

//go:embed example.en.yaml
var exampleEn string

// Example gives a commented configuration to start from. It is valid as it stands, without runbooks or secrets.
func Example(l text.Lang) []byte {
	if l == text.English {
		return []byte(exampleEn)
	}
	return []byte(exampleDe)
}
