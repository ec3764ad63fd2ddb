// Verifies module zips with golang.org/x/mod: one `path@version<TAB>FILE` a line on standard input, one
// JSON object with the faults and both hashes a line on standard output, in the same order.
package main

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

type answer struct {
	Path     string   `json:"path"`
	Version  string   `json:"version"`
	Accepted bool     `json:"accepted"`
	Faults   []string `json:"faults"`
	H1       string   `json:"h1"`
	GoModH1  string   `json:"goModH1"`
}

func goModHash(m module.Version, file string) string {
	r, err := zip.OpenReader(file)
	if err != nil {
		return ""
	}
	defer r.Close()
	f, err := r.Open(m.Path + "@" + m.Version + "/go.mod")
	if err != nil {
		return ""
	}
	f.Close()
	h, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return r.Open(m.Path + "@" + m.Version + "/go.mod")
	})
	if err != nil {
		return ""
	}
	return h
}

func verify(m module.Version, file string) answer {
	a := answer{Path: m.Path, Version: m.Version, Faults: []string{}}
	cf, err := modzip.CheckZip(m, file)
	for _, f := range cf.Invalid {
		a.Faults = append(a.Faults, f.Error())
	}
	if err != nil && len(a.Faults) == 0 {
		a.Faults = append(a.Faults, err.Error())
	}
	// Reads every file to its end, with size and checksum.
	if a.H1, err = dirhash.HashZip(file, dirhash.Hash1); err != nil {
		a.Faults = append(a.Faults, err.Error())
	}
	a.GoModH1 = goModHash(m, file)
	a.Accepted = len(a.Faults) == 0
	return a
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for in.Scan() {
		subject, file, _ := strings.Cut(in.Text(), "\t")
		path, version, _ := strings.Cut(subject, "@")
		if err := encoder.Encode(verify(module.Version{Path: path, Version: version}, file)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	out.Flush()
}
