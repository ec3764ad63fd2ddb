import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildGo, describeWith } from '../support/go.ts';
import { createGoWriter, GO_HEAD, type GoProgram } from '../support/go-programs.ts';
import { seededRandom } from '../support/mutate.ts';
import { STANDALONE_MODULES } from '../support/real-modules.ts';
import { evaluateFiles } from '../support/values.ts';

/** Real modules that need no others. */
const REAL = [
  ...STANDALONE_MODULES,
  'golang.org/x/sys@v0.28.0',
  'golang.org/x/text@v0.21.0',
] as const;

const COUNT = 3000;
const A_FILE = 100;

const HARNESS = `
func run(name string, f func() string) {
	defer func() {
		if recover() != nil {
			fmt.Println(name)
		}
	}()
	fmt.Printf("%s %x\\n", name, f())
}
`;

/** What the functions give when they run: bytes by name, undefined for those that panic. */
function runPrograms(
  files: Readonly<Record<string, string>>,
  programs: readonly GoProgram[],
): ReadonlyMap<string, string | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'glovebox-values-'));
  const calls = programs.map(({ name }) => `\trun("${name}", ${name})`).join('\n');
  writeFileSync(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.24\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  writeFileSync(
    join(dir, 'main.go'),
    `package main\n\nimport "fmt"\n\nfunc main() {\n${calls}\n}\n${HARNESS}`,
  );
  const out = execFileSync('go', ['run', '.'], { cwd: dir, encoding: 'utf8', maxBuffer: 1e9 });
  return new Map(
    out
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', hex] = line.split(' ');
        return [name, hex === undefined ? undefined : Buffer.from(hex, 'hex').toString('latin1')];
      }),
  );
}

interface Constants {
  readonly files: readonly string[];
  readonly constants: Readonly<Record<string, string>>;
}

const bits = (double: number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, double);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};

/** A constant as the helper writes it. */
function show({ type, value }: { readonly type: string; readonly value: unknown }): string {
  if (typeof value === 'string') return `text ${Buffer.from(value, 'latin1').toString('hex')}`;
  if (typeof value === 'boolean') return `bool ${value}`;
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number')
    return Number.isInteger(value) ? `int ${BigInt(value)}` : `float ${bits(value)}`;
  const { n, d } = value as { readonly n: bigint; readonly d: bigint };
  return d === 1n ? `int ${n}` : `float of ${type}`;
}

describeWith('go', ['version'], 'constants against go/types', () => {
  test(`${REAL.length} real modules`, { timeout: 300_000 }, async () => {
    const helper = buildGo('goconst');
    const wrong: string[] = [];
    let [known, all] = [0, 0];
    for (const name of REAL) {
      const fetched = execFileSync('go', ['mod', 'download', '-json', name], {
        cwd: tmpdir(),
        encoding: 'utf8',
      });
      const { Dir: dir } = JSON.parse(fetched) as { Dir: string };
      const truth = JSON.parse(
        execFileSync(helper, [dir], { encoding: 'utf8', maxBuffer: 1e9 }),
      ) as Constants;
      const files = truth.files.map((path) => [path, readFileSync(join(dir, path), 'utf8')]);
      const [path = ''] = name.split('@');
      const evaluation = await evaluateFiles(Object.fromEntries(files), '1.24', undefined, path);
      for (const [full, wanted] of Object.entries(truth.constants)) {
        const dot = full.lastIndexOf('.');
        const ours = evaluation.constantOf(full.slice(0, dot), full.slice(dot + 1));
        all++;
        if (ours === undefined) continue;
        known++;
        const shown = show(ours);
        const isSame =
          shown === wanted || (shown.startsWith('float of') && wanted.startsWith('float'));
        if (!isSame) wrong.push(`${full}: ${shown}, not ${wanted}`);
      }
    }
    console.log(
      `CONSTANTS ${all} of ${REAL.length} modules: ${known} known, ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
    expect(all).toBeGreaterThan(2000);
    expect(known / all).toBeGreaterThan(0.9);
  });
});

describeWith('go', ['version'], 'values against those of programs that run', () => {
  test(`${COUNT} random functions`, { timeout: 300_000 }, async () => {
    const programs = Array.from({ length: COUNT }, (_, i) =>
      createGoWriter(seededRandom(20261127 + i), i).write(),
    );
    const files: Record<string, string> = {};
    for (let i = 0; i < COUNT; i += A_FILE) {
      const sources = programs.slice(i, i + A_FILE).map(({ source }) => source);
      files[`f${i}.go`] = GO_HEAD + sources.join('\n');
    }
    const real = runPrograms(files, programs);
    const evaluation = await evaluateFiles(files);
    const wrong: string[] = [];
    let known = 0;
    for (const { name } of programs) {
      const ours = evaluation.resultOf('example.com/m', name);
      if (ours === undefined) continue;
      known++;
      if (ours !== real.get(name)) wrong.push(`${name}: ${ours}, not ${real.get(name)}`);
    }
    console.log(`VALUES ${COUNT} functions: ${known} known (goal 98 %), ${wrong.length} wrong`);
    expect(real.size).toBe(COUNT);
    expect(wrong).toEqual([]);
    expect(known / COUNT).toBeGreaterThanOrEqual(0.98);
    expect(evaluation.gaps()).toEqual([]);
  });
});
