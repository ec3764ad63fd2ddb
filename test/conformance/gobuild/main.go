// Says which Go files of a tree go/build takes for each platform.
//
//	gobuild DIR GOOS/GOARCH[/cgo] …    # JSON: platform to files
package main

import (
	"encoding/json"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := map[string][]string{}
	dir := os.Args[1]
	for _, platform := range os.Args[2:] {
		parts := strings.Split(platform, "/")
		ctx := build.Default
		ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = parts[0], parts[1], len(parts) > 2
		ctx.ToolTags = nil
		out[platform] = []string{}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			// A name with a leading dot or underscore is never built, whatever it says.
			if ok, err := ctx.MatchFile(filepath.Dir(path), d.Name()); err == nil && ok {
				name, err := filepath.Rel(dir, path)
				if err != nil {
					return err
				}
				out[platform] = append(out[platform], filepath.ToSlash(name))
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"files": out, "tags": build.Default.ReleaseTags}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
