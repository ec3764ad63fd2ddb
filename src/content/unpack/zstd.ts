import type { Output } from '#base';
import { little16, little32 } from '../bytes.ts';
import { BackwardBits } from './backward-bits.ts';
import { Damaged } from './damaged.ts';
import { constantTable, type FseTable, fseTable, readFseTable } from './fse.ts';
import { type Huffman, LARGEST_BLOCK, readLiterals } from './zstd-literals.ts';

const FRAME = 0xfd2fb528;

/** Bases and extra bits of lengths (RFC 8878, 3.1.1.3.2.1.1). */
function lengthCodes(plain: number, first: number, bits: readonly number[]) {
  const base = Array.from({ length: plain }, (_, i) => i + first);
  let next = plain + first;
  for (const width of bits) {
    base.push(next);
    next += 2 ** width;
  }
  return { base, bits: [...Array<number>(plain).fill(0), ...bits] };
}
const LITERAL_LENGTHS = lengthCodes(
  16,
  0,
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);
const MATCH_LENGTHS = lengthCodes(
  32,
  3,
  [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);

const ones = (count: number, value = 1): readonly number[] => Array<number>(count).fill(value);
/** Tables that need no description (RFC 8878, 3.1.1.3.2.2). */
const DEFAULTS = {
  literal: fseTable(
    [4, 3, ...ones(11, 2), 1, 1, 1, ...ones(9, 2), 3, 2, ...ones(5), ...ones(4, -1)],
    6,
  ),
  offset: fseTable([...ones(6), 2, 2, 2, ...ones(15), ...ones(5, -1)], 5),
  match: fseTable([1, 4, 3, ...ones(6, 2), ...ones(37), ...ones(7, -1)], 6),
};
const MOST = {
  literal: { log: 9, symbols: 36 },
  offset: { log: 8, symbols: 32 },
  match: { log: 9, symbols: 53 },
} as const;
type Name = keyof typeof MOST;

/** What one frame carries from block to block. */
interface Frame {
  code: Huffman | undefined;
  readonly tables: Partial<Record<Name, FseTable>>;
  last: [number, number, number];
  /** Where the frame begins in the output: nothing before it can be repeated. */
  readonly origin: number;
}

function readTable(
  bytes: Uint8Array,
  at: number,
  { frame, name, mode }: { readonly frame: Frame; readonly name: Name; readonly mode: number },
): number {
  if (mode === 0) frame.tables[name] = DEFAULTS[name];
  else if (mode === 1) {
    const symbol = bytes[at] ?? 0;
    if (symbol >= MOST[name].symbols) throw new Damaged();
    frame.tables[name] = constantTable(symbol);
    return at + 1;
  } else if (mode === 2) {
    const { table, end } = readFseTable(bytes, at, MOST[name]);
    frame.tables[name] = table;
    return end;
  }
  return at;
}

/** A table with the state that it is in. */
class State {
  private state: number;
  private readonly table: FseTable;
  private readonly bits: BackwardBits;

  constructor(table: FseTable | undefined, bits: BackwardBits) {
    if (table === undefined) throw new Damaged();
    this.table = table;
    this.bits = bits;
    this.state = bits.read(table.log);
  }

  get symbol(): number {
    return this.table.symbols[this.state] ?? 0;
  }

  advance(): void {
    this.state =
      (this.table.next[this.state] ?? 0) + this.bits.read(this.table.bits[this.state] ?? 0);
  }
}

/** The distance that a value means; small ones name the last distances (RFC 8878, 3.1.1.5). */
function distanceOf(frame: Frame, value: number, literals: number): number {
  const [a, b, c] = frame.last;
  if (value > 3) {
    frame.last = [value - 3, a, b];
    return value - 3;
  }
  const which = value - 1 + (literals === 0 ? 1 : 0);
  if (which === 0) return a;
  const distance = which === 1 ? b : which === 2 ? c : a - 1;
  frame.last = which === 1 ? [b, a, c] : [distance, a, b];
  return distance;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one sequence after the other, each checked.
function runSequences(
  frame: Frame,
  { literals, stream, count }: { literals: Uint8Array; stream: Uint8Array; count: number },
  out: Output,
): void {
  const bits = new BackwardBits(stream);
  const literal = new State(frame.tables.literal, bits);
  const offset = new State(frame.tables.offset, bits);
  const match = new State(frame.tables.match, bits);
  let used = 0;
  const start = out.length;
  for (let left = count; left > 0; left--) {
    const [l, m] = [literal.symbol, match.symbol];
    const value = 2 ** offset.symbol + bits.read(offset.symbol);
    const length = (MATCH_LENGTHS.base[m] ?? 0) + bits.read(MATCH_LENGTHS.bits[m] ?? 0);
    const before = (LITERAL_LENGTHS.base[l] ?? 0) + bits.read(LITERAL_LENGTHS.bits[l] ?? 0);
    if (left > 1) {
      literal.advance();
      match.advance();
      offset.advance();
    }
    const distance = distanceOf(frame, value, before);
    if (bits.left < 0 || used + before > literals.length) throw new Damaged();
    out.append(literals.subarray(used, used + before));
    used += before;
    if (distance <= 0 || distance > out.length - frame.origin) throw new Damaged();
    out.copy(distance, length);
    if (out.isFull) return;
    if (out.length - start > LARGEST_BLOCK) throw new Damaged();
  }
  out.append(literals.subarray(used));
}

function decodeBlock(frame: Frame, bytes: Uint8Array, out: Output): void {
  const { literals, end, code } = readLiterals(bytes, 0, frame.code);
  frame.code = code;
  if (end > bytes.length) throw new Damaged();
  const first = bytes[end] ?? 0;
  if (first === 0) {
    out.append(literals);
    return;
  }
  let at = end + 1;
  let count = first;
  if (first === 255) count = little16(bytes, at) + 0x7f00;
  else if (first >= 128) count = (first - 128) * 256 + (bytes[at] ?? 0);
  at += first === 255 ? 2 : first >= 128 ? 1 : 0;
  const modes = bytes[at++] ?? 0;
  at = readTable(bytes, at, { frame, name: 'literal', mode: modes >> 6 });
  at = readTable(bytes, at, { frame, name: 'offset', mode: (modes >> 4) & 3 });
  at = readTable(bytes, at, { frame, name: 'match', mode: (modes >> 2) & 3 });
  runSequences(frame, { literals, stream: bytes.subarray(at), count }, out);
}

/** The length of a frame's header (RFC 8878, 3.1.1.1). */
function headerLength(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const size = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return 5 + (isSingle ? 0 : 1) + dictionary + size;
}

/** One frame; where it ends. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one block after the other, by its type.
function decodeFrame(bytes: Uint8Array, start: number, out: Output): number {
  const descriptor = bytes[start + 4] ?? 0;
  const frame: Frame = { code: undefined, tables: {}, last: [1, 4, 8], origin: out.length };
  let at = start + headerLength(descriptor);
  for (let isLast = false; !isLast && !out.isFull; ) {
    if (at + 3 > bytes.length) throw new Damaged();
    const head = little32(bytes, at) & 0xffffff;
    isLast = (head & 1) === 1;
    const [type, size] = [(head >> 1) & 3, head >> 3];
    if (type === 3 || size > LARGEST_BLOCK) throw new Damaged();
    const end = at + 3 + (type === 1 ? 1 : size);
    if (end > bytes.length) throw new Damaged();
    const block = bytes.subarray(at + 3, end);
    if (type === 0) out.append(block);
    else if (type === 1) out.fill(block[0] ?? 0, size);
    else decodeBlock(frame, block, out);
    at = end;
  }
  return at + ((descriptor & 4) === 0 ? 0 : 4);
}

/** Zstandard frames (RFC 8878), one behind the other; without dictionaries. */
export function decodeZstd(bytes: Uint8Array, out: Output): void {
  let at = 0;
  if (bytes.length === 0) throw new Damaged();
  while (at < bytes.length && !out.isFull) {
    const magic = little32(bytes, at);
    if (magic === FRAME) at = decodeFrame(bytes, at, out);
    else if (magic >>> 4 === 0x184d2a5) at += 8 + little32(bytes, at + 4);
    else throw new Damaged();
    if (at > bytes.length && !out.isFull) throw new Damaged();
  }
}
