package main

import (
	"crypto/ed25519"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func hashOf(s string) (h tlog.Hash) {
	if len(s) != len(h) {
		panic("not a hash")
	}
	copy(h[:], s)
	return h
}

func hashes(s string) []tlog.Hash {
	out := []tlog.Hash{}
	for ; len(s) >= 32; s = s[32:] {
		out = append(out, hashOf(s[:32]))
	}
	return out
}

func join(list []tlog.Hash) []byte {
	out := []byte{}
	for _, h := range list {
		out = append(out, h[:]...)
	}
	return out
}

// tiles serves what it was given.
type tiles struct {
	height int
	byPath map[string]string
	saved  []string
}

func (t *tiles) Height() int { return t.height }
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, ok := t.byPath[tile.Path()]
		if !ok {
			return nil, fmt.Errorf("no tile %s", tile.Path())
		}
		out[i] = []byte(data)
	}
	return out, nil
}
func (t *tiles) SaveTiles(list []tlog.Tile, data [][]byte) {
	for _, tile := range list {
		t.saved = append(t.saved, tile.Path())
	}
}

// records is the storage of all stored hashes of a small tree.
func storage(records int64) []tlog.Hash {
	stored := []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for n := int64(0); n < records; n++ {
		more, err := tlog.StoredHashes(n, fmt.Appendf(nil, "leaf %d", n), reader)
		if err != nil {
			panic(err)
		}
		stored = append(stored, more...)
	}
	return stored
}

var stores = map[int64][]tlog.Hash{}

func readerOf(size int64) tlog.HashReader {
	if _, ok := stores[size]; !ok {
		stores[size] = storage(size)
	}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stores[size][x]
		}
		return out, nil
	})
}

func numbers(s string) []int64 {
	out := []int64{}
	for _, f := range strings.Fields(s) {
		out = append(out, number([]byte(f)))
	}
	return out
}

func numberOf(s string) int64 { return number([]byte(s)) }

func tilePlace(t tlog.Tile) []int64 { return []int64{int64(t.H), int64(t.L), t.N, int64(t.W)} }

var tlogOperations = map[string]operation{
	// public key, message, signature
	"ed25519": func(a []string) any {
		return ed25519.Verify(ed25519.PublicKey(a[0]), []byte(a[1]), []byte(a[2]))
	},
	"key": func(a []string) any {
		v, err := note.NewVerifier(a[0])
		if err != nil {
			return fail(err)
		}
		return []any{text(v.Name()), v.KeyHash()}
	},
	"signer": func(a []string) any {
		s, err := note.NewSigner(a[0])
		if err != nil {
			return fail(err)
		}
		return []any{text(s.Name()), s.KeyHash()}
	},
	// text, then signer keys
	"sign": func(a []string) any {
		signers := []note.Signer{}
		for _, key := range a[1:] {
			s, err := note.NewSigner(key)
			if err != nil {
				return fail(err)
			}
			signers = append(signers, s)
		}
		signed, err := note.Sign(&note.Note{Text: a[0]}, signers...)
		return or(signed, err)
	},
	// note, then verifier keys
	"note": func(a []string) any {
		known := []note.Verifier{}
		for _, key := range a[1:] {
			v, err := note.NewVerifier(key)
			if err != nil {
				return fail(err)
			}
			known = append(known, v)
		}
		n, err := note.Open([]byte(a[0]), note.VerifierList(known...))
		if err != nil {
			return fail(err)
		}
		names := func(list []note.Signature) [][]byte {
			out := [][]byte{}
			for _, s := range list {
				out = append(out, []byte(s.Name+" "+s.Base64))
			}
			return out
		}
		return map[string]any{"text": text(n.Text), "signed": names(n.Sigs), "unverified": names(n.UnverifiedSigs)}
	},
	"tree": func(a []string) any {
		t, err := tlog.ParseTree([]byte(a[0]))
		if err != nil {
			return fail(err)
		}
		return []any{fmt.Sprint(t.N), t.Hash[:]}
	},
	"record": func(a []string) any {
		id, recordText, rest, err := tlog.ParseRecord([]byte(a[0]))
		if err != nil {
			return fail(err)
		}
		return []any{fmt.Sprint(id), recordText, rest}
	},
	"tile.parse": func(a []string) any {
		t, err := tlog.ParseTilePath(a[0])
		if err != nil {
			return nil
		}
		return tilePlace(t)
	},
	"tile.path": func(a []string) any {
		n := numbers(a[0])
		return tlog.Tile{H: int(n[0]), L: int(n[1]), N: n[2], W: int(n[3])}.Path()
	},
	// height, stored index
	"tile.of": func(a []string) any { return tilePlace(tlog.TileForIndex(int(numberOf(a[0])), numberOf(a[1]))) },
	"tile.new": func(a []string) any {
		out := [][]int64{}
		for _, t := range tlog.NewTiles(int(numberOf(a[0])), numberOf(a[1]), numberOf(a[2])) {
			out = append(out, tilePlace(t))
		}
		return out
	},
	"stored": func(a []string) any { return tlog.StoredHashIndex(int(numberOf(a[0])), numberOf(a[1])) },
	"stored.split": func(a []string) any {
		level, n := tlog.SplitStoredHashIndex(numberOf(a[0]))
		return []int64{int64(level), n}
	},
	"tree.hash": func(a []string) any {
		size := numberOf(a[0])
		h, err := tlog.TreeHash(size, readerOf(size))
		return or(h[:], err)
	},
	"prove.record": func(a []string) any {
		size := numberOf(a[0])
		p, err := tlog.ProveRecord(size, numberOf(a[1]), readerOf(size))
		return or(join(p), err)
	},
	"prove.tree": func(a []string) any {
		size := numberOf(a[0])
		p, err := tlog.ProveTree(size, numberOf(a[1]), readerOf(size))
		return or(join(p), err)
	},
	// size, root, index, leaf, proof
	"check.record": func(a []string) any {
		return sentence(tlog.CheckRecord(hashes(a[4]), numberOf(a[0]), hashOf(a[1]), numberOf(a[2]), hashOf(a[3])))
	},
	// size, root, old size, old root, proof
	"check.tree": func(a []string) any {
		return sentence(tlog.CheckTree(hashes(a[4]), numberOf(a[0]), hashOf(a[1]), numberOf(a[2]), hashOf(a[3])))
	},
	// height, size, root, indexes, then path and bytes of each tile
	"tiles": func(a []string) any {
		source := &tiles{height: int(numberOf(a[0])), byPath: map[string]string{}, saved: []string{}}
		for i := 4; i+1 < len(a); i += 2 {
			source.byPath[a[i]] = a[i+1]
		}
		tree := tlog.Tree{N: numberOf(a[1]), Hash: hashOf(a[2])}
		got, err := tlog.TileHashReader(tree, source).ReadHashes(numbers(a[3]))
		if err != nil {
			return fail(err)
		}
		return []any{join(got), source.saved}
	},
}
