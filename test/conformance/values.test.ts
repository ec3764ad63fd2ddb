import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { createGoWriter, GO_HEAD, type GoProgram } from '../support/go-programs.ts';
import { seededRandom } from '../support/mutate.ts';
import { evaluateFiles } from '../support/values.ts';

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
    expect(evaluation.gaps).toEqual([]);
  });
});
