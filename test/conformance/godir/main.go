// Packs folders as golang.org/x/mod does and prints the h1 of each: one `path@version<TAB>DIR` a
// line on standard input, one hash or `error: …` a line on standard output.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

func hash(m module.Version, dir string) (string, error) {
	f, err := os.CreateTemp("", "godir")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := modzip.CreateFromDir(f, m, dir); err != nil {
		return "", err
	}
	return dirhash.HashZip(f.Name(), dirhash.Hash1)
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		subject, dir, _ := strings.Cut(in.Text(), "\t")
		path, version, _ := strings.Cut(subject, "@")
		h, err := hash(module.Version{Path: path, Version: version}, dir)
		if err != nil {
			h = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(h)
	}
}
