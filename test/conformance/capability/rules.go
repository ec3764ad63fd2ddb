// Package capability says what functions of Go code are powers, for the tables and for the tests.
package capability

import (
	_ "embed"
	"fmt"
	"path"
	"strings"

	"golang.org/x/tools/go/callgraph"
)

// Classes that are no capabilities.
const (
	Safe    = "SAFE"    // ends the search
	Through = "THROUGH" // states nothing: what it calls decides
)

type rule struct{ class, pkg, symbol string }
type cut struct{ caller, callee string }

//go:embed rules.txt
var text string

// Mechanics are what the standard library uses inside, differently on each system, and does not lend
// to its callers: they count only where a rule states them.
var Mechanics = map[string]bool{
	"UNSAFE_POINTER": true, "ARBITRARY_EXECUTION": true, "RUNTIME": true, "SYSTEM_CALLS": true,
}

// Rules is the classification; later lines win.
type Rules struct {
	lines []rule
	cuts  []cut
	memo  map[string]string
}

// Read parses rules.txt, which has lines of the form
//
//	CLASS[,CLASS] package [symbol ...]   symbols as in path.Match: Func, Type.*, *.String; none means all
//	CUT           caller callee          drops calls; both are package.Symbol patterns
func Read() (*Rules, error) {
	r := &Rules{memo: map[string]string{}}
	for n, s := range strings.Split(text, "\n") {
		line, _, _ := strings.Cut(s, "#")
		w := strings.Fields(line)
		switch {
		case len(w) == 0:
		case w[0] == "CUT" && len(w) == 3:
			r.cuts = append(r.cuts, cut{w[1], w[2]})
		case len(w) == 2:
			r.lines = append(r.lines, rule{w[0], w[1], "*"})
		case len(w) > 2:
			for _, symbol := range w[2:] {
				r.lines = append(r.lines, rule{w[0], w[1], symbol})
			}
		default:
			return nil, fmt.Errorf("rules.txt:%d: cannot read %q", n+1, s)
		}
	}
	return r, nil
}

// Class gives the stated class of a symbol, or "".
func (r *Rules) Class(pkg, symbol string) string {
	key := pkg + " " + symbol
	if class, ok := r.memo[key]; ok {
		return class
	}
	class := ""
	for _, l := range r.lines {
		if match(l.pkg, pkg) && match(l.symbol, symbol) {
			class = l.class
		}
	}
	r.memo[key] = class
	return class
}

// Wall gives the class that a package has as a whole, or "": what a function that nobody knows has.
func (r *Rules) Wall(pkg string) string {
	class := ""
	for _, l := range r.lines {
		if l.symbol == "*" && l.pkg != "*" && match(l.pkg, pkg) {
			class = l.class
		}
	}
	if class == Safe || class == Through {
		return ""
	}
	return class
}

// IsCut tells calls that are to be left out.
func (r *Rules) IsCut(e *callgraph.Edge) bool {
	for _, c := range r.cuts {
		if match(c.caller, Display(e.Caller.Func)) && match(c.callee, Display(e.Callee.Func)) {
			return true
		}
	}
	return false
}

// match is path.Match in which * also crosses slashes.
func match(pattern, name string) bool {
	ok, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(name, "/", "|"))
	return ok
}
