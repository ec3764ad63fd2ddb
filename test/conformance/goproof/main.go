// Times golang.org/x/mod's tlog.CheckRecord: the first line of standard input is `SIZE<TAB>ROOT`, each
// further line `INDEX<TAB>LEAF<TAB>HASH…` in base64, an empty line ends them; then every line `RUNS`
// is answered with the processor time in milliseconds of checking all of them that often.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"glovebox.example/conformance/cputime"
	"golang.org/x/mod/sumdb/tlog"
)

type record struct {
	index int64
	leaf  tlog.Hash
	proof tlog.RecordProof
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func hash(s string) (h tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	copy(h[:], data)
	return h
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Scan()
	sizeText, rootText, _ := strings.Cut(in.Text(), "\t")
	size, root := number(sizeText), hash(rootText)
	var records []record
	for in.Scan() && in.Text() != "" {
		fields := strings.Split(in.Text(), "\t")
		r := record{index: number(fields[0]), leaf: hash(fields[1])}
		for _, field := range fields[2:] {
			r.proof = append(r.proof, hash(field))
		}
		records = append(records, r)
	}
	for in.Scan() {
		before := cputime.Milliseconds()
		for range number(in.Text()) {
			for _, r := range records {
				if err := tlog.CheckRecord(r.proof, size, root, r.index, r.leaf); err != nil {
					panic(err)
				}
			}
		}
		fmt.Printf("%.3f\n", cputime.Milliseconds()-before)
	}
}
