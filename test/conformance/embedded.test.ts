import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { evaluateFiles } from '../support/values.ts';

const FILES = {
  'data/a.txt': 'first',
  'data/b/c.txt': 'deep',
  'data/b/Z.bin': 'upper\xff',
  'data/.hidden': 'hidden',
  'data/_left.txt': 'left out',
  'one.txt': 'alone',
  'é.txt': 'accent',
};

const HEAD = `package main

import (
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

var _ = []any{hex.EncodeToString, io.ReadAll, fs.Sub, strings.ToLower, fmt.Sprint}

//go:embed data
var tree embed.FS

//go:embed all:data
//go:embed one.txt
var all embed.FS

var (
	//go:embed *.txt
	flat embed.FS

	none embed.FS
)

func read(b []byte, err error) string {
	if err != nil {
		return "refused"
	}
	return hex.EncodeToString(b)
}

func list(entries []fs.DirEntry, err error) string {
	if err != nil {
		return "refused"
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}
`;

const BODIES = [
  ...['data/a.txt', 'data/b/c.txt', 'data/b/Z.bin', 'data/.hidden', 'data/_left.txt', 'one.txt'],
  ...['', '.', 'data', '/data/a.txt', 'data/../one.txt', './one.txt', 'é.txt', 'data/b/'],
].flatMap((name) => [
  `return read(tree.ReadFile("${name}"))`,
  `return read(fs.ReadFile(all, "${name}"))`,
  `return read(flat.ReadFile("${name}"))`,
  `return read(none.ReadFile("${name}"))`,
]);

const MORE = [
  'return list(tree.ReadDir("."))',
  'return list(tree.ReadDir("data"))',
  'return list(fs.ReadDir(all, "data"))',
  'return list(all.ReadDir("."))',
  'return list(flat.ReadDir("."))',
  'return list(tree.ReadDir("data/b"))',
  'return list(tree.ReadDir("data/x"))',
  'return list(tree.ReadDir("data/a.txt"))',
  'return list(none.ReadDir("."))',
  'return list(none.ReadDir("x"))',
  'f, err := tree.Open("data/a.txt"); if err != nil { return "refused" }; defer f.Close(); return read(io.ReadAll(f))',
  'f, err := tree.Open("data/x"); if err != nil { return "refused" }; return read(io.ReadAll(f))',
  'f, err := none.Open("../x"); if err != nil { return "refused" }; return read(io.ReadAll(f))',
  'p := make([]byte, 3); f, _ := tree.Open("data/b/c.txt"); f.Read(p); return string(p)',
  's, err := fs.Sub(tree, "data/b"); return fmt.Sprint(err == nil, read(fs.ReadFile(s, "c.txt")))',
  's, _ := fs.Sub(tree, "data"); t, _ := fs.Sub(s, "b"); return list(fs.ReadDir(t, "."))',
  's, _ := fs.Sub(tree, "."); return list(fs.ReadDir(s, "."))',
  's, _ := fs.Sub(tree, "none"); return read(fs.ReadFile(s, "c.txt"))',
  '_, err := fs.Sub(tree, "../data"); return fmt.Sprint(err != nil)',
  'copied := tree; return read(copied.ReadFile("data/a.txt"))',
  'p := &tree; return read(p.ReadFile("data/a.txt"))',
  'var f fs.FS = tree; return read(fs.ReadFile(f, "data/a.txt"))',
  'var f fs.ReadFileFS = tree; return read(f.ReadFile("data/a.txt"))',
  'out := ""; entries, _ := tree.ReadDir("data"); for _, e := range entries { if !e.IsDir() { b, _ := tree.ReadFile("data/" + e.Name()); out += string(b) } }; return out',
  'b, _ := tree.ReadFile("data/a.txt"); b[0] = 88; c, _ := tree.ReadFile("data/a.txt"); return string(b) + string(c)',
];

describeWith('go', ['version'], 'embedded filesystems against those of programs that run', () => {
  test('what is read from them', { timeout: 120_000 }, async () => {
    const bodies = [...BODIES, ...MORE];
    const source = HEAD + bodies.map((body, i) => `func f${i}() string { ${body} }\n`).join('');
    const main = `package main\n\nfunc main() {\n${bodies.map((_, i) => `\tfmt.Println(hex.EncodeToString([]byte(f${i}())))`).join('\n')}\n}\n`;
    const dir = mkdtempSync(join(tmpdir(), 'glovebox-embedded-'));
    const files: Record<string, string> = {
      ...FILES,
      'go.mod': 'module example.com/m\n\ngo 1.24\n',
      'a.go': source,
      'main.go': main.replace('\n\n', '\n\nimport (\n\t"encoding/hex"\n\t"fmt"\n)\n\n'),
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const real = execFileSync('go', ['run', '.'], { cwd: dir, encoding: 'utf8' }).split('\n');
    rmSync(dir, { recursive: true });
    const evaluation = await evaluateFiles({ ...FILES, 'a.go': source });
    const wrong = bodies.flatMap((body, i) => {
      const ours = evaluation.resultOf('example.com/m', `f${i}`);
      const shown = ours === undefined ? 'not known' : Buffer.from(ours, 'latin1').toString('hex');
      return shown === real[i] ? [] : [`${body}: ${shown}, not ${real[i]}`];
    });
    expect(wrong).toEqual([]);
  });
});
