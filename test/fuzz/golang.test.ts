import { readdirSync, readFileSync } from 'node:fs';
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

/** Shapes that types, flow and search could stumble over: cycles, towers, and squares of large numbers. */
const KNOTS: readonly (readonly [string, string])[] = [
  ['aliases of each other', 'type A = B\ntype B = A\nvar x A\nfunc f() { x.M() }\n'],
  ['types of each other', 'type A B\ntype B A\nfunc (A) M() {}\nfunc f(b B) { b.M() }\n'],
  [
    'a struct that embeds itself',
    'type A struct{ *A; B }\ntype B struct{ A }\nfunc f(a A) { a.M() }\n',
  ],
  [
    'an interface that embeds itself',
    'type I interface{ I; J }\ntype J interface{ I }\nfunc f(i I) { i.M() }\n',
  ],
  [
    'interfaces that embed a thousand each, eight deep',
    `${Array.from({ length: 8 }, (_, i) => `type I${i} interface{ ${big(`I${i + 1}; `, 1000)} }\n`).join('')}type I8 interface{ Z() }\nfunc f(x I0) { x.Q(); x.Z() }\n`,
  ],
  [
    'a value of types of types that is printed',
    `import "fmt"\ntype S0 struct{ a any }\n${Array.from({ length: 12 }, (_, i) => `type S${i + 1} struct{ ${Array.from({ length: 60 }, (__, j) => `f${j} []S${i}`).join('; ')} }\n`).join('')}func f(s S12) { ${big('fmt.Print(s, &s); ', 2000)} }\n`,
  ],
  ['50,000 variables of one name', `${big('var x = f()\n', 50_000)}func f() int { return x }\n`],
  [
    '5,000 values that hold each other and are printed',
    `import "fmt"\n${Array.from({ length: 5000 }, (_, i) => `type T${i} struct{ x any }\n`).join('')}func f() { ${Array.from({ length: 5000 }, (_, i) => `var v${i} T${i}; v${i}.x = T${(i + 1) % 5000}{}; `).join('')} fmt.Print(v0) }\n`,
  ],
  [
    '5,000 types that embed an interface of the next',
    `type I interface{ M() }\n${Array.from({ length: 5000 }, (_, i) => `type T${i} struct{ I }\n`).join('')}func f() { ${Array.from({ length: 4999 }, (_, i) => `_ = T${i}{T${i + 1}{}}; `).join('')} var x I = T0{}; x.M() }\n`,
  ],
  ['constants of each other', 'const a = b\nconst b = a\nvar c = a + b\n'],
  ['variables of each other', 'var a = b()\nfunc b() int { return c }\nvar c = a\n'],
  [
    'a variable at the end of a chain of 20,000 functions',
    `var v = f0()\nvar w = 1\nfunc f20000() int { return w }\n${Array.from({ length: 20_000 }, (_, i) => `func f${i}() int { return f${i + 1}() }\n`).join('')}`,
  ],
  [
    'two thousand variables that each depend on a thousand functions',
    `${Array.from({ length: 2000 }, (_, i) => `var v${i} = f${i % 1000}()\n`).join('')}${Array.from({ length: 1000 }, (_, i) => `func f${i}() int { return f${(i + 1) % 1000}() + f${(i * 7) % 1000}() }\n`).join('')}`,
  ],
  [
    'iterators of themselves',
    'import ("iter"; "slices")\ntype S func(func(S) bool)\nfunc f(s S) { for x := range s { slices.Collect(iter.Seq[S](x)); iter.Pull(iter.Seq[S](s)) } }\n',
  ],
  [
    'type parameters of each other',
    'type A[P B[P]] struct{ p P }\ntype B[Q any] interface{ M(A[B[Q]]) }\nfunc f[S ~[]T, T ~[]S](s S, t T) { f(t[0], s[0]); s[0][0][0][0] = s[0][0][0][0] }\n',
  ],
  [
    'instances of instances in a circle',
    'func f[P any](p P) { g[[]P](nil) }\nfunc g[P any](p P) { f[map[string]P](nil); f[func(P) P](nil) }\nfunc h() { f(1) }\n',
  ],
  [
    'a pattern of stars, and names that nearly fit',
    `import _ "embed"\n//go:embed ${'*a'.repeat(2000)}*b\nvar f string\n`,
  ],
  ['a constraint that is a long blank', `// +build\n//go:build linux ${' '.repeat(400_000)}x\n\n`],
  [
    'a generic type that grows',
    'type T[P any] struct{ f *T[T[P]]; g P }\nfunc f(t T[int]) { t.f.f.f.f.g.M() }\n',
  ],
  ['a constraint of itself', 'func f[P interface{ M(P) }](p P) { p.M(p); f(p) }\n'],
  [
    'a tower of function types',
    `type A0 = func(int)\n${Array.from({ length: 60 }, (_, i) => `type A${i + 1} = func(${big(`A${i},`, 16)} A${i})\n`).join('')}var x A60\nfunc f(y A60) { x = y; var m map[any]A60; _ = m }\n`,
  ],
  [
    'a tower of instances',
    `type G[A, B, C, D any] struct{ a A; b B }\ntype A0 = int\n${Array.from({ length: 60 }, (_, i) => `type A${i + 1} = G[A${i}, A${i}, A${i}, A${i}]\n`).join('')}func g[P any](p G[P, P, P, P]) P { return p.a }\nfunc f(x A60) { _ = g(x); x.a.b.M() }\n`,
  ],
  [
    'a struct of 50,000 embedded types',
    `${numbered((i) => `type E${i} struct{}\n`)}type S struct{\n${numbered((i) => `E${i}\n`)}}\nfunc f(s S) { ${big('s.A(); s.B(); ', 5000)} }\n`,
  ],
  [
    'a tower of 50,000 embedded types',
    `type E0 struct{}\n${numbered((i) => `type E${i + 1} struct{ E${i} }\n`)}func f(e E50000) { e.M() }\n`,
  ],
  [
    '50,000 functions of one name, called as often',
    `${big('func F() {}\n', 50_000)}func g() { ${big('F(); ', 50_000)} }\n`,
  ],
  [
    '50,000 types for 5,000 interfaces',
    `${numbered((i) => `type T${i} struct{}\nfunc (T${i}) M() {}\n`)}${Array.from({ length: 5000 }, (_, i) => `type I${i} interface{ M() }\nfunc f${i}(x I${i}) { x.M() }\n`).join('')}`,
  ],
  [
    'an interface of 20,000 methods',
    `type I interface{\n${Array.from({ length: 20_000 }, (_, i) => `M${i}()\n`).join('')}}\n${Array.from({ length: 2000 }, (_, i) => `type T${i} struct{ E${i} }\ntype E${i} struct{}\nfunc (E${i}) M0() {}\nfunc (E${i}) M1() {}\n`).join('')}func f(x I) { x.M1() }\n`,
  ],
  [
    '50,000 values through one error',
    `import "errors"\n${numbered((i) => `type E${i} struct{}\nfunc (E${i}) Error() string { return "" }\nfunc f${i}() error { return E${i}{} }\n`)}func g(err error) { if e, ok := err.(interface{ Error() string }); ok { _ = e.Error() }; _ = errors.New }\n`,
  ],
  [
    'an else-if chain of 50,000',
    `func f(x int) { ${big('if x == 1 { g() } else ', 50_000)}{ g() } }\nfunc g() {}\n`,
  ],
  [
    'a switch of 100,000 cases',
    `func f(x int) { switch x {\n${big('case 1: g()\n', 100_000)}} }\nfunc g() {}\n`,
  ],
  [
    '100,000 short variables',
    `func f() { ${Array.from({ length: 100_000 }, (_, i) => `a${i} := f; `).join('')} }\n`,
  ],
  ['100,000 old constraints', `${big('// +build linux\n', 100_000)}\n`],
  [
    'a function of 200,000 parameters',
    `func f(${big('a int, ', 200_000)} b any) {}\nfunc g[P any](h P) {}\nfunc k() { g(f) }\n`,
  ],
  ['literals in literals', `var x = []any{${big('[]any{', 5000)}${big('}', 5000)}}\n`],
  [
    'a function that returns itself',
    'type F func(F) F\nfunc f(g F) F { return g(f)(g)(f) }\nfunc init() { f(f)(f) }\n',
  ],
  [
    'a channel of channels of itself',
    'type C chan C\nfunc f(c C) { c <- c; for d := range c { d <- <-c } }\n',
  ],
  [
    'prototype names',
    'type constructor struct{}\nfunc (constructor) __proto__() {}\nvar toString = constructor{}\nfunc hasOwnProperty() { toString.__proto__(); net.valueOf() }\n',
  ],
];

test.each(KNOTS)('%s: read to an end', { timeout: 60_000 }, async (_, body) => {
  const facts = await analyzeFiles({
    'a.go': body.startsWith('// +build') ? `${body}package a\n` : `package a\n\n${body}`,
  });
  expect(facts.packages.map(({ name }) => name)).toEqual(['a']);
});

test('what is embedded deeper than is followed is a gap', async () => {
  const tower = Array.from({ length: 200 }, (_, i) => `type T${i + 1} struct{ T${i} }\n`).join('');
  const { gaps } = await analyzeFiles({
    'a.go': `package a\n\ntype T0 struct{}\nfunc (T0) M() {}\n${tower}func init() { T200{}.M() }\n`,
  });
  expect(gaps.map(({ code }) => code)).toEqual(['over-budget']);
});

test('packages that import each other are read, with their tests', async () => {
  const { packages, capabilities } = await analyzeFiles({
    'a/a.go': 'package a\n\nimport "example.com/m/b"\n\nfunc A() { b.B() }\n',
    'b/b.go':
      'package b\n\nimport (\n\t"os"\n\n\t"example.com/m/a"\n)\n\nfunc B() { a.A(); os.Create("x") }\n',
    'c/c_test.go': 'package c_test\n\nimport . "example.com/m/a"\n\nfunc T() { A() }\n',
  });
  expect(packages).toHaveLength(3);
  const files = capabilities.filter(({ capability }) => capability === 'FILES');
  expect(files.map((fact) => fact.function)).toEqual(['example.com/m/a.A', 'example.com/m/b.B']);
});

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
  const programs = new URL('../conformance/', import.meta.url);
  const real = readdirSync(programs, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.go'))
    .sort()
    .map((path) => readFileSync(new URL(path, programs)));
  const seeds = [new TextEncoder().encode(SEED), ...real];
  for (let i = 0; i < Number(process.env['GLOVEBOX_RUNS'] ?? 1000); i++) {
    const content = mutate(seeds[i % seeds.length] ?? new Uint8Array(), random);
    const facts = await analyzeFiles({ 'a.go': content });
    if (i % 20 === 0) expect(await analyzeFiles({ 'a.go': content })).toEqual(facts);
  }
});
