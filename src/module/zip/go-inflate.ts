/** How Go's compress/flate ends on a stream: with all of it, or with its words and what came before. */
export interface GoInflation {
  readonly output: Uint8Array;
  /** Undefined at the end of the stream, and when the output passed the limit. */
  readonly error: string | undefined;
  /** Bytes of input that were read. */
  readonly consumed: number;
}

/** A canonical Huffman code as a table over as many bits as its longest word: value * 16 + length. */
interface HuffmanCode {
  readonly min: number;
  readonly mask: number;
  readonly table: Uint32Array;
}

const SHORT = 'unexpected EOF';
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const WINDOW = 32_768;
const LAST_LITERAL = 256;
const MOST_LITERALS = 286;
const MOST_DISTANCES = 30;
/** First symbol, its length, and the extra bits of each group of length symbols. */
const LENGTHS = [
  [285, 258, 0, 0],
  [281, 131, 5, 32],
  [277, 67, 4, 16],
  [273, 35, 3, 8],
  [269, 19, 2, 4],
  [265, 11, 1, 2],
  [257, 3, 0, 1],
] as const;

class FlateFault extends Error {}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i);
  return reversed;
}

/** Go's huffmanDecoder.init: undefined for lengths that are no complete code. */
function buildCode(lengths: readonly number[], leastBits = 0): HuffmanCode | undefined {
  const max = Math.max(0, ...lengths);
  // An empty code is taken; using it is the fault.
  if (max === 0) return { min: 0, mask: 0, table: new Uint32Array(1) };
  const min = Math.min(...lengths.filter((length) => length > 0));
  const next: number[] = [];
  let code = 0;
  for (let length = min; length <= max; length++) {
    code *= 2;
    next[length] = code;
    code += lengths.filter((other) => other === length).length;
  }
  if (code !== 2 ** max && !(code === 1 && max === 1)) return undefined;
  const table = new Uint32Array(2 ** max);
  lengths.forEach((length, value) => {
    if (length === 0) return;
    const word = next[length] ?? 0;
    next[length] = word + 1;
    for (let at = reverse(word, length); at < table.length; at += 2 ** length)
      table[at] = value * 16 + length;
  });
  return { min: Math.max(min, leastBits), mask: 2 ** max - 1, table };
}

const FIXED = buildCode(
  Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
) as HuffmanCode;

/** A port of Go's decompressor: the same faults at the same places. */
class Inflater {
  readonly #input: Uint8Array;
  readonly #limit: number;
  #output = new Uint8Array(1024);
  #length = 0;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(input: Uint8Array, limit: number) {
    this.#input = input;
    this.#limit = limit;
  }

  run(): GoInflation {
    let error: string | undefined;
    try {
      while (!this.#block());
    } catch (fault) {
      if (!(fault instanceof FlateFault)) throw fault;
      error = this.#length > this.#limit ? undefined : fault.message;
    }
    return { output: this.#output.subarray(0, this.#length), error, consumed: this.#at };
  }

  #corrupt(): never {
    throw new FlateFault(`flate: corrupt input before offset ${this.#at}`);
  }

  #byte(): number {
    const byte = this.#input[this.#at];
    if (byte === undefined) throw new FlateFault(SHORT);
    this.#at++;
    return byte;
  }

  #take(bits: number): number {
    while (this.#count < bits) {
      this.#bits |= this.#byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & (2 ** bits - 1);
    this.#bits >>>= bits;
    this.#count -= bits;
    return value;
  }

  #symbol({ min, mask, table }: HuffmanCode): number {
    let needed = min;
    for (;;) {
      while (this.#count < needed) {
        this.#bits |= this.#byte() << this.#count;
        this.#count += 8;
      }
      const entry = table[this.#bits & mask] ?? 0;
      needed = entry % 16;
      if (needed > this.#count) continue;
      if (needed === 0) this.#corrupt();
      this.#bits >>>= needed;
      this.#count -= needed;
      return Math.floor(entry / 16);
    }
  }

  #write(byte: number): void {
    if (this.#length === this.#output.length) {
      const larger = new Uint8Array(this.#output.length * 2);
      larger.set(this.#output);
      this.#output = larger;
    }
    this.#output[this.#length++] = byte;
    if (this.#length > this.#limit) throw new FlateFault('');
  }

  /** Reads one block; true after the last. */
  #block(): boolean {
    const isLast = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 0) this.#stored();
    else if (type === 1) this.#compressed(FIXED, undefined);
    else if (type === 2) this.#compressed(...this.#codes());
    else this.#corrupt();
    return isLast;
  }

  #stored(): void {
    this.#bits = 0;
    this.#count = 0;
    const header = this.#input.subarray(this.#at, this.#at + 4);
    this.#at += header.length;
    const [low = 0, high = 0, notLow = 0, notHigh = 0] = header;
    if (header.length < 4) throw new FlateFault(SHORT);
    if ((low ^ notLow) !== 0xff || (high ^ notHigh) !== 0xff) this.#corrupt();
    for (let left = low + high * 256; left > 0; left--) this.#write(this.#byte());
  }

  #codes(): readonly [HuffmanCode, HuffmanCode] {
    // Go asks for all 14 bits before it looks at any.
    const counts = this.#take(14);
    const literals = (counts & 31) + 257;
    const distances = ((counts >> 5) & 31) + 1;
    if (literals > MOST_LITERALS || distances > MOST_DISTANCES) this.#corrupt();
    const order = CODE_ORDER.slice(0, (counts >> 10) + 4);
    const own = Array.from({ length: 19 }, () => 0);
    for (const place of order) own[place] = this.#take(3);
    const lengths = this.#lengths(buildCode(own) ?? this.#corrupt(), literals + distances);
    const first = buildCode(lengths.slice(0, literals), lengths[LAST_LITERAL]);
    const second = buildCode(lengths.slice(literals));
    if (first === undefined || second === undefined) this.#corrupt();
    return [first, second];
  }

  /** How often symbols 16 to 18 repeat (RFC 1951 section 3.2.7). */
  #repeats(symbol: number): number {
    if (symbol === 16) return 3 + this.#take(2);
    return symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
  }

  #lengths(code: HuffmanCode, count: number): readonly number[] {
    const lengths: number[] = [];
    while (lengths.length < count) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      if (symbol === 16 && lengths.length === 0) this.#corrupt();
      const repeated = symbol === 16 ? (lengths.at(-1) ?? 0) : 0;
      const times = this.#repeats(symbol);
      if (lengths.length + times > count) this.#corrupt();
      lengths.push(...Array.from({ length: times }, () => repeated));
    }
    return lengths;
  }

  #compressed(literals: HuffmanCode, distances: HuffmanCode | undefined): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === LAST_LITERAL) return;
      if (symbol < LAST_LITERAL) this.#write(symbol);
      else this.#copy(symbol, distances);
    }
  }

  #copy(symbol: number, distances: HuffmanCode | undefined): void {
    if (symbol >= MOST_LITERALS) this.#corrupt();
    const [first, base, extra, step] = LENGTHS.find((group) => symbol >= group[0]) ?? LENGTHS[0];
    const length = base + (symbol - first) * step + (extra === 0 ? 0 : this.#take(extra));
    const distance = this.#distance(
      distances === undefined ? reverse(this.#take(5), 5) : this.#symbol(distances),
    );
    if (distance > Math.min(this.#length, WINDOW)) this.#corrupt();
    for (let i = 0; i < length; i++) this.#write(this.#output[this.#length - distance] ?? 0);
  }

  #distance(symbol: number): number {
    if (symbol < 4) return symbol + 1;
    if (symbol >= MOST_DISTANCES) this.#corrupt();
    const bits = (symbol - 2) >> 1;
    return 2 ** (bits + 1) + 1 + ((symbol & 1) << bits) + this.#take(bits);
  }
}

/**
 * Inflates as Go does (RFC 1951), byte for byte and fault for fault, at a tenth of zlib's speed.
 *
 * For streams that zlib refuses: the two do not agree on which fault comes first, nor on every
 * incomplete code. Stops when the output passes `limit`.
 */
export function inflateLikeGo(input: Uint8Array, limit: number): GoInflation {
  return new Inflater(input, limit).run();
}
