/** Reads bits from the highest on. */
class Bits {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw new Damaged();
      value = value * 2 + ((byte >> (7 - (this.at & 7))) & 1);
      this.at++;
    }
    return value;
  }

  /** Whole bytes are left behind the one that was read last. */
  align(): void {
    this.at = Math.ceil(this.at / 8) * 8;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length * 8;
  }
}

class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** A Huffman code: lengths of words by symbol. */
function readerOf(lengths: readonly number[]): (bits: Bits) => number {
  const words = new Map<string, number>();
  let code = 0;
  for (let length = 1; length <= 20; length++) {
    for (const [symbol, own] of lengths.entries())
      if (own === length) words.set(`${length}:${code++}`, symbol);
    code *= 2;
  }
  return (bits) => {
    let value = 0;
    for (let length = 1; length <= 20; length++) {
      value = value * 2 + bits.read(1);
      const symbol = words.get(`${length}:${value}`);
      if (symbol !== undefined) return symbol;
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
function expand(block: Uint8Array, out: number[], limit: number): void {
  let run = 0;
  let before = -1;
  for (const byte of block) {
    if (run === 4) {
      for (let i = 0; i < byte; i++) out.push(before);
      run = 0;
      before = -1;
    } else {
      out.push(byte);
      run = byte === before ? run + 1 : 1;
      before = byte;
    }
    if (out.length > limit) throw new Damaged();
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

/** bzip2, of streams that are whole; undefined for damaged ones. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one block, in the order of its parts.
export function decodeBzip2(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  const bits = new Bits(bytes);
  const out: number[] = [];
  try {
    while (!bits.isAtEnd) {
      if (bits.read(24) !== 0x425a68) return undefined;
      const level = bits.read(8) - 0x30;
      if (level < 1 || level > 9) return undefined;
      for (;;) {
        const magic = bits.read(48);
        if (magic === 0x177245385090) break;
        if (magic !== 0x314159265359) return undefined;
        expand(readBlock(bits, level * 100_000), out, limit);
      }
      bits.read(32);
      bits.align();
    }
  } catch (error) {
    if (error instanceof Damaged) return undefined;
    throw error;
  }
  return Uint8Array.from(out);
}
