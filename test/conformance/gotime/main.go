// Runs a program and says what it and all that it waited for has cost.
//
//	gotime DIR PROGRAM ARGUMENTS…    # {"milliseconds":…,"bytes":…} on standard output
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Dir = os.Args[1]
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		panic(err)
	}
	ms := func(t syscall.Timeval) float64 { return float64(t.Sec)*1e3 + float64(t.Usec)/1e3 }
	// Of the processes, the largest; Linux counts in KiB.
	cost := map[string]float64{"milliseconds": ms(u.Utime) + ms(u.Stime), "bytes": float64(u.Maxrss) * 1024}
	if err := json.NewEncoder(os.Stdout).Encode(cost); err != nil {
		panic(err)
	}
}
