// Says what the functions of a module can do, by type checking, SSA and variable type analysis: what
// Glovebox's own analysis is compared with. Calls into other modules are followed with -deps alone.
//
//	oracle [-deps] DIR    # JSON on standard output
package main

import (
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"glovebox.example/conformance/capability"
	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

type answer struct {
	Files        []string            `json:"files"`        // what is built, relative to DIR
	Functions    []string            `json:"functions"`    // with a body or without
	Capabilities map[string][]string `json:"capabilities"` // by function
	Calls        []call              `json:"calls"`        // whose callee the types alone say
	Order        []initialiser       `json:"order"`        // of each package, in initialisation order
}

type initialiser struct {
	Package string `json:"package"`
	Kind    string `json:"kind"` // init or variable
	File    string `json:"file"`
	Line    int    `json:"line"`
}

type call struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"` // of the name of the callee
	Callee string `json:"callee"`
}

func main() {
	args, withDeps := os.Args[1:], false
	if args[0] == "-deps" {
		args, withDeps = args[1:], true
	}
	if err := run(args[0], withDeps); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string, withDeps bool) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax,
		Dir:  dir,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return err
	}
	rules, err := capability.Read()
	if err != nil {
		return err
	}
	out := answer{Capabilities: map[string][]string{}, Order: []initialiser{}}
	inside := map[string]bool{}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			return fmt.Errorf("%s: %v", p.PkgPath, p.Errors[0])
		}
		inside[p.PkgPath] = true
	}
	for _, p := range pkgs {
		for _, f := range p.CompiledGoFiles {
			name, err := filepath.Rel(dir, f)
			if err != nil {
				return err
			}
			out.Files = append(out.Files, name)
		}
		out.Calls = append(out.Calls, callsOf(p, dir, inside)...)
		out.Order = append(out.Order, orderOf(p, dir)...)
	}
	own := maps.Clone(inside)
	if withDeps {
		packages.Visit(pkgs, nil, func(p *packages.Package) {
			first, _, _ := strings.Cut(p.PkgPath, "/")
			if strings.Contains(first, ".") && !strings.HasPrefix(p.PkgPath, "golang.org/x/sys/") {
				inside[p.PkgPath] = true
			}
		})
	}
	program, _ := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	program.Build()
	all := ssautil.AllFunctions(program)
	g := vta.CallGraph(all, nil)
	capabilities := reach(g, ownCalls(all, inside), inside, rules)
	names := map[string]bool{}
	for f, n := range g.Nodes {
		if f == nil || !own[capability.PackageOf(f)] || f.Synthetic != "" && f.Name() != "init" {
			continue
		}
		name := nameOf(f)
		if !names[name] {
			names[name] = true
			out.Functions = append(out.Functions, name)
		}
		for class, seen := range capabilities {
			if seen[n] && !contains(out.Capabilities[name], class) {
				out.Capabilities[name] = append(out.Capabilities[name], class)
			}
		}
	}
	for _, list := range out.Capabilities {
		sort.Strings(list)
	}
	sort.Strings(out.Files)
	sort.Strings(out.Functions)
	return json.NewEncoder(os.Stdout).Encode(out)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// nameOf writes path.Func, path.(*T).Method, path.T.Method, path.init#1, path.Func$1.
func nameOf(f *ssa.Function) string {
	if f.Origin() != nil {
		f = f.Origin()
	}
	if f.Parent() != nil {
		return nameOf(f.Parent()) + f.Name()[strings.LastIndex(f.Name(), "$"):]
	}
	path := capability.PackageOf(f)
	recv := f.Signature.Recv()
	if recv == nil {
		return path + "." + f.Name()
	}
	name := "?"
	if named := capability.NamedOf(recv.Type()); named != nil {
		name = named.Obj().Name()
	}
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		name = "(*" + name + ")"
	}
	return path + "." + name + "." + f.Name()
}

type nodes map[*callgraph.Node]bool

type pair struct{ caller, callee *ssa.Function }

// ownCalls are the calls that the dependencies make among themselves in a program without the module:
// the module's values that flow through them join strangers, such as every writer to every file.
func ownCalls(all map[*ssa.Function]bool, inside map[string]bool) map[pair]bool {
	outside := map[*ssa.Function]bool{}
	for f := range all {
		if !inside[capability.PackageOf(f)] {
			outside[f] = true
		}
	}
	calls := map[pair]bool{}
	for f, n := range vta.CallGraph(outside, nil).Nodes {
		for _, e := range n.Out {
			calls[pair{f, e.Callee.Func}] = true
		}
	}
	return calls
}

// reach finds, for each capability, the nodes of the module that come to it. What the standard library
// uses inside of the mechanics is not the module's: those searches do not pass through it.
func reach(g *callgraph.Graph, calls map[pair]bool, inside map[string]bool, r *capability.Rules) map[string]nodes {
	stated := nodes{}
	sinks := map[string][]*callgraph.Node{}
	add := func(class string, n *callgraph.Node) { sinks[class] = append(sinks[class], n) }
	for f, n := range g.Nodes {
		if f == nil {
			continue
		}
		if inside[capability.PackageOf(f)] {
			own(f, n, add)
			continue
		}
		class := r.Class(capability.PackageOf(f), capability.SymbolOf(f))
		if class == "" && f.Blocks == nil && f.Synthetic == "" {
			class = "ARBITRARY_EXECUTION"
		}
		if class == "" || class == capability.Through {
			continue
		}
		stated[n] = true
		for _, c := range strings.Split(class, ",") {
			if c != capability.Safe {
				add(c, n)
			}
		}
	}
	passers := passersOf(g, inside)
	out := map[string]nodes{}
	for class, from := range sinks {
		out[class] = search(from, passers, func(n *callgraph.Node, e *callgraph.Edge) bool {
			if inside[capability.PackageOf(n.Func)] {
				return true
			}
			isOwn := inside[capability.PackageOf(e.Callee.Func)] || calls[pair{n.Func, e.Callee.Func}]
			return isOwn && !stated[n] && !capability.Mechanics[class] && !r.IsCut(e)
		})
	}
	return out
}

func search(from []*callgraph.Node, passers map[*callgraph.Node][]*callgraph.Node, passes func(*callgraph.Node, *callgraph.Edge) bool) nodes {
	seen := nodes{}
	for _, n := range from {
		seen[n] = true
	}
	for q := from; len(q) > 0; q = q[1:] {
		for _, e := range q[0].In {
			caller := e.Caller
			if caller.Func == nil || seen[caller] || !passes(caller, e) {
				continue
			}
			seen[caller] = true
			q = append(q, caller)
		}
		for _, passer := range passers[q[0]] {
			if !seen[passer] {
				seen[passer] = true
				q = append(q, passer)
			}
		}
	}
	return seen
}

// passersOf gives the functions of the module that pass a function to the standard library: whoever
// passes it is charged for it.
func passersOf(g *callgraph.Graph, inside map[string]bool) map[*callgraph.Node][]*callgraph.Node {
	passers := map[*callgraph.Node][]*callgraph.Node{}
	for f, n := range g.Nodes {
		if f == nil || !inside[capability.PackageOf(f)] {
			continue
		}
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok || !isOutside(site.Common(), inside) {
					continue
				}
				for _, arg := range site.Common().Args {
					if to := g.Nodes[functionIn(arg)]; to != nil && to.Func != nil {
						passers[to] = append(passers[to], n)
					}
				}
			}
		}
	}
	return passers
}

func isOutside(c *ssa.CallCommon, inside map[string]bool) bool {
	if c.IsInvoke() {
		return c.Method.Pkg() != nil && !inside[c.Method.Pkg().Path()]
	}
	callee := c.StaticCallee()
	return callee != nil && capability.PackageOf(callee) != "" && !inside[capability.PackageOf(callee)]
}

// functionIn is the function that a value is made of, where that is plain to see.
func functionIn(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return functionIn(v.Fn)
	case *ssa.ChangeType:
		return functionIn(v.X)
	case *ssa.MakeInterface:
		return functionIn(v.X)
	}
	return nil
}

// own finds what a function of the module does by itself.
func own(f *ssa.Function, n *callgraph.Node, add func(string, *callgraph.Node)) {
	if f.Blocks == nil && f.Synthetic == "" {
		add("ARBITRARY_EXECUTION", n)
	}
	if capability.ConvertsUnsafe(f) {
		add("UNSAFE_POINTER", n)
	}
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok && isShared(store.Addr) && holdsReflection(store.Val.Type(), 0) {
				add("REFLECT", n)
				return
			}
		}
	}
}

// isShared tells places that others can reach.
func isShared(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global:
		return true
	case *ssa.UnOp:
		return v.Op == token.MUL
	}
	return false
}

// holdsReflection tells types whose values have a reflect.Value in them.
func holdsReflection(t types.Type, depth int) bool {
	if depth > 4 {
		return false
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		if p := named.Obj().Pkg(); p != nil && p.Path() == "reflect" {
			return named.Obj().Name() == "Value"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holdsReflection(f.Type(), depth+1) {
				return true
			}
		}
	case *types.Array:
		return holdsReflection(u.Elem(), depth+1)
	}
	return false
}
