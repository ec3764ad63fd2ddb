import { stringMatching, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
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

describe('archives that cost more than they weigh', () => {
  const P = 'example.com/m@v1.0.0/';
  const stored = { crc: 0x12345678, size: 1 };

  /** An archive of entries that all lie in the same bytes. */
  const sharing = (data: Uint8Array, count: number) => {
    const entries = Array.from({ length: count }, (_, i) => ({
      name: `${P}f${i}`,
      data,
      ...stored,
      ...(i === 0 ? {} : { sharesBodyOf: 0 }),
    }));
    return inspectBytes(buildZip({ entries }));
  };

  test('many names for a body of blocks that inflate to nothing', async () => {
    // Empty blocks with codes of their own, of fifteen bits; none of them is the last.
    const { accepted, faults } = await sharing(emptyBlocks(6000), 9);
    expect([accepted, faults.length]).toEqual([false, 9]);
    // They are blocks indeed, and the last of them is missing.
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['size-smaller']));
  });

  test('very many names for one body', async () => {
    const { accepted, gaps } = await sharing(new Uint8Array(60_000).fill(7), 60_000);
    expect(accepted).toBe(false);
    expect(gaps.some(({ detail }) => /share more bytes/.test(detail))).toBe(true);
  });

  test('names that are too long all together are cut, each still by itself', async () => {
    const count = 1200;
    const name = (i: number) => `${P}${String(i).padStart(4, '0')}${'\u0001'.repeat(8000)}`;
    const entries = Array.from({ length: count }, (_, i) => ({ name: name(i), content: '' }));
    const inspection = await inspectBytes(buildZip({ entries }));
    const names = inspection.entries.map((entry) => entry.name);
    expect(new Set(names).size).toBe(count);
    expect(names[0]).toHaveLength(4096);
    expect(names.at(-1)).toHaveLength(120);
    expect(inspection.h1).not.toBeNull();
  });

  test('very many names without the prefix, and very long ones to quote', async () => {
    const long = Array.from({ length: 200 }, (_, i) => ({
      name: `${P}${'\u0001'.repeat(64_000)}${i}`,
      content: 'x',
      method: 0,
    }));
    const short = Array.from({ length: 60_000 }, (_, i) => ({
      name: `x${i}`,
      content: '',
      method: 0,
    }));
    const path = `example.com/${'a'.repeat(2000)}`;
    const subject = { path, version: 'v1.0.0' };
    const { faults, gaps } = await inspectBytes(
      buildZip({ entries: [...long, ...short] }),
      subject,
    );
    expect(faults).toHaveLength(10_000);
    expect(Math.max(...faults.map(({ detail }) => detail.length))).toBeLessThanOrEqual(2000);
    expect(gaps).toContainEqual({
      code: 'over-budget',
      index: null,
      detail: '50200 more faults are not listed',
    });
  });
});

/** Deflate blocks of nothing but an end, each with a code of words up to fifteen bits long. */
function emptyBlocks(count: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, width: number) => {
    for (let i = 0; i < width; i++) bits.push((value >> i) & 1);
  };
  const putWord = (word: number, width: number) => {
    for (let i = width - 1; i >= 0; i--) bits.push((word >> i) & 1);
  };
  // Lengths of symbols 0 to 14: 1 to 15; of 256: 15; of all others none. A complete code.
  put(0, 1);
  put(2, 2);
  put(0, 5);
  put(0, 5);
  put(15, 4);
  // The code of the lengths: 1 to 15 in four bits, 0 and 18 in five. Complete as well.
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  const widths = order.map((symbol) =>
    [16, 17].includes(symbol) ? 0 : [0, 18].includes(symbol) ? 5 : 4,
  );
  for (const width of widths) put(width, 3);
  const codes = canonical(new Map(order.map((symbol, i) => [symbol, widths[i] ?? 0])));
  const say = (symbol: number) => putWord(...(codes.get(symbol) ?? [0, 0]));
  for (let length = 1; length <= 15; length++) say(length);
  say(18);
  put(138 - 11, 7);
  say(18);
  put(103 - 11, 7);
  say(15);
  say(0);
  putWord(0x7fff, 15);
  const block = bits;
  const all = new Uint8Array(Math.ceil((block.length * count) / 8));
  for (let i = 0, at = 0; i < count; i++)
    for (const bit of block) {
      all[at >> 3]! |= bit << (at & 7);
      at++;
    }
  return all;
}

/** Canonical words of a code (RFC 1951 section 3.2.2). */
function canonical(widths: ReadonlyMap<number, number>): Map<number, [number, number]> {
  const words = new Map<number, [number, number]>();
  let word = 0;
  for (let width = 1; width <= 15; width++) {
    word *= 2;
    for (const symbol of [...widths.keys()].sort((a, b) => a - b))
      if (widths.get(symbol) === width) words.set(symbol, [word++, width]);
  }
  return words;
}

test('a go.mod of nothing but quotes and brackets ends', () => {
  for (const piece of ['"', '(', 'require (', ')', '[', '`', '//', '\\', '\r', ',']) {
    const read = parseGoMod(encodeUtf8(piece.repeat(200_000)), 'strict');
    expect(read.faults.length).toBeLessThan(2000);
  }
});
