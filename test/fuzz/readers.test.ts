import { stringMatching, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { CodedError, decodeUtf8, encodeUtf8 } from '#base';
import { parseGoMod, parseGoSum, parseGoWork, parseModuleVersion } from '#module';
import { askSavedProof, parseLookup } from '#sumdb';
import {
  createSignerKey,
  openNote,
  parseTilePath,
  parseTlogProof,
  parseTreeHead,
  parseVerifierKey,
  signNote,
} from '#tlog';
import { forAll } from '../support/for-all.ts';
import { inspectBytes } from '../support/inspect.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { buildZip } from '../support/zip-builder.ts';

const SIGNER = createSignerKey('example.com/log', new Uint8Array(32));
const KEY = parseVerifierKey(SIGNER.verifier);
const text = (bytes: Uint8Array) => decodeUtf8(bytes) ?? '';

/** Every reader of this house that meets bytes of others: a refusal is coded, and nothing else is thrown. */
const READERS: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
  ['go.mod', (bytes) => parseGoMod(bytes, 'strict')],
  ['go.mod of a dependency', (bytes) => parseGoMod(bytes, 'lax')],
  ['go.work', parseGoWork],
  ['go.sum', (bytes) => parseGoSum(bytes, 'go.sum')],
  ['module version', (bytes) => parseModuleVersion(text(bytes))],
  ['verifier key', (bytes) => parseVerifierKey(text(bytes))],
  ['note', (bytes) => openNote(bytes, [KEY])],
  ['tree head', (bytes) => parseTreeHead(text(bytes))],
  ['tlog-proof', parseTlogProof],
  ['lookup', parseLookup],
  ['tile path', (bytes) => parseTilePath(text(bytes))],
  [
    'saved proof',
    (bytes) =>
      askSavedProof(bytes, KEY, {
        subject: { path: 'example.com/m', version: 'v1.0.0' },
        hashes: { h1: 'h1:x', goModH1: null, hasGoMod: false },
      }),
  ],
];

function isRefusedOrRead(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    if (error instanceof CodedError) return error.message.length > 0 && !/\n/.test(error.message);
    throw error;
  }
}

test.each(READERS)('any bytes: %s', (_, read) => {
  forAll(uint8Array({ maxLength: 400 }), (bytes) => isRefusedOrRead(read, bytes));
});

test.each(READERS)('any text of lines: %s', (_, read) => {
  const lines = stringMatching(/^([a-z"'`()[\],=>/ \t—+0-9]{0,20}\n){0,12}$/);
  forAll(lines, (value) => isRefusedOrRead(read, encodeUtf8(value)));
});

test('no change of a signed note is taken for it', () => {
  const signed = signNote(`go.sum database tree\n5\n${'A'.repeat(43)}=\n`, [SIGNER]);
  const random = seededRandom(20261123);
  const honest = text(signed);
  let opened = 0;
  for (let i = 0; i < Number(process.env['GLOVEBOX_RUNS'] ?? 1000); i++) {
    const changed = mutate(signed, random);
    try {
      const note = openNote(changed, [KEY]);
      expect(honest.startsWith(note.text)).toBe(true);
      opened++;
    } catch (error) {
      expect(error).toBeInstanceOf(CodedError);
    }
  }
  expect(opened).toBeLessThan(500);
});

test('a note of very many signature lines ends', () => {
  const note = encodeUtf8(`text\n\n${'— x AAAAAAA=\n'.repeat(60_000)}`);
  expect(() => openNote(note, [KEY])).toThrow(/more than 100 signatures/);
});

test('comments above a block are not read again for each of its lines', () => {
  const count = 20_000;
  const source = `${'// comment of some length\n'.repeat(count)}retract (\n${'v1.0.0\n'.repeat(count)})\n`;
  const { retracts, faults } = parseGoMod(encodeUtf8(source), 'strict');
  expect([retracts.length, faults]).toEqual([count, []]);
  expect(retracts[0]?.rationale).toBe(retracts[count - 1]?.rationale);
});

test('a directory of nothing but deep names ends, and says what was not compared', async () => {
  const name = (i: number) => `example.com/m@v1.0.0/${`${i}/`.repeat(10_000)}a.go`;
  const entries = Array.from({ length: 110 }, (_, i) => ({
    name: name(i),
    content: 'x',
    method: 0,
  }));
  const { accepted, faults, gaps } = await inspectBytes(buildZip({ entries }));
  expect([accepted, faults]).toEqual([false, []]);
  expect(gaps).toEqual([
    { code: 'over-budget', index: null, detail: expect.stringMatching(/not all were compared/) },
  ]);
});

test('a go.mod of nothing but quotes and brackets ends', () => {
  for (const piece of ['"', '(', 'require (', ')', '[', '`', '//', '\\', '\r', ',']) {
    const read = parseGoMod(encodeUtf8(piece.repeat(200_000)), 'strict');
    expect(read.faults.length).toBeLessThan(2000);
  }
});
