// Times golang.org/x/mod's dirhash.HashZip: one `RUNS<TAB>FILE` a line on standard input; for each, the
// processor time of that many runs in milliseconds, a line on standard output.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"glovebox.example/conformance/cputime"
	"golang.org/x/mod/sumdb/dirhash"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		count, file, _ := strings.Cut(in.Text(), "\t")
		runs, err := strconv.Atoi(count)
		if err != nil {
			panic(err)
		}
		before := cputime.Milliseconds()
		for range runs {
			if _, err := dirhash.HashZip(file, dirhash.Hash1); err != nil {
				panic(err)
			}
		}
		fmt.Printf("%.3f\n", cputime.Milliseconds()-before)
	}
}
