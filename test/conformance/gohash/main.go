// Times golang.org/x/mod's dirhash.HashZip: one `RUNS<TAB>FILE` a line on standard input; for each, the
// processor time of that many runs in milliseconds, a line on standard output.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/mod/sumdb/dirhash"
)

func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	ms := func(t syscall.Timeval) float64 { return float64(t.Sec)*1e3 + float64(t.Usec)/1e3 }
	return ms(u.Utime) + ms(u.Stime)
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		count, file, _ := strings.Cut(in.Text(), "\t")
		runs, err := strconv.Atoi(count)
		if err != nil {
			panic(err)
		}
		before := cpu()
		for range runs {
			if _, err := dirhash.HashZip(file, dirhash.Hash1); err != nil {
				panic(err)
			}
		}
		fmt.Printf("%.3f\n", cpu()-before)
	}
}
