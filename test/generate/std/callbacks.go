package main

import (
	"go/token"

	"glovebox.example/conformance/capability"
	"golang.org/x/tools/go/ssa"
)

// called are, for each parameter of a function, the methods that it calls on what it is given: "()"
// where it calls the parameter itself, ".Read" where it calls Read on what the parameter holds in a
// field. Parameter -1 is the receiver.
type called map[int]map[string]bool

// callbacks holds them by exported symbol.
type callbacks map[string]called

func newCallbacks() callbacks { return callbacks{} }

// add finds the parameters that functions without a stated class call, by static calls alone:
// whoever passes a value there makes those calls.
func (table callbacks) add(all map[*ssa.Function]bool, r *capability.Rules) {
	found := map[*ssa.Function]called{}
	for changed := true; changed; {
		changed = false
		for f := range all {
			if class := r.Class(capability.PackageOf(f), capability.SymbolOf(f)); class == "" || class == capability.Through {
				changed = look(f, found) || changed
			}
		}
	}
	for f, params := range found {
		if name, ok := exported(f); ok {
			table.merge(name, params, f.Signature.Recv() != nil)
		}
	}
}

func (table callbacks) merge(name string, params called, isMethod bool) {
	for i, methods := range params {
		if isMethod {
			i--
		}
		for m := range methods {
			if i < -1 || m == "Error" || m == ".Error" || i == -1 && m[0] != '.' {
				continue
			}
			if table[name] == nil {
				table[name] = called{}
			}
			if table[name][i] == nil {
				table[name][i] = map[string]bool{}
			}
			table[name][i][m] = true
		}
	}
}

// look adds what one function calls; true when something was new.
func look(f *ssa.Function, found map[*ssa.Function]called) bool {
	changed := false
	add := func(v ssa.Value, method string) {
		i, isHeld := parameterOf(f, v, 0)
		if i < 0 {
			return
		}
		if isHeld && method[0] != '.' {
			method = "." + method
		}
		if found[f] == nil {
			found[f] = called{}
		}
		if found[f][i] == nil {
			found[f][i] = map[string]bool{}
		}
		if !found[f][i][method] {
			found[f][i][method], changed = true, true
		}
	}
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			site, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			c := site.Common()
			switch callee := c.StaticCallee(); {
			case c.IsInvoke():
				add(c.Value, c.Method.Name())
			case callee != nil:
				for i, methods := range found[callee] {
					for m := range methods {
						if i < len(c.Args) {
							add(c.Args[i], m)
						}
					}
				}
			default:
				add(c.Value, "()")
			}
		}
	}
	return changed
}

const deepest = 8

// parameterOf gives the index of the parameter that a value comes from, or -1, and whether it comes
// out of one of its fields.
func parameterOf(f *ssa.Function, v ssa.Value, depth int) (int, bool) {
	if depth > deepest {
		return -1, false
	}
	follow := func(x ssa.Value) (int, bool) { return parameterOf(f, x, depth+1) }
	switch v := v.(type) {
	case *ssa.Parameter:
		for i, p := range f.Params {
			if p == v {
				return i, false
			}
		}
	case *ssa.ChangeInterface:
		return follow(v.X)
	case *ssa.MakeInterface:
		return follow(v.X)
	case *ssa.ChangeType:
		return follow(v.X)
	case *ssa.TypeAssert:
		return follow(v.X)
	case *ssa.Extract:
		return follow(v.Tuple)
	case *ssa.FieldAddr:
		i, _ := follow(v.X)
		return i, true
	case *ssa.Field:
		i, _ := follow(v.X)
		return i, true
	case *ssa.Phi:
		for _, e := range v.Edges {
			if i, isHeld := follow(e); i >= 0 {
				return i, isHeld
			}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return loaded(f, v.X, depth)
		}
	}
	return -1, false
}

// loaded follows a load: out of a field, or out of a local variable to what was stored there.
func loaded(f *ssa.Function, address ssa.Value, depth int) (int, bool) {
	alloc, ok := address.(*ssa.Alloc)
	if !ok {
		return parameterOf(f, address, depth+1)
	}
	for _, use := range *alloc.Referrers() {
		if s, ok := use.(*ssa.Store); ok && s.Addr == alloc {
			return parameterOf(f, s.Val, depth+1)
		}
	}
	return -1, false
}
