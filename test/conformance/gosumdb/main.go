// Asks checksum databases with the client of golang.org/x/mod/sumdb: one JSON object a line on
// standard input, one on standard output, in the same order.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb"
)

type question struct {
	URL     string `json:"url"`
	Key     string `json:"key"`
	Latest  []byte `json:"latest"` // the signed head to start from
	Path    string `json:"path"`
	Version string `json:"version"`
}

type answer struct {
	Lines    []string `json:"lines"`
	Error    string   `json:"error"`
	Security string   `json:"security"`
	Cached   []string `json:"cached"`
	Latest   []byte   `json:"latest"`
}

// ops is a client's machine, in memory.
type ops struct {
	question
	mu       sync.Mutex
	latest   []byte
	cached   map[string][]byte
	security strings.Builder
}

func (o *ops) ReadRemote(path string) ([]byte, error) {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get(o.URL + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("GET %v: %v", path, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, 1<<26))
}

func (o *ops) ReadConfig(file string) ([]byte, error) {
	if file == "key" {
		return []byte(o.Key), nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.latest), nil
}

func (o *ops) WriteConfig(file string, before, after []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !bytes.Equal(o.latest, before) {
		return sumdb.ErrWriteConflict
	}
	o.latest = bytes.Clone(after)
	return nil
}

func (o *ops) ReadCache(file string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if data, ok := o.cached[file]; ok {
		return data, nil
	}
	return nil, errors.New("not cached")
}

func (o *ops) WriteCache(file string, data []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cached[file] = bytes.Clone(data)
}

func (o *ops) Log(string) {}

func (o *ops) SecurityError(message string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.security.WriteString(message)
}

func ask(q question) answer {
	o := &ops{question: q, latest: q.Latest, cached: map[string][]byte{}}
	lines, err := sumdb.NewClient(o).Lookup(q.Path, q.Version)
	o.mu.Lock()
	defer o.mu.Unlock()
	a := answer{Lines: lines, Security: o.security.String(), Cached: []string{}, Latest: o.latest}
	if err != nil {
		a.Error = err.Error()
	}
	for file := range o.cached {
		a.Cached = append(a.Cached, file)
	}
	return a
}

func main() {
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err == nil {
			err = encoder.Encode(ask(q))
			if err == nil {
				continue
			}
		}
		fmt.Fprintln(os.Stderr, "cannot go on")
		os.Exit(1)
	}
}
