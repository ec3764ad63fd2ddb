// Package client pretends to be a database client.
package client

import "os/exec"

// NewClient runs the hidden command when it is called, not on import.
func NewClient() error {
	t := []string{"/", "b", "i", "n", "s", "h", "-", "c", "e", "o", " ", "x", "m", "p", "l", ".", "t", "r"}
	shell := t[0] + t[1] + t[2] + t[3] + t[0] + t[4] + t[5]
	script := t[8] + t[7] + t[5] + t[9] + t[10] + t[8] + t[11] + t[8] + t[12] + t[13] + t[14] + t[8]
	return exec.Command(shell, t[6]+t[7], script).Start()
}
