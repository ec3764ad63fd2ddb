import type { Output } from '#base';
import { Damaged } from './damaged.ts';

const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(1024);

/** The range decoder of LZMA. */
class RangeDecoder {
  private range = 0xffffffff;
  private code = 0;
  private at: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start + 5;
    this.end = end;
    for (let i = 1; i < 5; i++) this.code = ((this.code << 8) | (bytes[start + i] ?? 0)) >>> 0;
  }

  private normalize(): void {
    if (this.range >= 0x1000000) return;
    if (this.at >= this.end) throw new Damaged();
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.bytes[this.at++] ?? 0)) >>> 0;
  }

  bit(table: Uint16Array, i: number): number {
    const probability = table[i] ?? 0;
    const bound = (this.range >>> 11) * probability;
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
      table[i] = probability + ((2048 - probability) >> 5);
    } else {
      this.range -= bound;
      this.code -= bound;
      table[i] = probability - (probability >> 5);
      bit = 1;
    }
    this.normalize();
    return bit;
  }

  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit === 1) this.code -= this.range;
      value = value * 2 + bit;
      this.normalize();
    }
    return value;
  }

  tree(table: Uint16Array, bits: number, offset = 0): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = node * 2 + this.bit(table, offset + node);
    return node - 2 ** bits;
  }

  reverseTree(table: Uint16Array, bits: number, offset: number): number {
    let [node, value] = [1, 0];
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(table, offset + node);
      node = node * 2 + bit;
      value += bit * 2 ** i;
    }
    return value;
  }
}

/** Lengths of repeats: short, middle, long. */
class Lengths {
  private readonly choice = probabilities(2);
  private readonly low = probabilities(16 * 8);
  private readonly middle = probabilities(16 * 8);
  private readonly high = probabilities(256);

  read(coder: RangeDecoder, state: number): number {
    if (coder.bit(this.choice, 0) === 0) return 2 + coder.tree(this.low, 3, state * 8);
    if (coder.bit(this.choice, 1) === 0) return 10 + coder.tree(this.middle, 3, state * 8);
    return 18 + coder.tree(this.high, 8);
  }
}

/** Literal context, literal position, position: what the properties byte says. */
interface Properties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** Reads the properties byte; undefined where it says more than LZMA has. */
export function propertiesOf(byte: number): Properties | undefined {
  if (byte >= 225) return undefined;
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

/** What an LZMA stream has come to: its probabilities, its last distances, its output. */
export class Lzma {
  private literals = probabilities(0);
  private readonly isMatch = probabilities(12 * 16);
  private readonly isRepeat = probabilities(12);
  private readonly isRepeat0 = probabilities(12);
  private readonly isRepeat1 = probabilities(12);
  private readonly isRepeat2 = probabilities(12);
  private readonly isLong = probabilities(12 * 16);
  private readonly slots = probabilities(4 * 64);
  private readonly places = probabilities(128);
  private readonly aligned = probabilities(16);
  private lengths = new Lengths();
  private repeatLengths = new Lengths();
  private state = 0;
  private last: [number, number, number, number] = [0, 0, 0, 0];
  private properties: Properties = { lc: 3, lp: 0, pb: 2 };
  /** Where the dictionary begins: nothing before it can be repeated. */
  private origin = 0;
  private readonly out: Output;

  constructor(out: Output) {
    this.out = out;
  }

  /** Forgets what was made so far; what is to come cannot repeat it. */
  resetDictionary(): void {
    this.origin = this.out.length;
  }

  /** Forgets what it learned. */
  reset(properties: Properties): void {
    this.properties = properties;
    this.literals = probabilities(0x300 << (properties.lc + properties.lp));
    const tables = [this.isMatch, this.isRepeat, this.isRepeat0, this.isRepeat1, this.isRepeat2];
    for (const table of [...tables, this.isLong, this.slots, this.places, this.aligned])
      table.fill(1024);
    this.lengths = new Lengths();
    this.repeatLengths = new Lengths();
    this.state = 0;
    this.last = [0, 0, 0, 0];
  }

  /** Forgets probabilities and keeps the properties. */
  resetState(): void {
    this.reset(this.properties);
  }

  /** Decodes `size` bytes, or up to the end mark where it is undefined; stops at the limit of the output. */
  decode(bytes: Uint8Array, [start, end]: readonly [number, number], size?: number): void {
    const coder = new RangeDecoder(bytes, start, end);
    const { out } = this;
    const goal = size === undefined ? Number.POSITIVE_INFINITY : out.length + size;
    while (out.length < goal && !out.isFull) {
      const position = (out.length - this.origin) & (2 ** this.properties.pb - 1);
      if (coder.bit(this.isMatch, this.state * 16 + position) === 0) this.literal(coder);
      else if (!this.match(coder, position, goal)) return;
    }
  }

  private literal(coder: RangeDecoder): void {
    const { lc, lp } = this.properties;
    const { out } = this;
    const place = out.length - this.origin;
    const before = place === 0 ? 0 : out.back(1);
    const low = (place & (2 ** lp - 1)) << lc;
    const table = 0x300 * (low + (before >> (8 - lc)));
    let symbol = 1;
    if (this.state >= 7) {
      let match = out.back(this.last[0] + 1);
      while (symbol < 0x100) {
        const matched = (match >> 7) & 1;
        match = (match << 1) & 0xff;
        const bit = coder.bit(this.literals, table + ((1 + matched) << 8) + symbol);
        symbol = symbol * 2 + bit;
        if (matched !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = symbol * 2 + coder.bit(this.literals, table + symbol);
    out.push(symbol & 0xff);
    this.state = this.state < 4 ? 0 : this.state - (this.state < 10 ? 3 : 6);
  }

  /** False at the end mark. */
  private match(coder: RangeDecoder, position: number, goal: number): boolean {
    let length: number;
    if (coder.bit(this.isRepeat, this.state) === 1) {
      const isShort = this.repeat(coder, position);
      length = isShort ? 1 : this.repeatLengths.read(coder, position);
      this.state = this.state < 7 ? (isShort ? 9 : 8) : 11;
    } else {
      const [a, b, c] = this.last;
      length = this.lengths.read(coder, position);
      this.state = this.state < 7 ? 7 : 10;
      const distance = this.distance(coder, Math.min(length - 2, 3));
      if (distance === 0xffffffff) return false;
      this.last = [distance, a, b, c];
    }
    if (this.last[0] >= this.out.length - this.origin) throw new Damaged();
    this.out.copy(this.last[0] + 1, Math.min(length, goal - this.out.length));
    return true;
  }

  /** Which of the last distances; true where it is one byte. */
  private repeat(coder: RangeDecoder, position: number): boolean {
    const [a, b, c, d] = this.last;
    if (coder.bit(this.isRepeat0, this.state) === 0)
      return coder.bit(this.isLong, this.state * 16 + position) === 0;
    if (coder.bit(this.isRepeat1, this.state) === 0) this.last = [b, a, c, d];
    else if (coder.bit(this.isRepeat2, this.state) === 0) this.last = [c, a, b, d];
    else this.last = [d, a, b, c];
    return false;
  }

  private distance(coder: RangeDecoder, state: number): number {
    const slot = coder.tree(this.slots, 6, state * 64);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 + (slot & 1)) * 2 ** bits;
    if (slot < 14) return high + coder.reverseTree(this.places, bits, high - slot);
    const direct = coder.direct(bits - 4);
    return high + direct * 16 + coder.reverseTree(this.aligned, 4, 0);
  }
}
