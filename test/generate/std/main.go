// Writes the names of the standard library that the capability table needs: its packages, and the
// constants, types, fields and variables of the privileged ones, which lend no power by being named.
//
//	go run ./test/generate/std > src/golang/data/standard-library.json
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
)

var line = regexp.MustCompile(`^pkg ([a-z0-9/]+)(?: \([^)]*\))?, (const|type|var) ([A-Z]\w*)(?: struct, ([A-Z]\w*) )?`)

// Constants of system-call packages are told by their spelling; listing them would take 10,000 names.
var capitals = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		return err
	}
	var packages []string
	known := map[string]bool{}
	for _, p := range strings.Fields(string(out)) {
		if strings.HasPrefix(p, "vendor/") || strings.Contains("/"+p+"/", "/internal/") {
			continue
		}
		packages = append(packages, p)
		known[p] = true
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "api", "go1*.txt"))
	if err != nil {
		return err
	}
	values := map[string]map[string]bool{}
	for _, name := range files {
		if err := readAPI(name, values); err != nil {
			return err
		}
	}
	plain := map[string][]string{}
	for p, names := range values {
		for n := range names {
			if known[p] && !(p == "syscall" && capitals.MatchString(n)) {
				plain[p] = append(plain[p], n)
			}
		}
		sort.Strings(plain[p])
	}
	tables := map[string]any{"packages": packages, "values": plain}
	text, err := json.Marshal(tables)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"generatedBy": "test/generate/std",
		"go":          runtime.Version()[2:],
		"sha256":      hex.EncodeToString(sum[:]),
		"tables":      tables,
	})
}

func readAPI(name string, values map[string]map[string]bool) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		m := line.FindStringSubmatch(scanner.Text())
		if m == nil || !privileged[m[1]] {
			continue
		}
		if values[m[1]] == nil {
			values[m[1]] = map[string]bool{}
		}
		values[m[1]][m[3]] = true
		if m[4] != "" {
			values[m[1]][m[3]+"."+m[4]] = true
		}
	}
	return scanner.Err()
}

// privileged are the packages on the capability table.
var privileged = map[string]bool{
	"archive/zip": true, "crypto/tls": true, "crypto/x509": true, "debug/elf": true, "debug/macho": true,
	"debug/pe": true, "debug/plan9obj": true, "debug/buildinfo": true, "expvar": true, "go/build": true,
	"go/parser": true, "html/template": true, "io/ioutil": true, "log/syslog": true, "net": true,
	"net/http": true, "net/http/cgi": true, "net/http/fcgi": true, "net/http/httptest": true,
	"net/http/httputil": true, "net/http/pprof": true, "net/rpc": true, "net/rpc/jsonrpc": true,
	"net/smtp": true, "os": true, "os/exec": true, "os/signal": true, "os/user": true,
	"path/filepath": true, "plugin": true, "reflect": true, "runtime": true, "runtime/debug": true,
	"runtime/pprof": true, "runtime/trace": true, "runtime/cgo": true, "runtime/coverage": true,
	"syscall": true, "syscall/js": true, "testing": true, "text/template": true, "time": true,
	"unsafe": true, "net/textproto": true, "mime": true,
}
