import { little16, little32 } from '../bytes.ts';
import { BackwardBits } from './backward-bits.ts';
import { Damaged } from './damaged.ts';
import { readFseTable } from './fse.ts';

/** A Huffman code by its longest word: what the next bits say, and how many of them. */
export interface Huffman {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/** The most bytes that one block makes (RFC 8878, 3.1.1.2.4). */
export const LARGEST_BLOCK = 131_072;
const LONGEST_WORD = 11;

/** Weights in two states that take turns, until the bits are used up (RFC 8878, 4.2.1.2). */
function readWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const { table, end: tableEnd } = readFseTable(bytes, start, { log: 6, symbols: 255 });
  if (tableEnd > end) throw new Damaged();
  const bits = new BackwardBits(bytes.subarray(tableEnd, end));
  const states = [bits.read(table.log), bits.read(table.log)];
  const weights: number[] = [];
  for (let turn = 0; ; turn = 1 - turn) {
    const state = states[turn] ?? 0;
    weights.push(table.symbols[state] ?? 0);
    states[turn] = (table.next[state] ?? 0) + bits.read(table.bits[state] ?? 0);
    if (bits.left < 0) {
      weights.push(table.symbols[states[1 - turn] ?? 0] ?? 0);
      return weights;
    }
    if (weights.length > 255) throw new Damaged();
  }
}

function huffmanOf(weights: number[]): Huffman {
  let sum = 0;
  for (const weight of weights) if (weight > 0) sum += 2 ** (weight - 1);
  if (sum === 0) throw new Damaged();
  const log = 32 - Math.clz32(sum);
  const left = 2 ** log - sum;
  // The last weight is what is missing to a power of two.
  if (log > LONGEST_WORD || (left & (left - 1)) !== 0) throw new Damaged();
  weights.push(32 - Math.clz32(left));
  const [symbols, bits] = [new Uint8Array(2 ** log), new Uint8Array(2 ** log)];
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue;
      const end = at + 2 ** (weight - 1);
      symbols.fill(symbol, at, end);
      bits.fill(log + 1 - weight, at, end);
      at = end;
    }
  }
  return { log, symbols, bits };
}

function readHuffman(bytes: Uint8Array, at: number): readonly [code: Huffman, end: number] {
  const head = bytes[at] ?? 0;
  if (head < 128) {
    const end = at + 1 + head;
    if (end > bytes.length) throw new Damaged();
    return [huffmanOf(readWeights(bytes, at + 1, end)), end];
  }
  const count = head - 127;
  const weights = Array.from({ length: count }, (_, i) => {
    const pair = bytes[at + 1 + (i >> 1)] ?? 0;
    return i % 2 === 0 ? pair >> 4 : pair & 15;
  });
  return [huffmanOf(weights), at + 1 + Math.ceil(count / 2)];
}

/** One stream of words, as many as fill the target. */
function decodeStream(
  { log, symbols, bits }: Huffman,
  stream: Uint8Array,
  target: Uint8Array,
): void {
  const source = new BackwardBits(stream);
  const mask = 2 ** log - 1;
  let state = source.read(log);
  for (let i = 0; i < target.length; i++) {
    target[i] = symbols[state] ?? 0;
    const width = bits[state] ?? 0;
    state = ((state << width) & mask) + source.read(width);
    // All of the look-ahead may be beyond the start, and no more.
    if (source.left < -log) throw new Damaged();
  }
}

/** The head of literals: what they are, how long, and how long packed. */
function readHead(bytes: Uint8Array, at: number) {
  const [first, format] = [bytes[at] ?? 0, ((bytes[at] ?? 0) >> 2) & 3];
  const type = first & 3;
  if (type < 2) {
    if (format === 1) return { type, size: little16(bytes, at) >> 4, start: at + 2, packed: 0 };
    if (format === 3)
      return { type, size: (little32(bytes, at) & 0xffffff) >>> 4, start: at + 3, packed: 0 };
    return { type, size: first >> 3, start: at + 1, packed: 0 };
  }
  const width = format < 2 ? 10 : format === 2 ? 14 : 18;
  const whole = little32(bytes, at) + (bytes[at + 4] ?? 0) * 2 ** 32;
  const size = Math.floor(whole / 16) % 2 ** width;
  const packed = Math.floor(whole / 2 ** (4 + width)) % 2 ** width;
  return { type, size, packed, start: at + (format < 2 ? 3 : format + 2), isSingle: format === 0 };
}

/** Literals of a block (RFC 8878, 3.1.1.3.1), where they end, and the code for the blocks that follow. */
export function readLiterals(
  bytes: Uint8Array,
  at: number,
  before: Huffman | undefined,
): { readonly literals: Uint8Array; readonly end: number; readonly code: Huffman | undefined } {
  const { type, size, start, packed, isSingle } = readHead(bytes, at);
  if (size > LARGEST_BLOCK) throw new Damaged();
  if (type === 0) {
    const end = start + size;
    return { literals: bytes.subarray(start, end), end, code: before };
  }
  const literals = new Uint8Array(size);
  if (type === 1)
    return { literals: literals.fill(bytes[start] ?? 0), end: start + 1, code: before };
  const end = start + packed;
  if (end > bytes.length) throw new Damaged();
  const [code, first] = type === 2 ? readHuffman(bytes, start) : [before, start];
  if (code === undefined || first > end) throw new Damaged();
  if (isSingle === true) decodeStream(code, bytes.subarray(first, end), literals);
  else decodeFour(code, bytes.subarray(first, end), literals);
  return { literals, end, code };
}

/** Four streams with their lengths in front; the last has what is left. */
function decodeFour(code: Huffman, packed: Uint8Array, literals: Uint8Array): void {
  const part = Math.floor((literals.length + 3) / 4);
  if (part * 3 > literals.length) throw new Damaged();
  let at = 6;
  for (let i = 0; i < 4; i++) {
    const end = i === 3 ? packed.length : at + little16(packed, i * 2);
    if (end > packed.length || at > end) throw new Damaged();
    const target = literals.subarray(i * part, i === 3 ? literals.length : (i + 1) * part);
    decodeStream(code, packed.subarray(at, end), target);
    at = end;
  }
}
