package main

import (
	"go/ast"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// callsOf lists the calls of package-level functions and of methods of named types.
func callsOf(p *packages.Package, dir string) []call {
	var found []call
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			callee := calleeOf(p.TypesInfo, c.Fun)
			if callee == "" {
				return true
			}
			at := p.Fset.PositionFor(c.Lparen, false)
			name, err := filepath.Rel(dir, at.Filename)
			if err == nil {
				found = append(found, call{name, at.Line, at.Column, callee})
			}
			return true
		})
	}
	return found
}

func calleeOf(info *types.Info, fun ast.Expr) string {
	switch e := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return functionName(info.Uses[e])
	case *ast.SelectorExpr:
		return functionName(info.Uses[e.Sel])
	case *ast.IndexExpr:
		return calleeOf(info, e.X)
	case *ast.IndexListExpr:
		return calleeOf(info, e.X)
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
