// Times golang.org/x/mod's dirhash.HashZip: `gohash RUNS FILE…` prints, for each file, the median
// of the processor time of a run in milliseconds, after one run that does not count.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
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
	runs, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	for _, name := range os.Args[2:] {
		var times []float64
		for i := 0; i <= runs; i++ {
			before := cpu()
			if _, err := dirhash.HashZip(name, dirhash.Hash1); err != nil {
				panic(err)
			}
			if i > 0 {
				times = append(times, cpu()-before)
			}
		}
		sort.Float64s(times)
		fmt.Printf("%.2f\n", times[len(times)/2])
	}
}
