import { expect, test } from 'vitest';
import { analyzeModule, type Capability, type Why } from '#golang';
import { openTestParser } from '../../support/analyze.ts';

const LIMITS = { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 };

async function explain(
  files: Readonly<Record<string, string>>,
  name: string,
  capability: Capability = 'EXEC',
): Promise<Why> {
  const tree = {
    list: () => Object.keys(files).sort(),
    read: (path: string) => new TextEncoder().encode(files[path]),
  };
  const { why } = await analyzeModule('example.com/m', tree, {
    parser: await openTestParser(),
    reopen: async () => undefined,
    limits: LIMITS,
    breathe: async () => undefined,
    why: { function: name, capability },
  });
  if (why === undefined) throw new Error('no answer');
  return why;
}

const HEAD = 'package m\n\nimport "os/exec"\n\nfunc run() { exec.Command("x").Run() }\n';

/** The functions of each way, by their last names. */
function waysOf({ paths }: Why): readonly string[] {
  return paths.map(({ steps }) =>
    steps.map((step) => step.function.replace(/^.*?([\w#$]+)$/, '$1')).join(' '),
  );
}

test('every way is given, the shortest first, with its places', async () => {
  const why = await explain(
    {
      'a.go': `${HEAD}\nfunc A() { b(); c() }\nfunc b() { c(); d() }\nfunc c() { d() }\nfunc d() { run() }\n`,
    },
    'A',
  );
  expect(why.function).toBe('example.com/m.A');
  expect(why.isWhole).toBe(true);
  expect(waysOf(why)).toEqual([
    'A b d run Command',
    'A b d run Run',
    'A c d run Command',
    'A c d run Run',
    'A b c d run Command',
    'A b c d run Run',
  ]);
  expect(why.paths[0]?.steps[0]).toEqual({
    function: 'example.com/m.A',
    file: 'a.go',
    line: 7,
    column: 12,
  });
});

test('circles are gone through once', async () => {
  const why = await explain(
    { 'a.go': `${HEAD}\nfunc A() { b() }\nfunc b() { A(); c() }\nfunc c() { b(); run() }\n` },
    'm.A',
  );
  expect(waysOf(why)).toEqual(['A b c run Command', 'A b c run Run']);
});

test('calls through interfaces and values are steps of their own', async () => {
  const why = await explain(
    {
      'a.go': `${HEAD}
type I interface{ M() }
type S struct{}
func (S) M() { run() }
type T struct{}
func (T) M() { run() }
func A(f func()) { var i I = S{}; i = T{}; i.M(); f() }
func init() { A(run) }
`,
    },
    'm.A',
  );
  expect(waysOf(why)).toEqual([
    'A run Command',
    'A run Run',
    'A M run Command',
    'A M run Run',
    'A M run Command',
    'A M run Run',
  ]);
});

test('steps that are never in one build are no way', async () => {
  const files = {
    'a.go': 'package m\n\nfunc A() { b() }\n',
    'a_linux.go': 'package m\n\nfunc b() { c() }\n',
    'a_windows.go': 'package m\n\nfunc b() { d() }\n',
    'c_windows.go':
      'package m\n\nimport "os/exec"\n\nfunc c() { exec.Command("x") }\nfunc d() { exec.Command("x") }\n',
    'c_linux.go': 'package m\n\nfunc c() {}\n',
  };
  const why = await explain(files, 'm.A');
  expect(waysOf(why)).toEqual(['A b d Command']);
  expect(why.paths[0]?.constraint).toBe('windows');
});

test('what is only kept or may be called by the library is said to be assumed', async () => {
  const why = await explain(
    {
      'a.go': `${HEAD}\nimport "fmt"\n\ntype T struct{}\nfunc (T) String() string { run(); return "" }\nfunc A() { fmt.Println(T{}) }\n`,
    },
    'm.A',
  );
  expect(waysOf(why)).toEqual(['A String run Command', 'A String run Run']);
  expect(why.isAssumed).toBe(true);
});

test('the initialiser of a package is one step', async () => {
  const why = await explain(
    { 'a.go': `${HEAD}\nvar x = f()\nfunc f() int { run(); return 1 }\n` },
    'm.init',
  );
  expect(waysOf(why)).toEqual(['init f run Command', 'init f run Run']);
});

test('a name that is not whole is found, or what it may mean is said', async () => {
  const files = {
    'a/a.go': 'package a\n\nimport "os/exec"\n\nfunc Run() { exec.Command("x") }\n',
    'b/b.go': 'package b\n\nfunc Run() {}\nfunc Other() {}\n',
  };
  expect((await explain(files, 'a.Run')).paths).toHaveLength(1);
  expect(await explain(files, 'Run')).toMatchObject({
    function: null,
    candidates: ['example.com/m/a.Run', 'example.com/m/b.Run'],
  });
  expect(await explain(files, 'b.Othr')).toMatchObject({
    function: null,
    candidates: ['example.com/m/b.Other'],
  });
  expect(await explain(files, 'b.Other')).toMatchObject({
    function: 'example.com/m/b.Other',
    paths: [],
    isWhole: true,
  });
});

test('a knot with more ways than stars is given up, and that is said', async () => {
  const calls = Array.from({ length: 40 }, (_, i) => `f${i}()`).join('; ');
  const all = Array.from({ length: 40 }, (_, i) => `func f${i}() { ${calls}; run() }`).join('\n');
  const why = await explain({ 'a.go': `${HEAD}\n${all}\n` }, 'f0');
  expect(why.isWhole).toBe(false);
  expect(why.paths.length).toBe(200);
  expect(why.paths[0]?.steps).toHaveLength(3);
});
