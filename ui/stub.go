package ui

// Replaced by the helpers' files: style.go, keys.go.
type styles struct{}
type binding struct{}
