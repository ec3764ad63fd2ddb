// Prints the text literals of Go test files, a JSON array of base64 for each file named, so that
// other programs can be asked about the tables that a package tests itself with.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
)

// fold gives the value of a literal, or of literals joined by plus signs.
func fold(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		left, okLeft := fold(e.X)
		right, okRight := fold(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	}
	return "", false
}

func literals(file string) ([][]byte, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return nil, err
	}
	out := [][]byte{}
	ast.Inspect(f, func(n ast.Node) bool {
		if _, isImport := n.(*ast.ImportSpec); isImport {
			return false
		}
		if e, ok := n.(ast.Expr); ok {
			if s, ok := fold(e); ok {
				out = append(out, []byte(s))
				return false
			}
		}
		return true
	})
	return out, nil
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, file := range os.Args[1:] {
		list, err := literals(file)
		if err == nil {
			err = out.Encode(list)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
