package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// orderOf lists what a package runs when it is imported: the initialisers of variables that call
// something, in the order that the language gives them, and then the init functions.
func orderOf(p *packages.Package, dir string) []initialiser {
	specs := map[types.Object]*ast.ValueSpec{}
	var inits []*ast.FuncDecl
	for _, file := range p.Syntax {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.Name == "init" && decl.Recv == nil {
					inits = append(inits, decl)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR {
						for _, name := range v.Names {
							specs[p.TypesInfo.Defs[name]] = v
						}
					}
				}
			}
		}
	}
	var out []initialiser
	add := func(kind string, n ast.Node) {
		at := p.Fset.PositionFor(n.Pos(), false)
		if name, err := filepath.Rel(dir, at.Filename); err == nil {
			out = append(out, initialiser{p.PkgPath, kind, name, at.Line})
		}
	}
	for _, init := range p.TypesInfo.InitOrder {
		if !runs(p.TypesInfo, init.Rhs) {
			continue
		}
		spec := specs[init.Lhs[0]]
		if len(spec.Values) > 1 {
			add("variable", init.Rhs)
		} else {
			add("variable", spec)
		}
	}
	for _, decl := range inits {
		add("init", decl)
	}
	return out
}

// runs tells expressions that call something: functions of the language and conversions are no calls.
func runs(info *types.Info, value ast.Expr) bool {
	found := false
	ast.Inspect(value, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if t := info.Types[n.Fun]; !t.IsType() && !t.IsBuiltin() {
				found = true
			}
		}
		return !found
	})
	return found
}
