import { expect, test } from 'vitest';
import { analyzeFiles } from '../support/analyze.ts';
import { mutate, seededRandom } from '../support/mutate.ts';

const big = (text: string, count: number) => text.repeat(count);
const numbered = (write: (i: number) => string) =>
  Array.from({ length: 50_000 }, (_, i) => write(i)).join('');
const M = 1_000_000;

/** Shapes that broke parsers: each ends, and where something was not read there is a gap. */
const SHAPES: readonly (readonly [string, string | Uint8Array, 'gap' | 'whole' | 'either'])[] = [
  ['an empty file', '', 'either'],
  ['a byte-order mark', '\ufeffpackage a\n', 'whole'],
  ['a byte-order mark inside', 'package a\n\ufefffunc F() {}\n', 'gap'],
  ['20,000 parentheses', `package a\nvar x = ${big('(', 20_000)}1${big(')', 20_000)}\n`, 'either'],
  ['100,000 open parentheses', `package a\nvar x = ${big('(', 100_000)}`, 'gap'],
  ['100,000 open braces', `package a\nfunc f() ${big('{', 100_000)}`, 'gap'],
  [
    '20,000 nested literals',
    `package a\nvar x = ${big('func() { ', 20_000)}${big('}', 20_000)}\n`,
    'either',
  ],
  ['a chain of 20,000 calls', `package a\nvar x = a${big('.b()', 20_000)}\n`, 'either'],
  ['a sum of 20,000 parts', `package a\nvar x = 1${big('+t[1]', 20_000)}\n`, 'either'],
  ['a string of 10 MB', `package a\nvar x = "${big('a', 10 * M)}"\n`, 'either'],
  ['a raw string without an end', `package a\nvar x = \`${big('a', M)}`, 'gap'],
  ['a comment of 10 MB', `package a\n/*${big('*', 10 * M)}*/\n`, 'either'],
  ['openings of comments', `package a\n${big('/* ', 4000)}`, 'gap'],
  ['NULs between functions', `package a\nfunc F() {}\n${big('\0', 100_000)}\nfunc G() {}\n`, 'gap'],
  [
    'bytes that are not UTF-8',
    new Uint8Array([...Buffer.from('package a\n// '), 0xff, 0xfe, 10]),
    'gap',
  ],
  [
    'lone surrogates as bytes',
    new Uint8Array([...Buffer.from('package a\n// '), 0xed, 0xa0, 0x80, 10]),
    'gap',
  ],
  ['binary', Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256), 'gap'],
  [
    '50,000 imports and as many calls',
    `package a\nimport (\n${numbered((i) => `"x.example/p${i}"\n`)})\n${numbered((i) => `func F${i}() { q${i}.X() }\n`)}`,
    'whole',
  ],
  [
    '50,000 calls of a variable of 50,000 functions',
    `package a\nvar v = []func(){${big('func(){}, ', 50_000)}}\n${numbered((i) => `func K${i}() { v[0]() }\n`)}`,
    'whole',
  ],
  [
    '100,000 secrets',
    `package a\nvar x = []string{${big('"/home/u/.ssh/id_rsa", ', 100_000)}}\n`,
    'whole',
  ],
  [
    'a list of 100,000 values',
    `package a\nfunc f() { ${big('a,', 100_000)}a = ${big('g,', 100_000)}g }\n`,
    'whole',
  ],
  [
    'a long line that is not ASCII',
    `package a\nimport "os"\nvar x = []any{"ä", ${big('os.Getenv("a"), ', 20_000)}}\n`,
    'whole',
  ],
];

test.each(SHAPES)('%s', async (_, content, expected) => {
  const { gaps } = await analyzeFiles({ 'a.go': content });
  if (expected === 'gap') expect(gaps.length).toBeGreaterThan(0);
  if (expected === 'whole') expect(gaps).toEqual([]);
});

const SEED = `// Package a.
package a

import (
	"fmt"
	run "os/exec"
)

type T[K any] struct{ f func(K) error }

func (t *T[K]) M(k K) (err error) {
	defer func() { recover() }()
	for i, v := range []string{"a", "ä"} {
		if c := run.Command(v, fmt.Sprint(i)); c.Start() != nil {
			return t.f(k)
		}
	}
	select {}
}

var _ = (&T[int]{f: func(int) error { return nil }}).M(1)
`;

test('analyzeModule() never throws on mutated source, and gives the same answer twice', async () => {
  const random = seededRandom(7);
  const seed = new TextEncoder().encode(SEED);
  for (let i = 0; i < Number(process.env['GLOVEBOX_RUNS'] ?? 1000); i++) {
    const content = mutate(seed, random);
    const facts = await analyzeFiles({ 'a.go': content });
    if (i % 20 === 0) expect(await analyzeFiles({ 'a.go': content })).toEqual(facts);
  }
});
