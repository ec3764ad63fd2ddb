import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FLOW_PROGRAMS, flowFile } from '../support/flow-programs.ts';
import { describeWith } from '../support/go.ts';
import { flowsOf } from '../support/values.ts';

describeWith('go', ['version'], 'the programs of the table', () => {
  test('compile', { timeout: 120_000 }, () => {
    const dir = mkdtempSync(join(tmpdir(), 'glovebox-flows-'));
    writeFileSync(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.24\n');
    for (const [i, program] of FLOW_PROGRAMS.entries()) {
      mkdirSync(join(dir, `p${i}`));
      writeFileSync(join(dir, `p${i}`, 'a.go'), flowFile(program));
    }
    execFileSync('go', ['build', './...'], { cwd: dir, stdio: 'pipe' });
  });
});

test(`flows of ${FLOW_PROGRAMS.length} programs`, { timeout: 120_000 }, async () => {
  let [right, wanted, given] = [0, 0, 0];
  const wrong: string[] = [];
  for (const program of FLOW_PROGRAMS) {
    const { flows, isWhole } = await flowsOf({ 'a.go': flowFile(program) });
    expect(isWhole).toBe(true);
    const found = new Set(flows.map(({ source, sink }) => `${source}>${sink}`));
    wanted += program.flows.length;
    given += found.size;
    const missed = program.flows.filter((flow) => !found.has(flow));
    const more = [...found].filter((flow) => !program.flows.includes(flow));
    right += program.flows.length - missed.length;
    if (missed.length + more.length > 0)
      wrong.push(
        `${program.title}: missed ${missed.join() || 'none'}, more ${more.join() || 'none'}`,
      );
  }
  const recall = (right / wanted) * 100;
  const precision = (right / given) * 100;
  process.stdout.write(
    `${FLOW_PROGRAMS.length} programs, ${wanted} flows: recall ${recall.toFixed(1)} %, precision ${precision.toFixed(1)} %\n${wrong.join('\n')}\n`,
  );
  expect(FLOW_PROGRAMS.length).toBeGreaterThanOrEqual(120);
  expect(recall).toBeGreaterThanOrEqual(95);
  expect(precision).toBeGreaterThanOrEqual(90);
});
