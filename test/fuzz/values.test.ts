import { expect, test } from 'vitest';
import { createGoWriter, GO_HEAD } from '../support/go-programs.ts';
import { pick } from '../support/grammar.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { textsOf } from '../support/values.ts';

/** Fewer steps than the product allows: what goes wrong goes wrong early, and more is tried. */
const LIMITS = { steps: 100_000, memory: 1_048_576, depth: 100, loose: 5000 };
const RUNS = Math.max(300, Number(process.env['GLOVEBOX_RUNS'] ?? 300));

const TOKEN =
  /[A-Za-z_]\w*|\d[\w.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|:=|&&|\|\||<<|>>|&\^|[-+*/%&|^<>=!]=?|\.\.\.|\s+|./gs;
const ODD = [
  'nil',
  '0',
  '-1',
  '1<<63',
  '""',
  'interface{}',
  '[]byte',
  '*',
  '&',
  '...',
  'map[string]int{}',
  'goto x',
  'x:',
  'func() {}',
  'defer',
  'go',
  'recover()',
  'panic(1)',
  'struct{}{}',
  '[3]string{}',
  'iota',
  '_',
  'break',
  'continue',
  'fallthrough',
  'range',
  'select {}',
  'chan int',
  '<-',
  '.(string)',
  '.(type)',
  '[:]',
  '[0]',
  '()',
  'init',
  'len',
  'append',
  'copy',
  'new',
  'make',
  '1.5',
  "'x'",
];

/** Takes tokens out, doubles them, moves them, or puts odd ones in their place. */
function shuffleTokens(source: string, random: () => number): string {
  const tokens = source.match(TOKEN) ?? [];
  for (let changes = 1 + Math.floor(random() * 12); changes > 0; changes--) {
    const at = Math.floor(random() * tokens.length);
    const other = Math.floor(random() * tokens.length);
    switch (Math.floor(random() * 5)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 0, tokens[other] ?? '');
        break;
      case 2:
        tokens[at] = pick(random, ODD);
        break;
      case 3:
        tokens.splice(at, 0, ' ', pick(random, ODD), ' ');
        break;
      default:
        tokens.splice(at, 0, ...tokens.slice(other, other + 8));
    }
  }
  return tokens.join('');
}

test(`${RUNS} damaged programs: each ends, and none finds a fault of ours`, {
  timeout: RUNS * 1000 + 60_000,
}, async () => {
  const failed: string[] = [];
  for (let i = 0; i < RUNS; i++) {
    const random = seededRandom(20261127 + i);
    const { source } = createGoWriter(random, i).write();
    const whole = GO_HEAD + source;
    const text =
      i % 4 === 0
        ? Buffer.from(mutate(Buffer.from(whole), random)).toString('latin1')
        : shuffleTokens(whole, random);
    const { gaps } = await textsOf({ 'm.go': text }, '1.24', LIMITS);
    for (const gap of gaps) if (gap.code === 'stage-failed') failed.push(`${i}: ${gap.detail}`);
  }
  expect(failed).toEqual([]);
});
