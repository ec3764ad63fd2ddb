// What docs/integrity.md tells an auditor to run, run as it stands there.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '#detection';
import { describeWith, hasProgram } from '../support/go.ts';
import { gloveboxBeside, ROOT, temporaryFolder } from '../support/program.ts';
import { createTestSumdb, filler, serve, TEST_SIGNER } from '../support/test-sumdb.ts';
import { buildZip } from '../support/zip-builder.ts';

const PAGE = readFileSync(join(ROOT, 'docs/integrity.md'), 'utf8');
const KEY = TEST_SIGNER.verifier;

/** The code block that begins with these words. */
function block(start: string): string {
  const code = PAGE.split('```').find((part) => part.includes(`\n${start}`));
  if (code === undefined) throw new Error(`no block ${start}`);
  return code.slice(code.indexOf('\n') + 1);
}

const MODULE = 'example.com/m@v1.0.0';
const H1 = 'h1:fMmDKxylWHrLDMBXPo7zB62VLWneCU9/dHwc0CJrWDU=';
const TEXT = `example.com/m v1.0.0 ${H1}\nexample.com/m v1.0.0/go.mod h1:ONeDgCa5UF/jJRjGzpOKmUiezgFEk4IPFZ96frvroW0=\n`;
const ZIP = buildZip({
  entries: [
    { name: `${MODULE}/m.go`, content: 'package m\n' },
    { name: `${MODULE}/go.mod`, content: 'module example.com/m\n\ngo 1.21\n' },
  ],
});

// The second of the two programs is asked for where the first one is there.
const program = hasProgram('openssl', 'version') ? 'python3' : 'openssl';

describeWith(program, ['--version'], 'an auditor with Python and OpenSSL', () => {
  const folder = temporaryFolder();
  const python = (...args: readonly string[]) =>
    spawnSync('python3', args, { cwd: folder, encoding: 'utf8' });

  test('computes the h1', () => {
    writeFileSync(join(folder, 'h1.py'), block('# h1.py'));
    writeFileSync(join(folder, 'm.zip'), ZIP);
    expect(python('h1.py', 'm.zip').stdout).toBe(`${H1}\n`);
  });

  // Trees in which the record is the only one, the last, in the middle, on the right edge.
  test.each([
    [0, 0],
    [6, 0],
    [300, 57],
    [511, 1],
    [255, 700],
  ])('checks the proof of record %i with %i records behind it', async (before, behind) => {
    const db = createTestSumdb([
      ...Array.from({ length: before }, (_, i) => filler(i)),
      { path: 'example.com/m', version: 'v1.0.0', text: TEXT },
      ...Array.from({ length: behind }, (_, i) => filler(10_000 + i)),
    ]);
    const server = await serve(db.answer);
    const where = ['--sumdb', server.url, '--sumdb-key', KEY];
    const zip = join(folder, 'm.zip');
    writeFileSync(zip, ZIP);
    const run = await gloveboxBeside(['inspect', zip, '--evidence', ...where]);
    server.close();
    const { proof } = JSON.parse(run.stdout).integrity.sumdb;
    writeFileSync(join(folder, 'module.tlog-proof'), proof);
    writeFileSync(join(folder, 'proof.py'), block('# proof.py'));
    const checked = python('proof.py', 'module.tlog-proof', KEY);
    expect([checked.stderr, checked.stdout]).toEqual(['', TEXT]);
    const [, openssl = ''] = block('python3 proof.py').split('\n');
    expect(openssl).toMatch(/^openssl pkeyutl -verify/);
    expect(execFileSync('sh', ['-c', openssl], { cwd: folder, encoding: 'utf8' })).toMatch(
      /Signature Verified Successfully/,
    );
    // And not one of another record.
    const forged = proof.replace(/^extra .*/m, `extra ${Buffer.from('x\n').toString('base64')}`);
    writeFileSync(join(folder, 'module.tlog-proof'), forged);
    expect(python('proof.py', 'module.tlog-proof', KEY).stderr).toMatch(/the proof does not hold/);
  });
});

const unpacker = hasProgram('go', 'version') ? 'unzip' : 'go';

describeWith(
  unpacker,
  unpacker === 'go' ? ['version'] : ['-v'],
  'an auditor with the go command',
  () => {
    test('accepts the honest zip and refuses a changed one', async () => {
      const db = createTestSumdb([
        filler(1),
        { path: 'example.com/m', version: 'v1.0.0', text: TEXT },
      ]);
      const server = await serve(db.answer);
      const folder = temporaryFolder();
      const where = ['--sumdb', server.url, '--sumdb-key', KEY, '--out', join(folder, 'saved')];
      expect((await gloveboxBeside(['sumdb', 'fetch', MODULE, ...where])).status).toBe(0);
      server.close();
      const recipe = block('at=proxy/')
        .replaceAll('rsc.io/quote', 'example.com/m')
        .replaceAll('v1.5.2', 'v1.0.0');
      const env = {
        PATH: process.env['PATH'],
        HOME: temporaryFolder(),
        TMPDIR: temporaryFolder(),
        GOTOOLCHAIN: 'local',
        KEY,
      };
      const download = (zip: Uint8Array) => {
        writeFileSync(join(folder, 'quote.zip'), zip);
        return spawnSync('sh', ['-ec', recipe], { cwd: folder, encoding: 'utf8', env });
      };
      const honest = download(ZIP);
      expect([honest.status, honest.stderr]).toEqual([0, '']);
      const changed = buildZip({
        entries: [
          { name: `${MODULE}/m.go`, content: 'package m // changed\n' },
          { name: `${MODULE}/go.mod`, content: 'module example.com/m\n\ngo 1.21\n' },
        ],
      });
      expect(download(changed).stderr).toMatch(/checksum mismatch[\s\S]*SECURITY ERROR/);
    });
  },
);

test('the page names every code that the program has, and no other', () => {
  const codesIn = (file: string, type: string) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    const union = source.slice(source.indexOf(`type ${type}`));
    return [...union.slice(0, union.indexOf(';')).matchAll(/'([\w-]+)'/g)].map(([, code]) => code!);
  };
  const kebab = (code: string) => code.toLowerCase().replaceAll('_', '-');
  const faults = [
    ...codesIn('src/module/zip/check.ts', 'ZipFaultCode'),
    ...codesIn('src/module/zip/entry.ts', 'ReadFaultCode'),
  ];
  const deviations = codesIn('src/module/zip/layout.ts', 'ZipDeviationCode');
  // A key is refused before anybody is asked; a fork and the lack of a record or line are statuses, a
  // folder without a log is exit code 65.
  const keys = ['malformed-key', 'key-hash', 'key-algorithm', 'ambiguous-key'];
  const never = [...keys, 'fork', 'no-record', 'no-line', 'no-log'];
  const refusals = [
    ...codesIn('src/sumdb/errors.ts', 'SumdbErrorCode'),
    ...codesIn('src/tlog/errors.ts', 'TlogErrorCode'),
  ]
    .map(kebab)
    .filter((code) => !never.includes(code));
  expect([faults.length, deviations.length, refusals.length].every((n) => n > 10)).toBe(true);
  const named = new Set([...PAGE.matchAll(/`([a-z][a-z0-9-]*)`/g)].map(([, code]) => code));
  const known = [...faults, ...deviations, ...refusals];
  expect(known.filter((code) => !named.has(code))).toEqual([]);
  const words = new Set([...known, ...RULES.map(({ id }) => id)]);
  const hyphened = [...named].filter((code) => code!.includes('-') && code !== 'tlog-proof');
  expect(hyphened.filter((code) => !words.has(code!) && code !== 'proof-not-made')).toEqual([]);
});
