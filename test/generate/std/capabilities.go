package main

import (
	"go/types"
	"sort"
	"strings"

	"glovebox.example/conformance/capability"
	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// entry holds the capabilities of a symbol, each with an example path below the symbol.
type entry map[string][]string

type capabilities map[string]entry

func newCapabilities() capabilities { return capabilities{} }

// add joins in what the exported functions of a package can reach in a program of the given functions.
func (table capabilities) add(all map[*ssa.Function]bool, pkg string, r *capability.Rules) {
	g := vta.CallGraph(all, nil)
	stated, sinks := classify(g, r)
	reached := map[string]map[*callgraph.Node]*callgraph.Node{}
	for class, from := range sinks {
		reached[class] = search(from, stated, r)
	}
	for f, n := range g.Nodes {
		name, ok := exported(f)
		if !ok || capability.PackageOf(f) != pkg {
			continue
		}
		if table[name] == nil {
			table[name] = entry{}
		}
		for class, seen := range reached {
			if _, ok := seen[n]; ok {
				table[name].offer(class, pathBelow(n, seen))
			}
		}
	}
}

// offer keeps the shortest path for a capability; of equal ones the first by spelling.
func (e entry) offer(class string, path []string) {
	if capability.Mechanics[class] && len(path) > 0 {
		return
	}
	old, ok := e[class]
	if !ok || len(path) < len(old) || len(path) == len(old) && strings.Join(path, " ") < strings.Join(old, " ") {
		e[class] = path
	}
}

// classify finds the functions with a stated class, which ends every search, and the sinks of each class.
func classify(g *callgraph.Graph, r *capability.Rules) (map[*callgraph.Node]bool, map[string][]*callgraph.Node) {
	stated := map[*callgraph.Node]bool{}
	sinks := map[string][]*callgraph.Node{}
	for f, n := range g.Nodes {
		if f == nil {
			continue
		}
		class := r.Class(capability.PackageOf(f), capability.SymbolOf(f))
		if class == "" && f.Blocks == nil && f.Synthetic == "" {
			class = "ARBITRARY_EXECUTION" // assembly, linkname
		}
		if class == "" && capability.ConvertsUnsafe(f) {
			sinks["UNSAFE_POINTER"] = append(sinks["UNSAFE_POINTER"], n)
		}
		if class == "" || class == capability.Through {
			continue
		}
		stated[n] = true
		for _, c := range strings.Split(class, ",") {
			if c != capability.Safe {
				sinks[c] = append(sinks[c], n)
			}
		}
	}
	return stated, sinks
}

// search walks from sinks to their callers; the value is the next step towards the sink.
func search(from []*callgraph.Node, stated map[*callgraph.Node]bool, r *capability.Rules) map[*callgraph.Node]*callgraph.Node {
	sort.Slice(from, func(i, j int) bool { return from[i].Func.String() < from[j].Func.String() })
	seen := map[*callgraph.Node]*callgraph.Node{}
	for _, n := range from {
		seen[n] = nil
	}
	for q := from; len(q) > 0; q = q[1:] {
		in := append([]*callgraph.Edge(nil), q[0].In...)
		sort.Slice(in, func(i, j int) bool { return in[i].Caller.Func.String() < in[j].Caller.Func.String() })
		for _, e := range in {
			caller := e.Caller
			if caller.Func == nil || stated[caller] || r.IsCut(e) {
				continue
			}
			if _, ok := seen[caller]; !ok {
				seen[caller] = q[0]
				q = append(q, caller)
			}
		}
	}
	return seen
}

func pathBelow(n *callgraph.Node, seen map[*callgraph.Node]*callgraph.Node) []string {
	path := []string{}
	for v := seen[n]; v != nil; v = seen[v] {
		path = append(path, capability.Display(v.Func))
	}
	return path
}

// promote gives exported types the entries of the methods that they get by embedding.
func (table capabilities) promote(pkgs []*packages.Package) {
	for _, p := range pkgs {
		for _, name := range p.Types.Scope().Names() {
			obj, ok := p.Types.Scope().Lookup(name).(*types.TypeName)
			if !ok || !obj.Exported() || obj.IsAlias() || types.IsInterface(obj.Type()) {
				continue
			}
			for sel := range types.NewMethodSet(types.NewPointer(obj.Type())).Methods() {
				fn, ok := sel.Obj().(*types.Func)
				if !ok || len(sel.Index()) < 2 {
					continue
				}
				owner := capability.NamedOf(fn.Signature().Recv().Type())
				if owner == nil || owner.Obj().Pkg() == nil {
					continue
				}
				promoted := p.PkgPath + "." + name + "." + fn.Name()
				if table[promoted] == nil {
					table[promoted] = entry{}
				}
				for class, path := range table[owner.Obj().Pkg().Path()+"."+owner.Obj().Name()+"."+fn.Name()] {
					table[promoted].offer(class, path)
				}
			}
		}
	}
}

// exported names the functions that another module can name, or reach by a method on a value that
// it was given: methods of unexported types count.
func exported(f *ssa.Function) (string, bool) {
	if f == nil || f.Parent() != nil || f.Synthetic != "" {
		return "", false
	}
	if f.Origin() != nil && f.Origin() != f || f.Object() == nil || !f.Object().Exported() {
		return "", false
	}
	return capability.PackageOf(f) + "." + capability.SymbolOf(f), true
}
