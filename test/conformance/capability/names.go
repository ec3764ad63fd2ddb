package capability

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// PackageOf is the import path that a function belongs to.
func PackageOf(f *ssa.Function) string {
	if f.Origin() != nil {
		f = f.Origin()
	}
	if f.Pkg != nil {
		return f.Pkg.Pkg.Path()
	}
	if f.Object() != nil && f.Object().Pkg() != nil {
		return f.Object().Pkg().Path()
	}
	return ""
}

// SymbolOf is Func, Type.Method, or Func$1.
func SymbolOf(f *ssa.Function) string {
	if f.Origin() != nil {
		f = f.Origin()
	}
	if f.Parent() != nil {
		return SymbolOf(f.Parent()) + f.Name()[strings.LastIndex(f.Name(), "$"):]
	}
	if recv := f.Signature.Recv(); recv != nil {
		if named := NamedOf(recv.Type()); named != nil {
			return named.Obj().Name() + "." + f.Name()
		}
	}
	return f.Name()
}

// Display is PackageOf and SymbolOf.
func Display(f *ssa.Function) string { return PackageOf(f) + "." + SymbolOf(f) }

// NamedOf is the named type of a value or of what it points to.
func NamedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// ConvertsUnsafe tells functions that make a typed pointer out of an unsafe one.
func ConvertsUnsafe(f *ssa.Function) bool {
	for _, b := range f.Blocks {
		for _, i := range b.Instrs {
			c, ok := i.(*ssa.Convert)
			if !ok || !isUnsafe(c.X.Type()) || isUnsafe(c.Type()) {
				continue
			}
			if _, pointer := c.Type().Underlying().(*types.Pointer); pointer {
				return true
			}
		}
	}
	return false
}

func isUnsafe(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}
