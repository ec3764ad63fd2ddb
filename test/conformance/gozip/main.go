// Says what golang.org/x/mod and archive/zip make of zips: one `path@version<TAB>FILE` a line on
// standard input, one JSON object a line on standard output, in the same order.
package main

import (
	"archive/zip"
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

type fault struct {
	Code   string `json:"code"`
	Entry  string `json:"entry"` // base64 of the name's bytes
	Detail string `json:"detail"`
}

type answer struct {
	Accepted bool    `json:"accepted"`
	Faults   []fault `json:"faults"`
	H1       string  `json:"h1"`
	Error    string  `json:"error"`
}

// code maps Go's sentences to the codes of the evidence.
func code(err string) string {
	for _, c := range [][2]string{
		{"path does not have prefix", "missing-prefix"},
		{"file path is not clean", "not-clean"},
		{"malformed file path", "invalid-path"},
		{"case-insensitive file name collision", "case-collision"},
		{"is both a file and a directory", "file-and-directory"},
		{"multiple entries for file", "duplicate"},
		{"go.mod file not in module root directory", "nested-go-mod"},
		{"go.mod files must have lowercase names", "go-mod-case"},
		{"total uncompressed size", "total-too-large"},
		{"go.mod file too large", "go-mod-too-large"},
		{"LICENSE file too large", "license-too-large"},
		{"module zip file is too large", "zip-too-large"},
		{"is not canonical", "non-canonical-version"},
		{"malformed module path", "invalid-module"},
		{"invalid version", "invalid-module"},
		{"unsupported compression algorithm", "unsupported-method"},
		{"checksum error", "checksum"},
		{"flate: corrupt input", "checksum"},
		{"unexpected EOF", "size-smaller"},
		{"not a valid zip file", "size-larger"},
	} {
		if strings.Contains(err, c[0]) {
			return c[1]
		}
	}
	return "other: " + err
}

func check(m module.Version, file string) answer {
	a := answer{Faults: []fault{}}
	if h, err := dirhash.HashZip(file, dirhash.Hash1); err == nil {
		a.H1 = h
	}
	cf, err := modzip.CheckZip(m, file)
	for _, f := range cf.Invalid {
		a.Faults = append(a.Faults, fault{code(f.Err.Error()), base64.StdEncoding.EncodeToString([]byte(f.Path)), f.Err.Error()})
	}
	if cf.SizeError != nil {
		a.Faults = append(a.Faults, fault{code(cf.SizeError.Error()), "", cf.SizeError.Error()})
	}
	if err != nil && len(a.Faults) == 0 {
		c := code(err.Error())
		if _, zerr := zip.OpenReader(file); zerr != nil && zerr.Error() == err.Error() {
			c = "not-zip-directory"
		}
		a.Faults = append(a.Faults, fault{c, "", err.Error()})
		return a
	}
	r, zerr := zip.OpenReader(file)
	if zerr != nil {
		return a
	}
	defer r.Close()
	valid := map[string]bool{}
	for _, name := range cf.Valid {
		valid[name] = true
	}
	seen := map[string]bool{}
	for _, f := range r.File {
		if !valid[f.Name] || seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		if c, detail := read(f); c != "" {
			a.Faults = append(a.Faults, fault{c, base64.StdEncoding.EncodeToString([]byte(f.Name)), detail})
		}
	}
	a.Accepted = len(a.Faults) == 0
	return a
}

func read(f *zip.File) (string, string) {
	rc, err := f.Open()
	if err == zip.ErrAlgorithm {
		return "unsupported-method", err.Error()
	}
	if err != nil {
		return "bad-local-header", err.Error()
	}
	defer rc.Close()
	if _, err := io.Copy(io.Discard, rc); err != nil {
		return code(err.Error()), err.Error()
	}
	return "", ""
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		subject, file, _ := strings.Cut(in.Text(), "\t")
		path, version, _ := strings.Cut(subject, "@")
		if err := out.Encode(check(module.Version{Path: path, Version: version}, file)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
