import { expect, test } from 'vitest';
import { analyzeFiles } from '../../support/analyze.ts';

/** The uses of one file of package a, as `symbol line:column`. */
async function usesOf(body: string, head = 'import "os/exec"\n'): Promise<readonly string[]> {
  const { uses, gaps } = await analyzeFiles({ 'a.go': `package a\n\n${head}\n${body}` });
  expect(gaps).toEqual([]);
  return uses.map(({ symbol, line, column }) => `${symbol} ${line}:${column}`);
}

test.each([
  ['a plain call', 'func F() { exec.Command("x") }\n', undefined, ['os/exec.Command 5:12']],
  [
    'a renamed import',
    'func F() { run.Command("x") }\n',
    'import run "os/exec"\n',
    ['os/exec.Command 5:12'],
  ],
  ['a dot import', 'func F() { Command("x") }\n', 'import . "os/exec"\n', ['os/exec.Command 5:12']],
  [
    'a parameter of the same name',
    'func F(exec T) { exec.Command("x") }\ntype T struct{}\nvar _ = exec.ErrNotFound\n',
    undefined,
    [],
  ],
  [
    'a local variable of the same name',
    'func F() { exec := G(); exec.Command("x") }\nfunc G() int { return 1 }\nvar _ = exec.ErrNotFound\n',
    undefined,
    [],
  ],
  [
    'the right side of its own declaration',
    'func F() { exec := exec.Command("x"); _ = exec }\n',
    undefined,
    ['os/exec.Command 5:20'],
  ],
  [
    'a variable of an inner block, used behind it',
    'func F() { { exec := 1; _ = exec }; exec.Command("x") }\n',
    undefined,
    ['os/exec.Command 5:37'],
  ],
  [
    'a range variable',
    'func F() { for exec := range []int{} { exec.Command("x") } }\nvar _ = exec.ErrNotFound\n',
    undefined,
    [],
  ],
  [
    'a range without a declaration',
    'func F() { var i int; for i = range 3 { exec.Command("x") }; _ = i }\n',
    undefined,
    ['os/exec.Command 5:41'],
  ],
  [
    'a type switch variable',
    'func F(v any) { switch exec := v.(type) { case int: exec.Command("x") } }\nvar _ = exec.ErrNotFound\n',
    undefined,
    [],
  ],
  [
    'a received variable',
    'func F(c chan int) { select { case exec := <-c: exec.Command("x") } }\nvar _ = exec.ErrNotFound\n',
    undefined,
    [],
  ],
  [
    'a parameter of a function type only',
    'func F(f func(exec int)) { exec.Command("x") }\n',
    undefined,
    ['os/exec.Command 5:28'],
  ],
  ['a value that is taken', 'var run = exec.Command\n', undefined, ['os/exec.Command 5:11']],
  [
    'a call in parentheses',
    'func F() { (exec.Command)("x") }\n',
    undefined,
    ['os/exec.Command 5:13'],
  ],
  [
    'a method of a made value',
    'func F() { (&exec.Cmd{Path: "x"}).Run() }\n',
    undefined,
    ['os/exec.Cmd 5:14', 'os/exec.Cmd.Run 5:12'],
  ],
  [
    'a method of a parameter',
    'func F(c *exec.Cmd) { c.Start() }\n',
    undefined,
    ['os/exec.Cmd.Start 5:23'],
  ],
  [
    'a method of a package variable',
    'func F() { http.DefaultClient.Get("x") }\n',
    'import "net/http"\n',
    ['net/http.Client.Get 5:12'],
  ],
  [
    'constants and types',
    'func F() { _ = os.O_RDONLY; _ = os.FileMode(1); var _ os.File }\n',
    'import "os"\n',
    [],
  ],
  ['a field of a type', 'func F(r *http.Request) { _ = r.Header }\n', 'import "net/http"\n', []],
  [
    'columns in bytes',
    'func F() { _ = "ä世"; exec.Command("x") }\n',
    undefined,
    ['os/exec.Command 5:25'],
  ],
])('%s', async (_, body, head, expected) => {
  expect(await usesOf(body, head)).toEqual(expect.arrayContaining([...expected]));
  expect(await usesOf(body, head)).toHaveLength(expected.length);
});

const RUN =
  'package a\n\nimport "os/exec"\n\nfunc run() bool { return exec.Command("x").Run() == nil }\n';

/** How surely the program of RUN is started on import. */
async function reachOf(files: Record<string, string>): Promise<string | null | undefined> {
  const { uses } = await analyzeFiles(files);
  return uses.find(({ symbol }) => symbol === 'os/exec.Command')?.reach;
}

test.each([
  ['an init function', 'func init() { run() }\n', 'called'],
  ['a package variable', 'var _ = run()\n', 'called'],
  ['a goroutine', 'func init() { go run() }\n', 'called'],
  ['a deferred call', 'func init() { defer run() }\n', 'called'],
  ['a literal that is called', 'var _ = func() bool { return run() }()\n', 'called'],
  [
    'a literal in a variable that is called',
    'var f = func() bool { return run() }\n\nfunc init() { f() }\n',
    'called',
  ],
  ['a literal in a local variable', 'func init() { f := func() { run() }; f() }\n', 'called'],
  ['a function in a variable that is called', 'var f = run\n\nfunc init() { f() }\n', 'called'],
  ['a timer', 'func init() { time.AfterFunc(1, func() { run() }) }\n', 'called'],
  [
    'a method of a known type',
    'type T struct{}\n\nfunc (T) Go() bool { return run() }\n\nvar _ = T{}.Go()\n',
    'called',
  ],
  [
    'a method of a constructed type',
    'type T struct{}\n\nfunc (*T) Go() bool { return run() }\n\nfunc mk() *T { return nil }\n\nvar _ = mk().Go()\n',
    'called',
  ],
  [
    'an interface of the module',
    'type I interface{ Go() bool }\ntype T struct{}\n\nfunc (*T) Go() bool { return run() }\n\nfunc mk() I { return nil }\n\nvar _ = mk().Go()\n',
    'passed',
  ],
  [
    'a function that is handed over',
    'func init() { register(func() { run() }) }\n\nfunc register(f func()) { other.Keep(f) }\n',
    'passed',
  ],
  [
    'a field that is called',
    'type T struct{ f func() bool }\n\nvar t = T{f: run}\n\nfunc init() { t.f() }\n',
    'called',
  ],
  ['a result that is called', 'func mk() func() bool { return run }\n\nvar _ = mk()()\n', 'called'],
  [
    'a generic function',
    'func g[T any](x T) bool { return run() }\n\nvar _ = g[int](1)\n',
    'called',
  ],
  [
    'a type that is embedded',
    'type T struct{}\n\nfunc (T) Go() bool { return run() }\n\ntype U struct{ *T }\n\nvar _ = U{}.Go()\n',
    'called',
  ],
  [
    'a channel of functions',
    'func init() { c := make(chan func() bool, 1); c <- run; (<-c)() }\n',
    'called',
  ],
  [
    'a slice of functions',
    'func init() { for _, f := range []func() bool{run} { f() } }\n',
    'called',
  ],
  [
    'a map of functions',
    'var m = map[string]func() bool{"x": run}\n\nvar _ = m["x"]()\n',
    'called',
  ],
  [
    'a function that nobody calls',
    'func init() { keep(run) }\n\nfunc keep(func() bool) {}\n',
    'stored',
  ],
  ['a value that is only kept', 'var f = func() bool { return run() }\n', 'stored'],
  ['an exported function', 'func Exported() { run() }\n', null],
])('%s reaches a program on import: %s', async (_, code, expected) => {
  expect(
    await reachOf({
      'a.go': RUN,
      'b.go': `package a\n\nimport (\n\t"time"\n\n\t"x.example/other"\n)\n\nvar _ = time.Second\nvar _ other.T\n\n${code}`,
    }),
  ).toBe(expected);
});

test.each([
  ['an alias of its type', 'type C = exec.Cmd\n\nfunc init() { (&C{}).Run() }\n', 'called'],
  ['its type, embedded', 'type T struct{ *exec.Cmd }\n\nvar _ = T{}.Run()\n', 'called'],
  ['a command that is made by hand', 'var c = exec.Cmd{Path: "x"}\n', 'called'],
  ['the function in a variable', 'var r = exec.Command\n\nfunc init() { r("x") }\n', 'called'],
  [
    'the function in a field',
    'var t = struct{ r func(string, ...string) *exec.Cmd }{r: exec.Command}\n\nfunc init() { t.r("x") }\n',
    'called',
  ],
  ['the function in a local variable', 'func init() { r := exec.Command; r("x") }\n', 'called'],
  [
    'a local name for a variable',
    'var d = exec.Command\n\nfunc init() { r := d; r("x") }\n',
    'called',
  ],
  [
    'a field of a field',
    'type T struct{ u *U }\ntype U struct{ c *exec.Cmd }\n\nvar t T\n\nfunc init() { t.u.c.Run() }\n',
    'called',
  ],
  [
    'a field that is promoted',
    'type T struct{ *U }\ntype U struct{ c *exec.Cmd }\n\nfunc (t *T) go_() { t.c.Run() }\n\nfunc init() { new(T).go_() }\n',
    'called',
  ],
  ['the function in a variable that nobody calls', 'var r = exec.Command\n', 'stored'],
])('a program is reached through %s: %s', async (_, code, expected) => {
  const { uses } = await analyzeFiles({ 'a.go': `package a\n\nimport "os/exec"\n\n${code}` });
  const order = ['called', 'passed', 'assumed', 'stored'];
  const [surest] = uses.map(({ reach }) => order.indexOf(reach ?? '')).sort();
  expect(order[surest ?? -1]).toBe(expected);
});

test('a way through another package of the module is found, by its own name', async () => {
  const { uses } = await analyzeFiles({
    'a.go': 'package a\n\nimport _ "example.com/m/sub-dir"\n',
    'sub-dir/s.go': 'package odd\n\nimport "example.com/m/deep"\n\nfunc init() { named.Run() }\n',
    'deep/d.go': RUN.replace('package a', 'package named').replace('func run', 'func Run'),
  });
  const use = uses.find(({ symbol }) => symbol === 'os/exec.Command');
  expect(use?.reach).toBe('called');
  expect(use?.path.map((step) => step.function)).toEqual([
    'example.com/m/sub-dir.init#1',
    'example.com/m/deep.Run',
  ]);
});

test.each([
  ['a test file', 'a_test.go', 'test'],
  ['testdata', 'testdata/a.go', 'none'],
  ['a folder with an underscore', '_x/a.go', 'none'],
])('what stands in %s does not run on import', async (_, path, trigger) => {
  const { uses } = await analyzeFiles({ [path]: `${RUN}\nvar _ = run()\n` });
  expect(uses.map((use) => use.trigger)).toEqual(uses.map(() => trigger));
});

test('a main package runs as a program, not on import', async () => {
  const { uses } = await analyzeFiles({
    'main.go': `${RUN.replace('package a', 'package main')}\nfunc main() { run() }\n`,
  });
  expect(uses.every(({ trigger }) => trigger === 'main')).toBe(true);
});

test('capabilities name functions as the tools of Go do', async () => {
  const { capabilities } = await analyzeFiles({
    'a.go':
      'package a\n\nimport (\n\t"net/http"\n\t"os"\n\t"unsafe"\n)\n\ntype T struct{}\n\nfunc (t *T) M() { os.Getenv("x") }\n\nfunc (T) V() { http.Get("x") }\n\nvar p = (*T)(unsafe.Pointer(nil))\n\nfunc init() {}\n\nfunc init() { func() { os.Create("x") }() }\n\nfunc asm()\n',
  });
  expect(
    capabilities
      .filter(({ kind }) => kind === 'direct')
      .map(({ capability, function: name, onImport }) => [capability, name, onImport]),
  ).toEqual([
    ['ARBITRARY_EXECUTION', 'example.com/m.asm', false],
    ['FILES', 'example.com/m.init#2$1', true],
    ['NETWORK', 'example.com/m.T.V', false],
    ['READ_SYSTEM_STATE', 'example.com/m.(*T).M', false],
    ['UNSAFE_POINTER', 'example.com/m.init', true],
  ]);
});

test('what cannot be followed is a limit, on import or not', async () => {
  const { limits } = await analyzeFiles({
    'a.go':
      'package a\n\nimport (\n\t"C"\n\t"plugin"\n\t"reflect"\n\n\t"other.example/x"\n)\n\nvar _ = x.New()\n\nfunc F(v reflect.Value) { v.Call(nil); plugin.Open("x") }\n\nfunc asm()\n',
    'a.syso': '',
  });
  expect(limits.map(({ code, onImport }) => `${code} ${onImport}`).sort()).toEqual([
    'assembly false',
    'assembly true',
    'cgo true',
    'external-call true',
    'plugin false',
    'reflection false',
  ]);
});

test('files carry their constraint and who embeds them', async () => {
  const { files, directives } = await analyzeFiles({
    'a.go':
      '//go:build linux && !cgo\n\npackage a\n\nimport _ "embed"\n\n//go:embed data/*.txt "b c.bin"\nvar x string\n\n//go:generate sh -c evil\n//go:linkname x y\n',
    'a_windows_amd64.go': '// +build ignore tools,go1.2\n\npackage a\n',
    'data/x.txt': '',
    'data/y.bin': '',
    'b c.bin': '',
  });
  expect(files.map(({ path, constraint, embeddedBy }) => [path, constraint, embeddedBy])).toEqual([
    ['a.go', 'linux && !cgo', []],
    ['a_windows_amd64.go', '(ignore || (tools && go1.2)) && windows && amd64', []],
    ['b c.bin', null, ['a.go:7']],
    ['data/x.txt', null, ['a.go:7']],
    ['data/y.bin', null, []],
  ]);
  expect(directives.map(({ kind, line }) => [kind, line])).toEqual([
    ['build', 1],
    ['embed', 7],
    ['generate', 10],
    ['linkname', 11],
    ['build', 1],
  ]);
});

test('a command that is put together from a table is a string with its value', async () => {
  const { strings, combinations } = await analyzeFiles({
    'a.go':
      'package a\n\nimport "os/exec"\n\nfunc F() { t := []string{"s", "h", "-c"}; exec.Command(t[0]+t[1]+""+t[2]) }\n',
  });
  expect(strings).toEqual([
    { file: 'a.go', line: 5, column: 56, value: 'sh-c', how: ['index', 'concat'] },
  ]);
  expect(combinations.map(({ kinds }) => kinds)).toEqual([['assembled', 'exec']]);
});

test('thousands of aliases, each of the next, are a gap and nothing more', async () => {
  const aliases = Array.from({ length: 3000 }, (_, i) => `type A${i + 1}[T any] = A${i}[T]\n`);
  const { capabilities, gaps } = await analyzeFiles({
    'a.go': `package a\n\nimport "os/exec"\n\ntype A0[T any] = string\n${aliases.join('')}\nvar x A3000[int]\n\nfunc init() { exec.Command("sh").Run() }\n`,
  });
  expect(JSON.stringify(capabilities)).toContain('os/exec.Command');
  expect(gaps.map(({ detail }) => detail)).toEqual([
    'aliases lead to others deeper or wider than is followed',
  ]);
});
