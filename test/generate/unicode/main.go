// Writes the Unicode tables that decide what the go command accepts as a file name:
// letters, printable runes and simple case folding, as this Go release has them.
//
//	go run ./test/generate/unicode > src/module/data/unicode.json
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"unicode"
)

// ranges lists [first, last] pairs of the runes above ASCII for which is holds.
func ranges(is func(rune) bool) [][2]rune {
	var list [][2]rune
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !is(r) {
			continue
		}
		if n := len(list); n > 0 && list[n-1][1] == r-1 {
			list[n-1][1] = r
		} else {
			list = append(list, [2]rune{r, r})
		}
	}
	return list
}

// folded is the key of x/mod's collision check: the smallest rune of the folding orbit,
// upper-case ASCII as lower case.
func folded(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			r = next
			break
		}
		r = next
	}
	if 'A' <= r && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

func main() {
	var folds [][2]rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if f := folded(r); f != r {
			folds = append(folds, [2]rune{r, f})
		}
	}
	tables := map[string]any{
		"letters":   ranges(unicode.IsLetter),
		"printable": ranges(strconv.IsPrint),
		"folds":     folds,
	}
	text, err := json.Marshal(tables)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	sum := sha256.Sum256(text)
	out, _ := json.Marshal(map[string]any{
		"generatedBy": "test/generate/unicode",
		"go":          runtime.Version()[2:],
		"unicode":     unicode.Version,
		"sha256":      hex.EncodeToString(sum[:]),
		"tables":      tables,
	})
	fmt.Println(string(out))
}
