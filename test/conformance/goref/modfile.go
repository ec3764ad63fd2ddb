package main

import (
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

type fault struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   []byte `json:"text"`
}

// faults takes an error list apart; anything else is one fault.
func faults(err error) []fault {
	list, ok := err.(modfile.ErrorList)
	if !ok {
		return []fault{{Text: []byte(err.Error())}}
	}
	out := make([]fault, len(list))
	for i, e := range list {
		out[i] = fault{e.Pos.Line, e.Pos.LineRune, []byte(e.Error())}
	}
	return out
}

func pair(v module.Version) [2][]byte { return [2][]byte{[]byte(v.Path), []byte(v.Version)} }

func goModOf(f *modfile.File) any {
	out := map[string]any{}
	if f.Module != nil {
		out["module"], out["deprecated"] = text(f.Module.Mod.Path), text(f.Module.Deprecated)
	}
	if f.Go != nil {
		out["go"] = text(f.Go.Version)
	}
	if f.Toolchain != nil {
		out["toolchain"] = text(f.Toolchain.Name)
	}
	godebug, requires, excludes, replaces, retracts, tools, ignores := []any{}, []any{}, []any{}, []any{}, []any{}, []any{}, []any{}
	for _, g := range f.Godebug {
		godebug = append(godebug, [2][]byte{[]byte(g.Key), []byte(g.Value)})
	}
	for _, r := range f.Require {
		requires = append(requires, []any{pair(r.Mod), r.Indirect, r.Syntax.Start.Line})
	}
	for _, x := range f.Exclude {
		excludes = append(excludes, pair(x.Mod))
	}
	for _, r := range f.Replace {
		replaces = append(replaces, []any{pair(r.Old), pair(r.New), r.Syntax.Start.Line})
	}
	for _, r := range f.Retract {
		retracts = append(retracts, []any{text(r.Low), text(r.High), text(r.Rationale)})
	}
	for _, t := range f.Tool {
		tools = append(tools, text(t.Path))
	}
	for _, i := range f.Ignore {
		ignores = append(ignores, text(i.Path))
	}
	out["godebug"], out["requires"], out["excludes"], out["replaces"] = godebug, requires, excludes, replaces
	out["retracts"], out["tools"], out["ignores"] = retracts, tools, ignores
	return out
}

func goWorkOf(f *modfile.WorkFile) any {
	out := map[string]any{}
	if f.Go != nil {
		out["go"] = text(f.Go.Version)
	}
	if f.Toolchain != nil {
		out["toolchain"] = text(f.Toolchain.Name)
	}
	godebug, uses, replaces := []any{}, []any{}, []any{}
	for _, g := range f.Godebug {
		godebug = append(godebug, [2][]byte{[]byte(g.Key), []byte(g.Value)})
	}
	for _, u := range f.Use {
		uses = append(uses, text(u.Path))
	}
	for _, r := range f.Replace {
		replaces = append(replaces, []any{pair(r.Old), pair(r.New), r.Syntax.Start.Line})
	}
	out["godebug"], out["uses"], out["replaces"] = godebug, uses, replaces
	return out
}

var modfileOperations = map[string]operation{
	"gomod.strict": func(a []string) any {
		f, err := modfile.Parse("go.mod", []byte(a[0]), nil)
		if err != nil {
			return map[string]any{"faults": faults(err)}
		}
		return goModOf(f)
	},
	"gomod.lax": func(a []string) any {
		f, err := modfile.ParseLax("go.mod", []byte(a[0]), nil)
		if err != nil {
			return map[string]any{"faults": faults(err)}
		}
		return goModOf(f)
	},
	"gowork": func(a []string) any {
		f, err := modfile.ParseWork("go.work", []byte(a[0]), nil)
		if err != nil {
			return map[string]any{"faults": faults(err)}
		}
		return goWorkOf(f)
	},
}
