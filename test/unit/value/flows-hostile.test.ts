import { expect, test } from 'vitest';
import { flowsOf } from '../../support/values.ts';

const HEAD = 'package m\n\nimport (\n\t"os"\n\t"os/exec"\n)\n\n';
const repeat = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
/** An honest flow beside what is hostile: it is still found. */
const BESIDE = '\nfunc Beside() { exec.Command(os.Getenv("BESIDE")) }\n';

test.each([
  ['literals inside each other', `type T []T\nvar t = T${'{'.repeat(20_000)}${'}'.repeat(20_000)}`],
  ['fields inside each other', `func F(x any) { x${'.a'.repeat(10_000)} = os.Getenv("A") }`],
  [
    'parentheses',
    `func F(x string) { ${'('.repeat(20_000)}x${')'.repeat(20_000)} = os.Getenv("A") }`,
  ],
  ['blocks inside each other', `func F() { ${'{'.repeat(5000)}${'}'.repeat(5000)} }`],
  ['functions inside each other', `func F() { ${'func() { '.repeat(1000)}${'}()'.repeat(1000)} }`],
  [
    'branches with as many values',
    `func F(n int) {\n${repeat(8000, (i) => `x${i} := os.Getenv("A")\nif n > ${i} { exec.Command(x${i}) }\n`)}}`,
  ],
  [
    'loops inside each other',
    `func F(n int, x string) { ${'for i := 0; i < n; i++ { x += os.Getenv("A"); '.repeat(200)}${'}'.repeat(200)} }`,
  ],
  [
    'functions that all call each other',
    repeat(
      2000,
      (i) =>
        `func f${i}(x string) string { return f${(i * 7) % 2000}(x) + f${(i * 13) % 2000}(os.Getenv("A")) }\n`,
    ),
  ],
  [
    'fields of fields',
    `type T struct { a, b, c *T; s string }\nfunc F(t *T) {\n${repeat(3000, (i) => `t.${'abc'[i % 3]}.${'abc'[(i >> 1) % 3]} = t.${'abc'[(i >> 2) % 3]}\n`)}t.a.s = os.Getenv("A")\nexec.Command(t.b.c.s)\n}`,
  ],
  [
    'a switch of many cases over many variables',
    `func F(n int) {\n${repeat(200, (i) => `var v${i} string\n`)}for {\nswitch n {\n${repeat(3000, (i) => `case ${i}: v${i % 200} = v${(i + 1) % 200} + os.Getenv("A")\n`)}}\n}\n}`,
  ],
])('%s end, and what is beside is found', { timeout: 60_000 }, async (_, code) => {
  const { flows } = await flowsOf({ 'a.go': HEAD + code, 'b.go': HEAD + BESIDE });
  expect(flows.some(({ path }) => path[0]?.file === 'b.go')).toBe(true);
});

test('a sum of many parts carries each of them', async () => {
  const sum = (at: number) =>
    repeat(5000, (i) => `${i === 0 ? '' : ' + '}${i === at ? 'os.Getenv("A")' : `"${i}"`}`);
  for (const at of [0, 2500, 4999]) {
    const { flows } = await flowsOf({ 'a.go': `${HEAD}func F() { exec.Command(${sum(at)}) }\n` });
    expect(flows.length).toBe(1);
  }
});
