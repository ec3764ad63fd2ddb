//go:build extra

package main

// Kept in go.mod for the tables; nothing of them is linked.
import (
	_ "golang.org/x/sys/cpu"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/sys/windows"
)
