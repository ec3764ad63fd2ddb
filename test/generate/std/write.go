package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sort"
	"strings"

	"glovebox.example/conformance/capability"
)

// write gives the tables as JSON with one symbol or type a line, so that a change can be reviewed.
func write(w io.Writer, table capabilities, a *api, back callbacks, r *capability.Rules) error {
	var body bytes.Buffer
	body.WriteString("{\n\"capabilities\":{\n")
	writePackages(&body, split(table, func(e entry) any {
		if len(e) == 0 {
			return nil // known and not listed: lends nothing
		}
		return e
	}))
	body.WriteString("},\n\"callbacks\":{\n")
	writePackages(&body, split(back, func(c called) any { return c.rows() }))
	body.WriteString("},\n\"walls\":")
	body.Write(line(walls(table, a, r)))
	body.WriteString(",\n\"types\":[\n")
	for i, row := range a.types {
		body.Write(line(row))
		if i < len(a.types)-1 {
			body.WriteByte(',')
		}
		body.WriteByte('\n')
	}
	body.WriteString("],\n\"packages\":{\n")
	packages := map[string]any{}
	for path, p := range a.packages {
		packages[path] = p
	}
	writeRows(&body, packages, "")
	body.WriteString("}\n}")
	sum := sha256.Sum256(body.Bytes())
	_, err := fmt.Fprintf(w, "{\"generatedBy\":\"test/generate/std\",\"go\":%q,\"systems\":%s,\"sha256\":%q,\"tables\":%s}\n",
		runtime.Version()[2:], line(systems), hex.EncodeToString(sum[:]), body.Bytes())
	return err
}

// walls are the classes of symbols that nobody knows: what the rules say of the package, or all that
// its known symbols have, and never nothing.
func walls(table capabilities, a *api, r *capability.Rules) map[string]string {
	found := map[string]map[string]bool{}
	for symbol, e := range table {
		path, _ := cutSymbol(symbol)
		if found[path] == nil {
			found[path] = map[string]bool{}
		}
		for class := range e {
			found[path][class] = true
		}
	}
	out := map[string]string{}
	for path := range a.packages {
		classes := []string{}
		for class := range found[path] {
			classes = append(classes, class)
		}
		sort.Strings(classes)
		out[path] = r.Wall(path)
		if out[path] == "" {
			out[path] = strings.Join(classes, ",")
		}
		if out[path] == "" {
			out[path] = "UNANALYZED"
		}
	}
	return out
}

// rows lists the methods of each parameter, in order.
func (c called) rows() map[string]string {
	rows := map[string]string{}
	for i, methods := range c {
		var list []string
		for m := range methods {
			list = append(list, m)
		}
		sort.Strings(list)
		rows[fmt.Sprint(i)] = strings.Join(list, " ")
	}
	return rows
}

func cutSymbol(name string) (path, symbol string) {
	dot := strings.LastIndex(name, "/")
	cut := dot + 1 + strings.Index(name[dot+1:], ".")
	return name[:cut], name[cut+1:]
}

// split sorts rows by package; a nil row is left out.
func split[V any](table map[string]V, row func(V) any) map[string]map[string]any {
	out := map[string]map[string]any{}
	for name, v := range table {
		value := row(v)
		if value == nil {
			continue
		}
		path, symbol := cutSymbol(name)
		if out[path] == nil {
			out[path] = map[string]any{}
		}
		out[path][symbol] = value
	}
	return out
}

func writePackages(w *bytes.Buffer, packages map[string]map[string]any) {
	var paths []string
	for path := range packages {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for i, path := range paths {
		fmt.Fprintf(w, "%s:{\n", line(path))
		writeRows(w, packages[path], " ")
		w.WriteString("}")
		if i < len(paths)-1 {
			w.WriteByte(',')
		}
		w.WriteByte('\n')
	}
}

func writeRows(w *bytes.Buffer, rows map[string]any, indent string) {
	var names []string
	for name := range rows {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		fmt.Fprintf(w, "%s%s:%s", indent, line(name), line(rows[name]))
		if i < len(names)-1 {
			w.WriteByte(',')
		}
		w.WriteByte('\n')
	}
}

func line(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers, lists and maps of them
	}
	return out
}
