package main

import (
	"go/ast"
	"go/types"
	"path/filepath"

	"glovebox.example/conformance/capability"
	"golang.org/x/tools/go/packages"
)

// callsOf lists the calls of package-level functions and of methods of named types.
func callsOf(p *packages.Package, dir string, inside map[string]bool) []call {
	var found []call
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			written := nameIn(c.Fun)
			if written == nil {
				return true
			}
			callee := functionName(p.TypesInfo.Uses[written])
			if callee == "" {
				return true
			}
			if through := throughOutside(p, c.Fun, inside); through != "" {
				callee = through + "." + written.Name
			}
			at := p.Fset.PositionFor(written.Pos(), false)
			name, err := filepath.Rel(dir, at.Filename)
			if err == nil {
				found = append(found, call{name, at.Line, at.Column, callee})
			}
			return true
		})
	}
	return found
}

// nameIn is the last name of a callee.
func nameIn(fun ast.Expr) *ast.Ident {
	switch e := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return nameIn(e.X)
	case *ast.IndexListExpr:
		return nameIn(e.X)
	}
	return nil
}

// throughOutside is the type outside the module by which a method is called: what that embeds is its
// own affair, and may be a type that is not exported.
func throughOutside(p *packages.Package, fun ast.Expr, inside map[string]bool) string {
	e, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok || p.TypesInfo.Selections[e] == nil {
		return ""
	}
	sel := p.TypesInfo.Selections[e]
	t := sel.Recv()
	for _, i := range sel.Index() {
		named := capability.NamedOf(t)
		if named != nil && named.Obj().Pkg() != nil && !inside[named.Obj().Pkg().Path()] && !types.IsInterface(named) {
			return named.Obj().Pkg().Path() + "." + named.Obj().Name()
		}
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || i >= s.NumFields() {
			return ""
		}
		t = s.Field(i).Type()
	}
	return ""
}

// functionName is empty for methods of interfaces, variables and builtins.
func functionName(obj types.Object) string {
	f, ok := obj.(*types.Func)
	if !ok || f.Pkg() == nil {
		return ""
	}
	f = f.Origin()
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Pkg().Path() + "." + f.Name()
	}
	t := types.Unalias(recv.Type())
	name := ""
	if p, ok := t.(*types.Pointer); ok {
		if named, ok := types.Unalias(p.Elem()).(*types.Named); ok {
			name = "(*" + named.Obj().Name() + ")"
		}
	} else if named, ok := t.(*types.Named); ok && !types.IsInterface(named) {
		name = named.Obj().Name()
	}
	if name == "" {
		return ""
	}
	return f.Pkg().Path() + "." + name + "." + f.Name()
}
