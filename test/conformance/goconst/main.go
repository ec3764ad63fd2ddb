// Says the values that go/types gives to the constants of a module's packages.
//
//	goconst DIR    # JSON: files that are built, constants by package and name
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/constant"
	"go/types"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadTypes,
		Dir:  dir,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return err
	}
	files, constants := []string{}, map[string]string{}
	for _, p := range pkgs {
		if p.Types == nil {
			continue
		}
		for _, file := range p.GoFiles {
			if name, err := filepath.Rel(dir, file); err == nil {
				files = append(files, filepath.ToSlash(name))
			}
		}
		scope := p.Types.Scope()
		for _, name := range scope.Names() {
			if c, ok := scope.Lookup(name).(*types.Const); ok {
				constants[p.PkgPath+"."+name] = show(c.Val())
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"files": files, "constants": constants})
}

func show(v constant.Value) string {
	switch v.Kind() {
	case constant.String:
		return "text " + hex.EncodeToString([]byte(constant.StringVal(v)))
	case constant.Int:
		return "int " + v.ExactString()
	case constant.Bool:
		return "bool " + v.ExactString()
	case constant.Float:
		f, _ := constant.Float64Val(v)
		// A whole number may be kept as either.
		if i := constant.ToInt(v); i.Kind() == constant.Int {
			return "int " + i.ExactString()
		}
		return fmt.Sprintf("float %016x", math.Float64bits(f))
	default:
		return "other"
	}
}
