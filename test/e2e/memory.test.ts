import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIN, temporaryFolder } from '../support/program.ts';
import { buildZip } from '../support/zip-builder.ts';

// Runs the program as it is, and says at its end how much memory it had at most.
const MEASURED = `process.argv.splice(1, 1);
process.on('exit', () => process._rawDebug('peak ' + process.resourceUsage().maxRSS * 1024));
await import(${JSON.stringify(MAIN)});`;

function measure(args: readonly string[], input = '') {
  const run = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', MEASURED, 'x', MAIN, ...args],
    { input, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return { ...run, peak: Number(/peak (\d+)/.exec(run.stderr)?.[1] ?? Number.NaN) };
}

const MODULE = 'example.com/m@v1.0.0';

test('verify does not hold a large file inflated', () => {
  const content = new Uint8Array(400_000_000);
  for (let i = 0; i < content.length; i += 4096) content[i] = i / 4096;
  const folder = temporaryFolder();
  const zip = join(folder, 'large.zip');
  writeFileSync(zip, buildZip({ entries: [{ name: `${MODULE}/large.bin`, content }] }));
  const digest = createHash('sha256').update(content).digest('hex');
  const summary = createHash('sha256').update(`${digest}  ${MODULE}/large.bin\n`);
  const small = measure(['verify', '--json', '-']);
  const run = measure(['verify', '--json', zip]);
  expect(JSON.parse(run.stdout).h1).toBe(`h1:${summary.digest('base64')}`);
  expect(run.peak - small.peak).toBeLessThan(100e6);
});

test('verify holds one input at a time', () => {
  const folder = temporaryFolder();
  const zip = join(folder, 'm.zip');
  const content = new Uint8Array(2_000_000).map((_, i) => (i * 2_654_435_761) / 65_536);
  writeFileSync(zip, buildZip({ entries: [{ name: `${MODULE}/a.bin`, content, method: 0 }] }));
  const few = measure(['verify', '--json', '-'], `${zip}\n`.repeat(20));
  const many = measure(['verify', '--json', '-'], `${zip}\n`.repeat(600));
  expect(many.stdout.trimEnd().split('\n')).toHaveLength(600);
  expect(many.status).toBe(0);
  expect(many.peak - few.peak).toBeLessThan(100e6);
});
