import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { evaluateFiles } from '../support/values.ts';

const IMPORTS = ['bytes', 'errors', 'fmt', 'sort', 'strconv', 'strings', 'time'];
const DECLARATIONS = `
type A struct{ s string }

func (a A) V() string           { return a.s }
func (a *A) P(t string)         { a.s += t }
func (a A) Grown(t string) A    { a.s += t; return a }

func (a A) Add(to *string) { *to += a.s }

func handle() { recover() }

type Outer struct{ *A }

type writer struct{ s string }

func (w *writer) Write(p []byte) (int, error) { w.s += string(p); return len(p), nil }

type teller struct{ n *int }

func (t teller) String() string { *t.n++; return "t" }

type thrower struct{}

func (thrower) String() string { panic(1) }

type base struct{ N named }

type derived struct{ base }

type key string

func get[T comparable](m map[T]string, k T) string { return m[k] }
func asText[T ~string | ~[]byte](s string) string   { return fmt.Sprint(T(s)) }
func second[T, U any](b T, a U) string              { return fmt.Sprint(a) }
func tri[T ~uint8 | ~int](a, b T) T                 { return b * 3 }
func half[T ~int | ~float64](a, b T) T              { return a / 2 }
func kind[T any](xs []T) string {
	switch any(xs).(type) {
	case []string:
		return "s"
	}
	return "other"
}

var buf []string

func add() string { buf = append(buf, "x"); return "y" }

type broken struct{}

func (*broken) Error() string { return "broken" }

func typedNil() error { var e *broken; return e }
func noError() error  { return nil }

type node struct {
	v    int
	next *node
}

func two() (int, int) { return 2, 9 }

type counter[T ~uint8 | ~int] struct{ k T }

func (c *counter[T]) next(x T) T { c.k += x; return c.k }

func mul[T ~uint8 | ~int8 | ~int](a, b T) T { return a * b }
func all[T ~int8 | ~int](xs ...T) (sum T) { for _, x := range xs { sum += x }; return }

type named int

func (n named) String() string { return "N" + strconv.Itoa(int(n)) }

type shown struct {
	N named
	n named
	b []named
}
`;

/** Bodies of functions that give a text; what decides it is easy to get wrong. */
const BODIES = [
  // Writing into builders.
  'var b strings.Builder; b.WriteString("a "); fmt.Fprintf(&b, "%s-%d", "b", 3); fmt.Fprint(&b, 1, 2, "x", 3); fmt.Fprintln(&b, "c", 4); return b.String()',
  'var b bytes.Buffer; n, err := fmt.Fprintf(&b, "%v", "abc"); return fmt.Sprint(n, err, b.String())',
  'b := bytes.NewBufferString("x"); fmt.Fprint(b, "y"); return b.String()',
  // Deferred calls.
  'r := ""; func() { for _, x := range []string{"h", "s", "/bin/"} { defer func() { r += x }() } }(); return r',
  'r := ""; func() { for i := 0; i < 3; i++ { defer func() { r += fmt.Sprint(i) }() } }(); return r',
  'r := ""; func() { for i := range 3 { j := i * 2; defer func() { r += fmt.Sprint(j) }() } }(); return r',
  'r := ""; func() { f := func() { r += "A" }; defer f(); f = func() { r += "B" } }(); return r',
  'r := ""; add := func(s string) { r += s }; func() { s := "x"; defer add(s); s = "y"; defer add(s) }(); return r',
  'a := &A{"1"}; b := a; func() { defer a.P("z"); a = &A{"2"} }(); return b.s + a.s',
  'a := A{"1"}; r := ""; show := func(x A) { r += x.s }; func() { defer show(a); a.s = "2" }(); return r',
  'r := ""; func() { defer func() { r += "1" }(); if len(r) == 0 { defer func() { r += "2" }() }; defer func() { r += "3" }() }(); return r',
  'a := A{"1"}; r := ""; func() { defer func(s string) { r += s }(a.V()); a.s = "2" }(); return r',
  'r := ""; a := A{"1"}; func() { defer a.Add(&r); a.s = "2" }(); return r',
  'r := ""; a := &A{"1"}; func() { defer a.Add(&r); a.s = "2" }(); return r',
  'var b strings.Builder; xs := []any{"a"}; func() { defer fmt.Fprint(&b, xs...); xs[0] = "b" }(); return b.String()',
  'f := func(x bool) (s string) { defer handle(); s = "a"; if x { s = "b"; panic(1) }; return "c" }; return f(true) + f(false)',
  // Method values.
  'a := A{"x"}; f := a.V; a.s = "y"; return f() + a.V()',
  'a := &A{"x"}; f := a.V; a.s = "y"; return f() + a.V()',
  'o := Outer{&A{"x"}}; f := o.V; o.A.s = "y"; return f() + o.V()',
  'a := A{"x"}; f := a.P; a.s = "y"; f("z"); return a.s',
  'a := A{"x"}; b := a.Grown("y"); return a.s + b.s',
  // Nil in interfaces.
  'if err := typedNil(); err != nil { return "set" }; return "nil"',
  'if err := noError(); err != nil { return "set" }; return "nil"',
  'var e *broken; if e == nil { return "nil" }; return "set"',
  'var p *A; var x any = p; if x == nil { return "nil" }; return "set"',
  // Order of assignments.
  'a := []int{1, 2, 3}; i := 0; i, a[i] = 2, 9; return fmt.Sprint(i, a)',
  'a := []int{1, 2, 3}; i := 0; i, a[i] = two(); return fmt.Sprint(i, a)',
  'a := []int{1, 2, 3}; old := a; a, a[0] = []int{7, 8}, 5; return fmt.Sprint(a, old)',
  'p := &node{v: 1}; old := p; p, p.v = &node{v: 2}, 3; return fmt.Sprint(p.v, old.v)',
  'x, y := 1, 2; p := &x; p, *p = &y, 5; return fmt.Sprint(x, y, *p)',
  'm := map[string]int{}; k := "a"; k, m[k] = "b", 1; return fmt.Sprint(k, m)',
  'a := []int{1, 2, 3}; i := 0; for i, a[i] = range []int{5, 6, 7} { }; return fmt.Sprint(i, a)',
  'a, b, c := "a", "b", "c"; a, b, c = c, a, b; return a + b + c',
  'a, b := A{"1"}, A{"2"}; a, b = b, a; return a.s + b.s',
  'xs := []A{{"1"}, {"2"}}; xs[0], xs[1] = xs[1], xs[0]; return xs[0].s + xs[1].s',
  'a, b := [1]int{1}, [1]int{2}; a, b, n := b, a, 1; return fmt.Sprint(a, b, n)',
  'buf = []string{"a"}; buf[0] = add(); return fmt.Sprint(buf)',
  'r := ""; func() { defer func() { recover() }(); var p *node; p.v = func() int { r = "run"; return 1 }() }(); return r',
  'a := [3]int{1, 2, 3}; a[0], a[1], a[2] = a[2], a[0], a[1]; return fmt.Sprint(a)',
  'n := &node{1, &node{2, nil}}; n, n.next = n.next, nil; return fmt.Sprint(n.v, n.next == nil)',
  // Generics with types that are said.
  'c := counter[uint8]{k: 200}; return fmt.Sprint(c.next(100))',
  'var c counter[uint8]; c.k = 200; return fmt.Sprint(c.next(100))',
  'return fmt.Sprint(mul[uint8](20, 20))',
  'return fmt.Sprint(mul[int8](100, 2))',
  'return fmt.Sprint(mul(20, 20))',
  'var x uint8 = 20; return fmt.Sprint(mul(x, 20))',
  'return fmt.Sprint(all[int8](127, 1))',
  'f := mul[uint8]; return fmt.Sprint(f(20, 20))',
  'return get(map[key]string{"a": "x"}, "a")',
  'return asText[[]byte]("ab") + asText[string]("ab")',
  'return second[int8](1, 300)',
  'return fmt.Sprint(tri(uint8(1), 100))',
  'return fmt.Sprint(half(1, 2.5))',
  'return kind([]string{"a"}) + kind([]int{1})',
  // Sharing.
  's := []int{1, 2, 3}; p := (*[2]int)(s); p[0] = 9; return fmt.Sprint(s)',
  's := []int{1, 2, 3}; a := [2]int(s); a[0] = 9; return fmt.Sprint(s, a)',
  's := make([]int, 2, 5); t := append(s, 1); u := append(s, 2); return fmt.Sprint(t, u)',
  's := []int{1, 2, 3, 4}; t := append(s[:1:1], 9); return fmt.Sprint(s, t)',
  's := []int{1, 2, 3, 4}; t := append(s[:1], 9); return fmt.Sprint(s, t)',
  // Method sets.
  'var x any = A{}; _, ok := x.(interface{ P(string) }); return fmt.Sprint(ok)',
  'var x any = &A{}; _, ok := x.(interface{ P(string); V() string }); return fmt.Sprint(ok)',
  'var x any = A{}; _, ok := x.(interface{ V() string }); return fmt.Sprint(ok)',
  // Printing.
  'return fmt.Sprintf("%+v %+v %+v %+v %+d", 7, 5.5, []int{1, 2}, struct{ A int }{1}, 7)',
  'return fmt.Sprintf("%x %s %d", [3]byte{1, 2, 3}, [3]byte{65, 66, 67}, [3]byte{1, 2, 3})',
  'return fmt.Sprintf("%v %+v", shown{1, 2, []named{3}}, shown{N: 4})',
  'return fmt.Sprintf("%s %d", []any{"a", nil}, map[string]any{"k": nil})',
  'return fmt.Sprintf("%s %v", nil, nil)',
  'var p *int; return fmt.Sprintf("%s %d", p, p)',
  'return fmt.Sprintf("%08x|%8x|%-8x|", "hi", "hi", "hi")',
  "return fmt.Sprintf(\"%+q %q\", 'é', 'é')",
  'return fmt.Sprintf("%T %T %T %T", shown{}, []int{}, map[string]bool{}, "x")',
  'return fmt.Sprintf("%T %T", func(int) string { return "" }, struct{ A int }{})',
  `s, err := strconv.Unquote("'x'"); return fmt.Sprint(s, err)`,
  `s, err := strconv.Unquote("'xy'"); return fmt.Sprint(s, err != nil)`,
  'return fmt.Sprint(thrower{})',
  'return fmt.Sprint(derived{base{1}})',
  'return fmt.Sprintf("%05v|%05t|%05q|%2000000d", "a", true, "a", 1)[:20]',
  'return fmt.Sprintf("% f|%06f", 1.5, 1.5)',
  'var x any = []byte("a"); x = nil; switch x.(type) { case nil: return "nil"; case []byte: return "bytes" }; return ""',
  // Code that library functions run.
  'w := &writer{}; fmt.Fprint(w, "abc"); return w.s',
  'n := 0; fmt.Print(teller{&n}); return fmt.Sprint(n)',
  'r := "a"; strings.Map(func(c rune) rune { r += string(c); return c }, "xy"); return r',
  'r := "a"; strings.FieldsFunc("x y", func(c rune) bool { r += string(c); return c == 32 }); return r',
  'r := "a"; strings.IndexFunc("xy", func(c rune) bool { r += string(c); return false }); return r',
  'var e *broken; err := error(&broken{}); return fmt.Sprint(errors.As(err, &e), e != nil)',
  'r := "a"; done := make(chan bool); time.AfterFunc(0, func() { r += "b"; done <- true }); <-done; return r',
  'x := []string{"b", "a"}; sort.Slice(x, func(i, j int) bool { return x[i] < x[j] }); return strings.Join(x, "")',
  'b := []byte("abc"); b = strconv.AppendInt(b[:1], 5, 10); return string(b)',
];

const head = (bodies: readonly string[], name: string): string => {
  const code = bodies.map((body, i) => `func ${name}${i}() string { ${body} }\n`).join('');
  const used = IMPORTS.filter((one) => `${DECLARATIONS}${code}`.includes(`${one}.`));
  return `import (\n${used.map((one) => `\t"${one}"\n`).join('')})\n${DECLARATIONS}\n${code}`;
};

/** The same loops, with variables of all turns or of each. */
const LOOPS = [
  'r := ""; var fs []func() string; for _, s := range []string{"a", "b"} { fs = append(fs, func() string { return s }) }; for _, f := range fs { r += f() }; return r',
  'r := ""; var ps []*int; for i := range 3 { ps = append(ps, &i) }; for _, p := range ps { r += string(rune(48 + *p)) }; return r',
  'r := ""; var fs []func() string; for i := 0; i < 3; i++ { fs = append(fs, func() string { return string(rune(48 + i)) }) }; for _, f := range fs { r += f() }; return r',
  'r := ""; for n := 0; n < 2; n++ { var fs []func() string; for _, s := range []string{"a", "b"} { fs = append(fs, func() string { return s }) }; for _, f := range fs { r += f() } }; return r',
];

/** Runs functions `name0`, `name1`… of files with Go; what each gives, in hexadecimal digits. */
function realValues(files: Readonly<Record<string, string>>, names: readonly string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'glovebox-language-'));
  const calls = names.map((name) => `\tprintln(hex(${name}()))\n`).join('');
  const main = `package main\n\nimport "os"\n\nfunc println(s string) { os.Stdout.WriteString(s + "\\n") }\nfunc hex(s string) string { const d = "0123456789abcdef"; o := ""; for i := 0; i < len(s); i++ { o += string(d[s[i]>>4]) + string(d[s[i]&15]) }; return o }\n\nfunc main() {\n${calls}}\n`;
  for (const [name, text] of Object.entries({ ...files, 'main.go': main }))
    writeFileSync(join(dir, name), text);
  const lines = execFileSync('go', ['run', '.'], { cwd: dir, encoding: 'utf8' }).split('\n');
  rmSync(dir, { recursive: true });
  return lines;
}

/** What is known otherwise than Go says, and how much is known. */
async function compare(
  files: Readonly<Record<string, string>>,
  [name, bodies, goVersion]: readonly [string, readonly string[], string],
) {
  const names = bodies.map((_, i) => `${name}${i}`);
  const goMod = `module example.com/m\n\ngo ${goVersion}\n`;
  const real = realValues({ ...files, 'go.mod': goMod }, names);
  const evaluation = await evaluateFiles(files, goVersion);
  const wrong: string[] = [];
  const unknown: string[] = [];
  for (const [i, one] of names.entries()) {
    const ours = evaluation.resultOf('example.com/m', one);
    const shown = ours === undefined ? undefined : Buffer.from(ours, 'latin1').toString('hex');
    if (shown === undefined) unknown.push(bodies[i] ?? '');
    else if (shown !== real[i])
      wrong.push(`${bodies[i]}: ${ours}, not ${Buffer.from(real[i] ?? '', 'hex').toString()}`);
  }
  return { wrong, unknown };
}

describeWith('go', ['version'], 'the language against programs that run', () => {
  test('where it is easy to get wrong', { timeout: 120_000 }, async () => {
    const files = { 'a.go': `package main\n\n${head(BODIES, 'f')}` };
    const { wrong, unknown } = await compare(files, ['f', BODIES, '1.24']);
    console.log(`LANGUAGE ${BODIES.length} functions, not known:\n${unknown.join('\n')}`);
    expect(wrong).toEqual([]);
    expect(unknown.length / BODIES.length).toBeLessThan(0.45);
  });

  test.each([
    ['1.21', ''],
    ['1.22', ''],
    ['1.21', '//go:build go1.22\n\n'],
    ['1.24', '//go:build go1.21\n\n'],
    ['1.24', '//go:build linux && go1.18\n\n'],
    ['1.24', '//go:build linux\n\n'],
  ])('loops of go %s %j', { timeout: 120_000 }, async (version, constraint) => {
    // Numbers in ranges are of the same release as variables of each turn.
    const isNew = /go1\.22/.test(constraint) || (version >= '1.22' && !/go1/.test(constraint));
    const bodies = LOOPS.filter((one) => isNew || !one.includes('range 3'));
    const code = bodies.map((body, i) => `func l${i}() string { ${body} }\n`).join('');
    const source = `${constraint}package main\n\n${code}`;
    const result = await compare({ 'a.go': source }, ['l', bodies, version]);
    expect(result).toEqual({ wrong: [], unknown: [] });
  });
});
