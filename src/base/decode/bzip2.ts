import { Output } from './output.ts';

/** Reads bits from the highest on. */
class Bits {
  private at = 0;
  private held = 0;
  private count = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** One bit. */
  bit(): number {
    if (this.count === 0) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Damaged();
      this.held = byte;
      this.count = 8;
    }
    return (this.held >> --this.count) & 1;
  }

  /** At most 48 bits. */
  read(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 2 + this.bit();
    return value;
  }

  /** The rest of a byte that was begun is left out. */
  align(): void {
    this.count = 0;
  }

  get isAtEnd(): boolean {
    return this.count === 0 && this.at >= this.bytes.length;
  }
}

class Damaged extends Error {
  override readonly name = 'Damaged';
}

const LONGEST_WORD = 20;

/** A Huffman code, canonical: lengths of words by symbol. */
function readerOf(lengths: readonly number[]): (bits: Bits) => number {
  const counts = new Uint32Array(LONGEST_WORD + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const symbols: number[] = [];
  for (let length = 1; length <= LONGEST_WORD; length++)
    for (const [symbol, own] of lengths.entries()) if (own === length) symbols.push(symbol);
  return (bits) => {
    let [value, first, before] = [0, 0, 0];
    for (let length = 1; length <= LONGEST_WORD; length++) {
      value = value * 2 + bits.bit();
      const count = counts[length] ?? 0;
      if (value - first < count && value >= first) return symbols[before + value - first] ?? 0;
      before += count;
      first = (first + count) * 2;
    }
    throw new Damaged();
  };
}

function symbolsUsed(bits: Bits): number[] {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (((groups >> (15 - group)) & 1) === 0) continue;
    const inGroup = bits.read(16);
    for (let i = 0; i < 16; i++) if (((inGroup >> (15 - i)) & 1) === 1) used.push(group * 16 + i);
  }
  if (used.length === 0) throw new Damaged();
  return used;
}

/** Which of the codes is for which fifty symbols. */
function selectorsOf(bits: Bits, codes: number): readonly number[] {
  const count = bits.read(15);
  const order = Array.from({ length: codes }, (_, i) => i);
  return Array.from({ length: count }, () => {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= codes) throw new Damaged();
    const [code = 0] = order.splice(place, 1);
    order.unshift(code);
    return code;
  });
}

function codeLengths(bits: Bits, symbols: number): readonly number[] {
  let length = bits.read(5);
  return Array.from({ length: symbols }, () => {
    for (;;) {
      if (length < 1 || length > 20) throw new Damaged();
      if (bits.read(1) === 0) return length;
      length += bits.read(1) === 0 ? 1 : -1;
    }
  });
}

/** Undoes the sorting of rotations. */
function unsort(last: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(256);
  for (const byte of last) starts[byte] = (starts[byte] ?? 0) + 1;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte] ?? 0;
    starts[byte] = sum;
    sum += count;
  }
  const next = new Uint32Array(last.length);
  for (const [i, byte] of last.entries()) {
    next[starts[byte] ?? 0] = i;
    starts[byte] = (starts[byte] ?? 0) + 1;
  }
  const out = new Uint8Array(last.length);
  let at = next[origin] ?? 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = last[at] ?? 0;
    at = next[at] ?? 0;
  }
  return out;
}

/** Four equal bytes are followed by how many more of them there are. */
function expand(block: Uint8Array, out: Output): void {
  let run = 0;
  let before = -1;
  for (const byte of block) {
    if (run === 4) {
      out.fill(before, byte);
      run = 0;
      before = -1;
    } else {
      out.fill(byte, 1);
      run = byte === before ? run + 1 : 1;
      before = byte;
    }
    if (out.isFull) return;
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one block, in the order of its parts.
function readBlock(bits: Bits, size: number): Uint8Array {
  bits.read(32);
  if (bits.read(1) === 1) throw new Damaged();
  const origin = bits.read(24);
  const used = symbolsUsed(bits);
  const codes = bits.read(3);
  if (codes < 2 || codes > 6) throw new Damaged();
  const selectors = selectorsOf(bits, codes);
  const symbols = used.length + 2;
  const readers = Array.from({ length: codes }, () => readerOf(codeLengths(bits, symbols)));
  const block = new Uint8Array(size);
  let length = 0;
  let [run, power] = [0, 1];
  for (let count = 0; ; count++) {
    const reader = readers[selectors[Math.floor(count / 50)] ?? -1];
    if (reader === undefined) throw new Damaged();
    const symbol = reader(bits);
    if (symbol < 2) {
      run += power * (symbol + 1);
      power *= 2;
      if (run > size) throw new Damaged();
      continue;
    }
    if (length + run > size) throw new Damaged();
    block.fill(used[0] ?? 0, length, length + run);
    length += run;
    [run, power] = [0, 1];
    if (symbol === symbols - 1) break;
    const [byte = 0] = used.splice(symbol - 1, 1);
    used.unshift(byte);
    if (length >= size) throw new Damaged();
    block[length++] = byte;
  }
  if (origin >= length) throw new Damaged();
  return unsort(block.subarray(0, length), origin);
}

/** What bzip2 gives: the bytes up to the limit or the damage, and which of the two it came to. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  /** `whole`; `cut` at the limit; `damaged`. */
  readonly end: 'whole' | 'cut' | 'damaged';
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one block after the other, each checked.
function unpackStreams(bits: Bits, out: Output): Unpacked['end'] {
  while (!bits.isAtEnd) {
    if (bits.read(24) !== 0x425a68) return 'damaged';
    const level = bits.read(8) - 0x30;
    if (level < 1 || level > 9) return 'damaged';
    for (;;) {
      const magic = bits.read(48);
      if (magic === 0x177245385090) break;
      if (magic !== 0x314159265359) return 'damaged';
      expand(readBlock(bits, level * 100_000), out);
      if (out.isFull) return 'cut';
    }
    bits.read(32);
    bits.align();
  }
  return 'whole';
}

/** Unpacks bzip2, at most `limit` bytes of it. */
export function decodeBzip2(bytes: Uint8Array, limit: number): Unpacked {
  const out = new Output(limit);
  let end: Unpacked['end'] = 'damaged';
  try {
    end = unpackStreams(new Bits(bytes), out);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
  }
  return { bytes: out.whole(), end };
}
