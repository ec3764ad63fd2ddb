import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMeasured } from '../support/peak.ts';
import { temporaryFolder } from '../support/program.ts';
import { buildZip } from '../support/zip-builder.ts';

/** The memory of the program and of the process that reads for it. */
async function measure(args: readonly string[], input = '') {
  const run = await runMeasured(args, input);
  return { ...run, peak: run.peaks.reduce((sum, peak) => sum + peak, 0) };
}

const MODULE = 'example.com/m@v1.0.0';

test('verify does not hold a large file inflated', async () => {
  const content = new Uint8Array(400_000_000);
  for (let i = 0; i < content.length; i += 4096) content[i] = i / 4096;
  const folder = temporaryFolder();
  const zip = join(folder, 'large.zip');
  writeFileSync(zip, buildZip({ entries: [{ name: `${MODULE}/large.bin`, content }] }));
  const digest = createHash('sha256').update(content).digest('hex');
  const summary = createHash('sha256').update(`${digest}  ${MODULE}/large.bin\n`);
  const empty = join(folder, 'small.zip');
  writeFileSync(
    empty,
    buildZip({ entries: [{ name: `${MODULE}/go.mod`, content: 'module example.com/m\n' }] }),
  );
  const small = await measure(['verify', '--json', empty]);
  const run = await measure(['verify', '--json', zip]);
  expect(JSON.parse(run.stdout).h1).toBe(`h1:${summary.digest('base64')}`);
  // Blocks of the inflater that are not collected yet, more of them on a busy machine.
  expect(run.peak - small.peak).toBeLessThan(150e6);
});

test('verify holds one input at a time', async () => {
  const folder = temporaryFolder();
  const zip = join(folder, 'm.zip');
  const content = new Uint8Array(2_000_000).map((_, i) => (i * 2_654_435_761) / 65_536);
  writeFileSync(zip, buildZip({ entries: [{ name: `${MODULE}/a.bin`, content, method: 0 }] }));
  const few = await measure(['verify', '--json', '-'], `${zip}\n`.repeat(20));
  const many = await measure(['verify', '--json', '-'], `${zip}\n`.repeat(600));
  expect(many.stdout.trimEnd().split('\n')).toHaveLength(600);
  expect(many.status).toBe(0);
  // All 600 are 1.2 GB; what is not collected yet depends on the machine.
  expect(many.peak - few.peak).toBeLessThan(200e6);
});
