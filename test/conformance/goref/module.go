package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"
)

func text(s string) any { return []byte(s) }

var moduleOperations = map[string]operation{
	"path.module": func(a []string) any { return sentence(module.CheckPath(a[0])) },
	"path.import": func(a []string) any { return sentence(module.CheckImportPath(a[0])) },
	"path.file":   func(a []string) any { return sentence(module.CheckFilePath(a[0])) },
	"check":       func(a []string) any { return sentence(module.Check(a[0], a[1])) },
	"path.major": func(a []string) any {
		_, major, ok := module.SplitPathVersion(a[0])
		if !ok {
			return nil
		}
		return text(major)
	},
	"escape.path":      func(a []string) any { return value(module.EscapePath(a[0])) },
	"escape.version":   func(a []string) any { return value(module.EscapeVersion(a[0])) },
	"unescape.path":    func(a []string) any { return value(module.UnescapePath(a[0])) },
	"unescape.version": func(a []string) any { return value(module.UnescapeVersion(a[0])) },
	"prefix":           func(a []string) any { return module.MatchPrefixPatterns(a[0], a[1]) },
	"canonical":        func(a []string) any { return text(module.CanonicalVersion(a[0])) },
	"semver": func(a []string) any {
		return []any{semver.IsValid(a[0]), text(semver.Canonical(a[0])), text(semver.MajorMinor(a[0])),
			text(semver.Prerelease(a[0])), text(semver.Build(a[0])), text(semver.Major(a[0]))}
	},
	"compare": func(a []string) any { return semver.Compare(a[0], a[1]) },
	"sort": func(a []string) any {
		sorted := append([]string{}, a...)
		semver.Sort(sorted)
		out := make([][]byte, len(sorted))
		for i, v := range sorted {
			out[i] = []byte(v)
		}
		return out
	},
	"pseudo.is":   func(a []string) any { return module.IsPseudoVersion(a[0]) },
	"pseudo.zero": func(a []string) any { return module.IsZeroPseudoVersion(a[0]) },
	"pseudo.parts": func(a []string) any {
		base, err := module.PseudoVersionBase(a[0])
		if err != nil {
			return nil
		}
		rev, err := module.PseudoVersionRev(a[0])
		if err != nil {
			return nil
		}
		return []any{text(base), text(rev)}
	},
	// prefix, then names and contents
	"hashdir": func(a []string) any {
		dir, err := os.MkdirTemp("", "goref")
		if err != nil {
			return fail(err)
		}
		defer os.RemoveAll(dir)
		for i := 1; i+1 < len(a); i += 2 {
			file := filepath.Join(dir, a[i])
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				return fail(err)
			}
			if err := os.WriteFile(file, []byte(a[i+1]), 0o666); err != nil {
				return fail(err)
			}
		}
		return value(dirhash.HashDir(dir, a[0], dirhash.Hash1))
	},
	"gosum": func(a []string) any { return readGoSum([]byte(a[0])) },
}

// value is a text, or null for an error.
func value(s string, err error) any {
	if err != nil {
		return nil
	}
	return text(s)
}

// readGoSum is cmd/go/internal/modfetch.readGoSum, which no package exports.
func readGoSum(data []byte) any {
	const emptyGoModHash = "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY="
	type line [3][]byte
	lines := []line{}
	number := 0
	for len(data) > 0 {
		var one []byte
		number++
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			one, data = data, nil
		} else {
			one, data = data[:i], data[i+1:]
		}
		f := strings.Fields(string(one))
		if len(f) == 0 {
			continue
		}
		if len(f) != 3 {
			return fail(fmt.Errorf("%d: wrong number of fields %v", number, len(f)))
		}
		if f[2] == emptyGoModHash {
			continue
		}
		lines = append(lines, line{[]byte(f[0]), []byte(f[1]), []byte(f[2])})
	}
	sort.SliceStable(lines, func(i, j int) bool { return false })
	return lines
}
