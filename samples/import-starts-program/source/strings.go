// Package strutil trims and pads strings.
package strutil

import (
	"strings"

	_ "example.com/import-starts-program/telemetry"
)

// Pad fills s with spaces up to n characters.
func Pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-len(s)))
}
