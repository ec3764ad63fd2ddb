import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { analyzeFiles } from '../support/analyze.ts';
import { describeWith } from '../support/go.ts';
import { seededRandom } from '../support/mutate.ts';

const SAY = `package say

import "os"

func Say(name string, of ...int) int { os.Stdout.WriteString(name + "\\n"); return len(of) }
`;

interface Made {
  readonly files: Record<string, string>;
  readonly packages: readonly string[];
}

/**
 * A module whose initialisers say their names. What is later in the list of a package depends on what is
 * earlier, by name, through functions, methods and literals; the files have it in another order.
 */
function makeModule(random: () => number): Made {
  const pick = (limit: number) => Math.floor(random() * limit);
  const shuffle = <Item>(list: readonly Item[]): Item[] =>
    list
      .map((item) => [random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  const names = shuffle(['a', 'b', 'b/c', 'd', 'e', 'f/g', 'h', 'z']);
  const files: Record<string, string> = { 'say/say.go': SAY };
  names.forEach((dir, number) => {
    const base = dir.split('/').at(-1) as string;
    const imports = names.slice(0, number).filter(() => pick(3) === 0);
    const declared: string[] = [];
    const known: string[] = [];
    const use = () => (known.length === 0 ? '1' : (known[pick(known.length)] as string));
    for (let i = 0; i < 16; i++) {
      const say = `say.Say("${base}.v${i}", ${use()}, ${use()})`;
      switch (pick(8)) {
        case 0:
          // Two that call each other.
          declared.push(
            `func f${i}(n int) int { if n > 0 { return ${use()} + g${i}(n-1) }; return 0 }`,
            `func g${i}(n int) int { return ${use()} + f${i}(n) }`,
          );
          known.push(`f${i}(1)`, `g${i}(0)`);
          break;
        case 1:
          declared.push(
            `type T${i} struct{}`,
            `func (T${i}) M() int { return ${use()} }`,
            `func (*T${i}) P() int { return ${use()} }`,
          );
          known.push(`T${i}{}.M()`, `(&T${i}{}).P()`, `T${i}.M(T${i}{})`);
          break;
        case 2:
          declared.push(`var v${i} = func() int { return ${say} }()`);
          known.push(`v${i}`);
          break;
        case 3:
          declared.push(`var v${i}, w${i} = pair(${say})`);
          known.push(`w${i}`, `v${i}`);
          break;
        case 4:
          declared.push(`var v${i}, w${i} = ${say},\n\tsay.Say("${base}.w${i}", ${use()})`);
          known.push(`w${i}`, `v${i}`);
          break;
        case 5:
          declared.push(`var v${i} int`);
          known.push(`v${i}`);
          break;
        default:
          declared.push(`var v${i} = ${say}`);
          known.push(`v${i}`);
      }
    }
    declared.push('func pair(n int) (int, int) { return n, n }');
    const head = [
      `package ${base}`,
      'import "example.com/m/say"',
      ...imports.map((path) => `import _ "example.com/m/${path}"`),
    ].join('\n');
    const parts = shuffle(declared);
    for (const [i, name] of ['2.go', '10.go', 'x.go'].entries()) {
      const own = parts.filter((_, k) => k % 3 === i);
      const inits = [1, 2].map((n) => `func init() { say.Say("${base}.init ${name} ${n}") }`);
      files[`${dir}/${name}`] = `${head}\n${[...own, ...inits].join('\n')}\n`;
    }
  });
  return { files, packages: names };
}

/** What a program says that imports everything. */
function runGo({ files, packages }: Made): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), 'glovebox-init-'));
  const main = `package main\n${packages.map((path) => `import _ "example.com/m/${path}"\n`).join('')}func main() {}\n`;
  const all = { ...files, 'go.mod': 'module example.com/m\n\ngo 1.21\n', 'main.go': main };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const said = execFileSync('go', ['run', '.'], { cwd: dir, encoding: 'utf8' });
  return said.trim().split('\n');
}

describeWith('go', ['version'], 'the order of initialisation against programs that run', () => {
  const count = Math.max(3, Math.round(Number(process.env['GLOVEBOX_RUNS'] ?? 1000) / 200));
  test.each(Array.from({ length: count }, (_, i) => i + 1))(
    'module %i',
    async (seed) => {
      const made = makeModule(seededRandom(seed));
      const said = runGo(made);
      const { onImport, gaps } = await analyzeFiles(made.files);
      expect(gaps).toEqual([]);
      const order = onImport.map(({ file, line }) => {
        const text = made.files[file]?.split('\n')[line - 1] ?? '';
        return /say\.Say\("([^"]+)"/.exec(text)?.[1];
      });
      expect(said.length).toBeGreaterThan(50);
      expect(order).toEqual(said);
    },
    120_000,
  );
});
