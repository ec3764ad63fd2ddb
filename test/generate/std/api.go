package main

import (
	"encoding/json"
	"go/types"
	"strings"
)

// api is the exported surface, with every type written once and referred to by its number.
//
// A type is one of ["B",name] basic, ["N",path.Name,args…] named, ["P",t] pointer, ["S",t] slice,
// ["A",t] array, ["C",t] channel, ["M",key,element] map, ["F",[params],[results],variadic,cores]
// function, ["I",{method:t}] interface, ["T",{field:t},[embedded]] struct, ["V",i] type parameter.
// The cores of a generic function are what its type parameters have for a core type, -1 for none.
// Types that are not exported are there where something exported has them.
type api struct {
	types    []any
	index    map[string]int
	packages map[string]*apiPackage
	inside   *types.Package // whose names are being added
	hidden   map[*types.TypeName]bool
}

type apiPackage struct {
	Name   string              `json:"n"`
	Funcs  map[string]int      `json:"f,omitempty"`
	Types  map[string]*apiType `json:"t,omitempty"`
	Vars   map[string]int      `json:"v,omitempty"`
	Consts map[string]int      `json:"c,omitempty"`
}

type apiType struct {
	Underlying int            `json:"u"`
	Methods    map[string]int `json:"m,omitempty"`
	IsAlias    int            `json:"a,omitempty"`
}

func newAPI() *api { return &api{packages: map[string]*apiPackage{}, index: map[string]int{}, hidden: map[*types.TypeName]bool{}} }

func (a *api) addPackage(p *types.Package) {
	a.inside = p
	out := a.packages[p.Path()]
	if out == nil {
		out = &apiPackage{Name: p.Name(), Funcs: map[string]int{}, Types: map[string]*apiType{}, Vars: map[string]int{}, Consts: map[string]int{}}
		a.packages[p.Path()] = out
	}
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			keep(out.Funcs, name, func() int { return a.ref(obj.Type()) })
		case *types.Var:
			keep(out.Vars, name, func() int { return a.ref(obj.Type()) })
		case *types.Const:
			// The thousands of numbers of system calls are told by their spelling.
			if !isSystem(p.Path()) {
				keep(out.Consts, name, func() int { return a.ref(obj.Type()) })
			}
		case *types.TypeName:
			a.addType(out, obj)
		}
	}
}

func isSystem(path string) bool {
	return path == "syscall" || strings.HasPrefix(path, "golang.org/x/sys/")
}

// keep adds what is new: the first system that has a symbol says its type.
func keep(known map[string]int, name string, ref func() int) {
	if _, ok := known[name]; !ok {
		known[name] = ref()
	}
}

func (a *api) addType(out *apiPackage, obj *types.TypeName) {
	known := out.Types[obj.Name()]
	if obj.IsAlias() {
		if known == nil {
			out.Types[obj.Name()] = &apiType{Underlying: a.ref(types.Unalias(obj.Type())), IsAlias: 1}
		}
		return
	}
	under := a.ref(obj.Type().Underlying())
	if known == nil {
		known = &apiType{Methods: map[string]int{}, Underlying: under}
		out.Types[obj.Name()] = known
	} else if known.Underlying != under {
		known.Underlying = a.joinFields(known.Underlying, under)
	}
	if types.IsInterface(obj.Type()) {
		return
	}
	for _, set := range []*types.MethodSet{types.NewMethodSet(obj.Type()), types.NewMethodSet(types.NewPointer(obj.Type()))} {
		for sel := range set.Methods() {
			if sel.Obj().Exported() && known.Methods != nil {
				keep(known.Methods, sel.Obj().Name(), func() int { return a.ref(sel.Type()) })
			}
		}
	}
}

// addHidden adds a type that is not exported, and that a value which is can have.
func (a *api) addHidden(obj *types.TypeName) {
	out := a.packages[obj.Pkg().Path()]
	if a.hidden[obj] || obj.Parent() != obj.Pkg().Scope() {
		return
	}
	a.hidden[obj] = true // before its methods, which may give the type itself
	a.addType(out, obj)
}

// joinFields gives a struct the fields that another system's variant has besides.
func (a *api) joinFields(first, second int) int {
	one, isStruct := a.types[first].([]any)
	two, _ := a.types[second].([]any)
	if !isStruct || one[0] != "T" || two[0] != "T" {
		return first
	}
	fields := map[string]int{}
	for _, row := range [][]any{two, one} {
		for name, t := range row[1].(map[string]int) {
			fields[name] = t
		}
	}
	embedded := append([]string{}, one[2].([]string)...)
	for _, name := range two[2].([]string) {
		if !contains(embedded, name) {
			embedded = append(embedded, name)
		}
	}
	return a.number([]any{"T", fields, embedded})
}

func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

// ref gives the number of a type.
func (a *api) ref(t types.Type) int { return a.number(a.row(types.Unalias(t))) }

func (a *api) number(row []any) int {
	key, err := json.Marshal(row)
	if err != nil {
		panic(err) // rows hold strings, numbers and maps of them
	}
	if i, ok := a.index[string(key)]; ok {
		return i
	}
	a.types = append(a.types, row)
	a.index[string(key)] = len(a.types) - 1
	return len(a.types) - 1
}

func (a *api) row(t types.Type) []any {
	switch t := t.(type) {
	case *types.Basic:
		return []any{"B", t.Name()}
	case *types.Pointer:
		return []any{"P", a.ref(t.Elem())}
	case *types.Slice:
		return []any{"S", a.ref(t.Elem())}
	case *types.Array:
		return []any{"A", a.ref(t.Elem())}
	case *types.Chan:
		return []any{"C", a.ref(t.Elem())}
	case *types.Map:
		return []any{"M", a.ref(t.Key()), a.ref(t.Elem())}
	case *types.Signature:
		row := []any{"F", a.list(t.Params()), a.list(t.Results())}
		cores := a.cores(t.TypeParams())
		if t.Variadic() {
			row = append(row, 1)
		} else if cores != nil {
			row = append(row, 0)
		}
		if cores != nil {
			row = append(row, cores)
		}
		return row
	case *types.TypeParam:
		return []any{"V", t.Index()}
	case *types.Named:
		return a.named(t)
	case *types.Struct:
		return a.fields(t)
	case *types.Interface:
		methods := map[string]int{}
		for m := range t.Methods() {
			methods[m.Name()] = a.ref(m.Type())
		}
		return []any{"I", methods}
	}
	return []any{"B", "?"}
}

// cores gives the core types of type parameters whose constraint is one type; nil when none has one.
func (a *api) cores(list *types.TypeParamList) []int {
	out, found := []int{}, false
	for p := range list.TypeParams() {
		core := -1
		if i, ok := p.Constraint().Underlying().(*types.Interface); ok && i.NumEmbeddeds() == 1 {
			if u, ok := i.EmbeddedType(0).(*types.Union); ok && u.Len() == 1 {
				core, found = a.ref(u.Term(0).Type()), true
			}
		}
		out = append(out, core)
	}
	if !found {
		return nil
	}
	return out
}

func (a *api) list(tuple *types.Tuple) []int {
	out := []int{}
	for v := range tuple.Variables() {
		out = append(out, a.ref(v.Type()))
	}
	return out
}

func (a *api) named(t *types.Named) []any {
	name := t.Obj().Name()
	if p := t.Obj().Pkg(); p != nil {
		name = p.Path() + "." + name
		if p == a.inside && !t.Obj().Exported() {
			a.addHidden(t.Obj())
		}
	}
	row := []any{"N", name}
	if args := t.TypeArgs(); args != nil {
		for i := range args.Len() {
			row = append(row, a.ref(args.At(i)))
		}
	}
	return row
}

func (a *api) fields(t *types.Struct) []any {
	fields, embedded := map[string]int{}, []string{}
	for f := range t.Fields() {
		if f.Exported() {
			fields[f.Name()] = a.ref(f.Type())
		}
		if f.Exported() && f.Embedded() {
			embedded = append(embedded, f.Name())
		}
	}
	return []any{"T", fields, embedded}
}
