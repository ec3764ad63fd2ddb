import { Damaged } from './damaged.ts';

/** A table of finite state entropy (RFC 8878, 4.1): what each state says, and where it goes. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** Spreads symbols over states by their counts; -1 is less than one. */
export function fseTable(counts: readonly number[], log: number): FseTable {
  const size = 2 ** log;
  const [symbols, bits, next] = [new Uint8Array(size), new Uint8Array(size), new Uint16Array(size)];
  const seen = counts.map((count) => Math.abs(count));
  let high = size;
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[--high] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= high);
    }
  }
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const order = seen[symbol] ?? 1;
    seen[symbol] = order + 1;
    const width = log - (31 - Math.clz32(order));
    bits[state] = width;
    next[state] = order * 2 ** width - size;
  }
  return { log, symbols, bits, next };
}

/** One symbol, whatever the bits. */
export function constantTable(symbol: number): FseTable {
  return {
    log: 0,
    symbols: Uint8Array.of(symbol),
    bits: new Uint8Array(1),
    next: new Uint16Array(1),
  };
}

/** Reads bits from the lowest on. */
class ForwardBits {
  at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.at = start * 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw new Damaged();
      value += ((byte >> (this.at & 7)) & 1) * 2 ** i;
    }
    return value;
  }
}

/** A count in as few bits as what is left allows (RFC 8878, 4.1.1). */
function readCount(bits: ForwardBits, left: number): number {
  const width = 32 - Math.clz32(left + 1);
  const value = bits.read(width);
  const low = 2 ** (width - 1) - 1;
  const threshold = 2 ** width - 1 - (left + 1);
  if ((value & low) < threshold) {
    bits.at--;
    return (value & low) - 1;
  }
  return (value > low ? value - threshold : value) - 1;
}

/** Reads the description of a table, and says where it ends. */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  most: { readonly log: number; readonly symbols: number },
): { readonly table: FseTable; readonly end: number } {
  const bits = new ForwardBits(bytes, start);
  const log = bits.read(4) + 5;
  if (log > most.log) throw new Damaged();
  const counts: number[] = [];
  let left = 2 ** log;
  while (left > 0) {
    const count = readCount(bits, left);
    left -= Math.abs(count);
    counts.push(count);
    for (let zeros = count === 0 ? 3 : 0; zeros === 3; ) {
      zeros = bits.read(2);
      for (let i = 0; i < zeros; i++) counts.push(0);
    }
    if (counts.length > most.symbols) throw new Damaged();
  }
  if (left < 0) throw new Damaged();
  return { table: fseTable(counts, log), end: Math.ceil(bits.at / 8) };
}
