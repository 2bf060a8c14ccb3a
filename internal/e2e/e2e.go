// Package e2e holds the stories on the built binary: real processes, a real terminal, a real database. There is nothing
// in it but tests.
package e2e
