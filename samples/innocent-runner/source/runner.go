// Package runner runs a program when it is asked to: the innocent twin of the first lesson.
package runner

import "os/exec"

// Run starts the program that the caller names and waits for it.
func Run(program string, arguments ...string) error {
	return exec.Command(program, arguments...).Run()
}
