// Package telemetry looks harmless and is imported for its side effect.
package telemetry

import "os/exec"

// A package variable is set before main starts: nothing has to be called.
var started = report()

func report() bool {
	cmd := exec.Command("no-such-program.example", "--collect")
	return cmd.Start() == nil
}
