// Writes what the analysis knows of the standard library and of golang.org/x/sys, from their sources:
// what each exported function can do, the types of the API, and which parameters are called back.
//
//	go run ./std > ../../src/golang/data/standard-library.json
//
// Linux, darwin and windows are joined. The rules that say what is a power are in
// test/conformance/capability/rules.txt.
package main

import (
	"fmt"
	"os"
	"strings"

	"glovebox.example/conformance/capability"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

var systems = []string{"linux", "darwin", "windows"}

// extra are the packages besides std; each system has only some of them.
var extra = []string{
	"golang.org/x/sys/cpu", "golang.org/x/sys/execabs", "golang.org/x/sys/unix",
	"golang.org/x/sys/windows", "golang.org/x/sys/windows/registry", "golang.org/x/sys/windows/svc",
	"golang.org/x/sys/windows/svc/eventlog", "golang.org/x/sys/windows/svc/mgr",
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	rules, err := capability.Read()
	if err != nil {
		return err
	}
	table, api, back := newCapabilities(), newAPI(), newCallbacks()
	for _, system := range systems {
		pkgs, err := load(system)
		if err != nil {
			return err
		}
		var shown []*packages.Package
		for _, p := range pkgs {
			if p.Types != nil && isVisible(p.PkgPath) {
				shown = append(shown, p)
				api.addPackage(p.Types)
			}
		}
		program, _ := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
		program.Build()
		all := ssautil.AllFunctions(program)
		back.add(all, rules)
		for _, p := range shown {
			table.add(closureOf(all, p), p.PkgPath, rules)
		}
		table.promote(shown)
		fmt.Fprintf(os.Stderr, "%s: %d packages\n", system, len(shown))
	}
	for _, path := range extra {
		if api.packages[path] == nil {
			return fmt.Errorf("%s was found on no system", path)
		}
	}
	return write(os.Stdout, table, api, back, rules)
}

// load reads std and extra for one system. A package that the system lacks is left out.
func load(system string) ([]*packages.Package, error) {
	cfg := &packages.Config{
		Mode: packages.LoadAllSyntax,
		Env:  append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0"),
	}
	found, err := packages.Load(cfg, append([]string{"std"}, extra...)...)
	if err != nil {
		return nil, err
	}
	var pkgs []*packages.Package
	for _, p := range found {
		if len(p.CompiledGoFiles) == 0 {
			continue
		}
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("%s on %s: %v", p.PkgPath, system, p.Errors[0])
		}
		pkgs = append(pkgs, p)
	}
	return pkgs, nil
}

// isVisible tells the packages that a module can import.
func isVisible(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == "internal" || part == "vendor" {
			return false
		}
	}
	return true
}

// closureOf keeps the functions of a package and of what it imports: strangers' types would flow in.
func closureOf(all map[*ssa.Function]bool, p *packages.Package) map[*ssa.Function]bool {
	seen := map[string]bool{"": true}
	packages.Visit([]*packages.Package{p}, nil, func(q *packages.Package) { seen[q.PkgPath] = true })
	kept := map[*ssa.Function]bool{}
	for f := range all {
		if seen[capability.PackageOf(f)] {
			kept[f] = true
		}
	}
	return kept
}
