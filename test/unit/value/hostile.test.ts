import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { textsOf } from '../../support/values.ts';

const repeat = (text: string, times: number) => text.repeat(times);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i % 251).join(',');

/** Code that costs more than it weighs; behind each stands something that has to be seen all the same. */
const SHAPES: Readonly<Record<string, string>> = {
  'an endless loop': 'var a = func() int { n := 0; for { n++ } }()',
  'an endless loop in init': 'func init() { for i := 0; ; i++ { _ = i } }',
  'a loop that ends too late':
    'var a = func() (n int) { for i := 0; i < 1<<40; i++ { n += i }; return }()',
  'texts that double':
    'var a = func() string { s := "ab"; for i := 0; i < 60; i++ { s += s }; return s }()',
  'a text repeated': 'var a = strings.Repeat("abcdefgh", 1<<40)',
  'texts that are repeated again and again':
    'var a = func() string { s := "ab"; for i := 0; i < 30; i++ { s = strings.Repeat(s, 100) }; return s }()',
  'a slice that doubles':
    'var a = func() []byte { b := []byte{1}; for i := 0; i < 60; i++ { b = append(b, b...) }; return b }()',
  'a large make': 'var a = make([]byte, 1<<50)',
  'many large makes':
    'var a = func() [][]byte { var o [][]byte; for { o = append(o, make([]byte, 1<<20)) } }()',
  'a large array': 'var a [1 << 40]byte',
  'arrays of arrays': 'var a [1 << 20][1 << 20][1 << 20]string',
  'an index far away': 'var a = []string{1 << 40: "x"}',
  'a shift by much': 'const a = 1 << 1000000000',
  'constants that double': `const (\n${Array.from({ length: 400 }, (_, i) => `c${i} = ${i === 0 ? '3' : `c${i - 1} * c${i - 1}`}`).join('\n')}\n)`,
  'recursion without end': 'func f(n int) int { return f(n + 1) }\nvar a = f(1)',
  'recursion that doubles':
    'func f(n int) int { if n == 0 { return 1 }; return f(n-1) + f(n-1) }\nvar a = f(60)',
  'recursion that doubles on what is not known':
    'func f(n int) string { if n > 9 { return f(n-1) + f(n-2) }; return "a" + f(n/2) + f(n/3) }',
  'functions that call each other twice': Array.from(
    { length: 60 },
    (_, i) => `func f${i}(s string) string { return f${i + 1}(s) + f${i + 1}(s + "x") }`,
  )
    .join('\n')
    .concat('\nfunc f60(s string) string { return s }\nvar a = f0("q")'),
  'variables that need themselves':
    'var a, b = b + "x", a + "y"\nvar c = func() string { return c2() }()\nfunc c2() string { return c + "z" }',
  'constants that need themselves': 'const a = b + "x"\nconst b = a + "y"',
  'types that need themselves':
    'type A struct { B; *A }\ntype B struct { A }\ntype C [len(d)]C\nvar d C\nvar e A',
  'an alias of itself': 'type A = B\ntype B = A\nvar a A',
  'an array whose length is its own': 'var a [len(a)]int\nconst n = len([n]int{})',
  'many ways': `func f(x int) string { s := ""\n${Array.from({ length: 300 }, (_, i) => `if x > ${i} { s += "${i % 10}" }`).join('\n')}\nreturn s }`,
  'many ways out': `func f(x int) string {\n${Array.from({ length: 300 }, (_, i) => `if x > ${i} { return "${i}" }`).join('\n')}\nreturn "" }`,
  'ways inside ways': `func f(x int) (s string) {\n${repeat('if x > 1 { s += "a"; ', 40)}${repeat('} ', 40)}\nreturn }`,
  'loops inside loops': `func f(x []int) (s string) {\n${repeat('for range x { s += "a"; ', 30)}${repeat('} ', 30)}\nreturn }`,
  'switches inside loops': `func f(x []int) (s string) {\n${repeat('for _, v := range x { switch v { case 1: s += "a"; continue; case 2: break; default: s += "b" }; ', 12)}${repeat('} ', 12)}\nreturn }`,
  'deep parentheses': `var a = ${repeat('(', 3000)}"x"${repeat(')', 3000)}`,
  'a long sum': `var a = "x"${repeat(' + "y"', 20_000)}`,
  'deep calls': `var a = ${repeat('strings.ToUpper(', 1500)}"x"${repeat(')', 1500)}`,
  'deep literals': `var a = ${repeat('[]any{', 1500)}1${repeat('}', 1500)}`,
  'function literals inside each other': `var a = ${repeat('func() any { return ', 300)}1${repeat(' }()', 300)}`,
  'a table of 100,000 bytes': `var a = []byte{${numbers(100_000)}}\nvar b = string(a)`,
  'a table of 100,000 texts': `var a = []string{${repeat('"ab",', 100_000)}}\nvar b = strings.Join(a, "")`,
  'a map of 20,000 entries': `var a = map[int]string{${Array.from({ length: 20_000 }, (_, i) => `${i}:"v"`).join()}}`,
  'deferred calls inside each other': `func f() { ${repeat('defer println(func() { ', 40)}${repeat(' })', 40)} }`,
  'a long chain of fields': `var a = b${repeat('.c', 300)}\nvar b any`,
  'places inside places': `func f() { var a []struct{ i int }; ${repeat('a[', 60)}0${repeat('].i', 60)} = 1 }`,
  'an array that divides by nothing':
    'type T struct { a [1 / 0]int; b string }\nfunc f(x [1 / 0]int, t *T) string { return t.b }\nfunc g() *T { return &T{b: "x" + "y"} }',
  'an array that is shifted to nowhere': 'type T struct { a [1 << -1]int; b string }\nvar a T',
  'an array whose length never ends':
    'func f() int { for { } }\ntype T struct { a [f()]int }\nvar a T',
  'aliases of arrays that divide by nothing': `${Array.from({ length: 300 }, (_, i) => `type A${i} = [1 / 0]int\nfunc f${i}() { var x A${i}; _ = x; println("a" + "b") }`).join('\n')}`,
  'constants that each are the next': `${Array.from({ length: 20_000 }, (_, i) => `const c${i} = c${i + 1}`).join('\n')}\nconst c20000 = 1`,
  'a width of zeros':
    'var a = func() string { return fmt.Sprintf("%" + strings.Repeat("0", 1<<20) + "!") }()',
  'many constants of texts': `const (\n${Array.from({ length: 60_000 }, (_, i) => `c${i} = "v"`).join('\n')}\n)`,
  'methods that lead to a field, each through the next': `type T struct { f string }\nfunc make1() *T { return &T{f: "x"} }\n${Array.from({ length: 3000 }, (_, i) => `func (t *T) m${i}() string { return t.m${i + 1}() }`).join('\n')}\nfunc (t *T) m3000() string { return t.f }`,
  'aliases of aliases': `${Array.from({ length: 3000 }, (_, i) => `type A${i + 1} = A${i}\n`).join('')}type A0 = string\nvar a A3000`,
  'functions that wait for the end':
    'func f() (r string) { for i := 0; i < 1000000; i++ { defer func() { r += "a" }() }; return }',
  'a bomb': `var a = func() string { s, _ := base64.StdEncoding.DecodeString("${bomb()}"); r, _ := gzip.NewReader(strings.NewReader(string(s))); b, _ := io.ReadAll(r); return string(b) }()`,
  'a replacer of many': `var a = strings.NewReplacer(${repeat('"a","b",', 5000)}"c","d").Replace(strings.Repeat("x", 100000))`,
  'a search that is a square':
    'var a = strings.Count(strings.Repeat("a", 1000000), strings.Repeat("a", 500000))',
  'a pattern that never ends':
    'var a = regexp.MustCompile("(a+)+$").ReplaceAllString(strings.Repeat("a", 5000)+"b", "")',
  'a format of many digits': 'var a = fmt.Sprintf("%1000000000d|%.1000000000f", 1, 1.5)',
  'padding again and again': `var a = fmt.Sprintf("${repeat('%09999d', 1000)}"${repeat(', 1', 1000)})`,
  'names of the prototype':
    'var __proto__, constructor, toString = "a" + "b", "c", "d"\nvar m = map[string]string{"__proto__": "x" + "y"}\nfunc hasOwnProperty() string { return __proto__ + m["__proto__"] }',
  'a panic': 'var a = []int{1}[func() int { return 5 }()]',
  'goroutines and channels':
    'func f(c chan string) { go func() { c <- "a" + "b" }(); for s := range c { _ = s + "x" }; select { case s := <-c: _ = s; default: } }',
};

function bomb(): string {
  // 10 MB of nothing, packed: 10 kB.
  return gzipSync(Buffer.alloc(10_485_760)).toString('base64');
}

const HEAD = `package m

import (
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
)

var _ = []any{gzip.NewReader, base64.StdEncoding, fmt.Sprint, io.EOF, regexp.MustCompile, strings.ToUpper}

`;
const BEHIND = `

func Zz() { exec.Command("/bin/" + strings.ToLower("SH"), "-c", string([]byte{120, 121, 122})).Run() }
`;

test.each(Object.entries(SHAPES))('%s', { timeout: 60_000 }, async (_, code) => {
  const { strings, gaps } = await textsOf({ 'm.go': HEAD + code + BEHIND });
  expect(gaps.filter((gap) => gap.code === 'stage-failed')).toEqual([]);
  expect(strings.map(({ value }) => value)).toContain('/bin/sh -c xyz');
});

test.each([
  'an endless loop',
  'an endless loop in init',
  'a loop that ends too late',
  'texts that double',
  'a slice that doubles',
  'a large make',
  'recursion without end',
  'recursion that doubles',
  'a bomb',
])('%s is a gap that says where', async (name) => {
  const { gaps } = await textsOf({ 'm.go': HEAD + SHAPES[name] });
  expect(gaps.length).toBeGreaterThan(0);
  for (const { file, line, detail } of gaps) {
    expect([file, line > 14]).toEqual(['m.go', true]);
    expect(detail).toContain('was not evaluated to its end');
  }
});
