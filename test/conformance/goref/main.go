// Answers questions with golang.org/x/mod: one JSON object `{"op":…,"args":[base64…]}` a line on
// standard input, one JSON value a line on standard output, in the same order. Bytes are base64.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

type question struct {
	Op   string   `json:"op"`
	Args [][]byte `json:"args"`
}

// failure is an error's sentence, as bytes because it may quote what is not UTF-8.
type failure struct {
	Error []byte `json:"error"`
}

func fail(err error) any { return failure{[]byte(err.Error())} }

// or gives the value, or the error where there is one.
func or(value any, err error) any {
	if err != nil {
		return fail(err)
	}
	return value
}

// sentence is an error's text, or null.
func sentence(err error) any {
	if err == nil {
		return nil
	}
	return []byte(err.Error())
}

func number(text []byte) int64 {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

type operation func(args []string) any

func main() {
	operations := map[string]operation{}
	for _, room := range []map[string]operation{moduleOperations, modfileOperations, tlogOperations} {
		for name, op := range room {
			operations[name] = op
		}
	}
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		op, ok := operations[q.Op]
		if !ok {
			fmt.Fprintln(os.Stderr, "no such operation:", q.Op)
			os.Exit(1)
		}
		args := make([]string, len(q.Args))
		for i, arg := range q.Args {
			args[i] = string(arg)
		}
		if err := encoder.Encode(op(args)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	out.Flush()
}
