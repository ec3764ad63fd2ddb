// Verifies a proof of one line of an audit log with golang.org/x/mod alone: the first argument is the
// verifier key, standard input a c2sp.org/tlog-proof@v1. Prints the line.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func hash(text string) (h tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(text)
	check(err)
	copy(h[:], data)
	return h
}

func main() {
	data, err := io.ReadAll(os.Stdin)
	check(err)
	head, checkpoint, _ := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	record, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		proof = append(proof, hash(line))
	}
	verifier, err := note.NewVerifier(os.Args[1])
	check(err)
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	check(err)
	// A C2SP checkpoint: origin, size, root. The origin is the name of the key.
	fields := strings.Split(opened.Text, "\n")
	if fields[0] != verifier.Name() {
		check(fmt.Errorf("the origin is %s", fields[0]))
	}
	size, err := strconv.ParseInt(fields[1], 10, 64)
	check(err)
	check(tlog.CheckRecord(proof, size, hash(fields[2]), index, tlog.RecordHash(record)))
	os.Stdout.Write(record)
}
