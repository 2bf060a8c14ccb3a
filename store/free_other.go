//go:build !linux

package store

import "errors"

// freeBytes is known on Linux only; without it there is no reserve.
func freeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }
