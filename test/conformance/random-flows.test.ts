import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../support/go.ts';
import { seededRandom } from '../support/mutate.ts';
import { createRandomFlows, RANDOM_HEAD } from '../support/random-flows.ts';
import { flowsOf } from '../support/values.ts';

const COUNT = 600;

describeWith('go', ['version'], 'flows that happen', () => {
  test(`${COUNT} random functions: what arrives when they run was found`, {
    timeout: 300_000,
  }, async () => {
    const write = createRandomFlows(seededRandom(Number(process.env['GLOVEBOX_SEED'] ?? 5)));
    const programs = Array.from({ length: COUNT }, (_, n) => write(n).code);
    const dir = mkdtempSync(join(tmpdir(), 'glovebox-flows-'));
    const calls = programs.map((_, n) => `\tp${n}()\n`).join('');
    writeFileSync(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.24\n');
    writeFileSync(join(dir, 'head.go'), RANDOM_HEAD);
    writeFileSync(join(dir, 'main.go'), `package main\n\nfunc main() {\n${calls}}\n`);
    for (const [n, code] of programs.entries()) writeFileSync(join(dir, `p${n}.go`), code);
    const env = { ...process.env, KEY: 'SECRET' };
    const out = execFileSync('go', ['run', '.'], {
      cwd: dir,
      encoding: 'utf8',
      env,
      maxBuffer: 1e9,
    });
    const arrived = new Set(out.trim().split('\n').map(Number));
    const missed: number[] = [];
    let more = 0;
    for (const [n, code] of programs.entries()) {
      const { flows } = await flowsOf({ 'head.go': RANDOM_HEAD, [`p${n}.go`]: code });
      const isFound = flows.some(({ path }) => path.some(({ file }) => file === `p${n}.go`));
      if (arrived.has(n) && !isFound) missed.push(n);
      if (isFound && !arrived.has(n)) more++;
    }
    const recall = (1 - missed.length / arrived.size) * 100;
    process.stdout.write(
      `${arrived.size} of ${COUNT} arrive, recall ${recall.toFixed(1)} %; ${more} more are possible\nmissed: ${missed.slice(0, 20).join(' ')}\n`,
    );
    expect(arrived.size).toBeGreaterThan(COUNT / 10);
    expect(recall).toBeGreaterThanOrEqual(95);
  });
});
