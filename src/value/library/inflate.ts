import { inflateLikeGo } from '#module';
import { TooLarge } from '../run/errors.ts';
import { adler32, crc32 } from './checksums.ts';

/** What packs at most so many bytes is unpacked. */
export const MOST_UNPACKED = 8_388_608;

/** What a reader gives: bytes, and whether it came to its end without an error. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) +
  (bytes[at + 3] ?? 0) * 0x1000000;

/** compress/flate. */
export function inflate(bytes: Uint8Array): Unpacked & { readonly consumed: number } {
  const { output, error, consumed } = inflateLikeGo(bytes, MOST_UNPACKED);
  if (output.length > MOST_UNPACKED) throw new TooLarge('it unpacks more than is followed');
  return { bytes: output, isWhole: error === undefined, consumed };
}

/** Bytes of a name or comment that Go reads, with the one that ends it. */
const LONGEST_NAME = 512;

/** The length of a gzip header; undefined where it is none. */
function gzipHeader(bytes: Uint8Array, start: number): number | undefined {
  if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b || bytes[start + 2] !== 8)
    return undefined;
  const flags = bytes[start + 3] ?? 0;
  let at = start + 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0 || end - at >= LONGEST_NAME) return undefined;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return at <= bytes.length ? at : undefined;
}

/** compress/gzip, with streams one after the other; undefined where the first header is none. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one stream after the other, each checked as Go does.
export function gunzip(bytes: Uint8Array): Unpacked | null | undefined {
  if (bytes.length === 0) return undefined;
  const parts: Uint8Array[] = [];
  let at = 0;
  let isWhole = true;
  while (at < bytes.length && isWhole) {
    const header = gzipHeader(bytes, at);
    if (header === undefined && at === 0) return undefined;
    // A sum over the header: nobody writes one.
    if (((bytes[at + 3] ?? 0) & 2) !== 0) return null;
    const found = header === undefined ? undefined : inflate(bytes.subarray(header));
    if (header === undefined || found === undefined) {
      isWhole = false;
      break;
    }
    parts.push(found.bytes);
    const end = header + found.consumed;
    const isRight =
      found.isWhole &&
      end + 8 <= bytes.length &&
      word(bytes, end) === crc32(found.bytes) &&
      word(bytes, end + 4) === found.bytes.length % 4294967296;
    isWhole = isRight;
    at = end + 8;
  }
  return { bytes: concat(parts), isWhole: isWhole && parts.length > 0 };
}

/** compress/zlib; undefined where the header is none, or asks for a dictionary. */
export function unzlib(bytes: Uint8Array): Unpacked | undefined {
  const [first = 0, second = 0] = bytes;
  const isHeader = (first & 15) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0;
  if (bytes.length < 2 || !isHeader || (second & 32) !== 0) return undefined;
  const found = inflate(bytes.subarray(2));
  const end = 2 + found.consumed;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(end, end + 4);
  const sum = a * 0x1000000 + ((b << 16) | (c << 8) | d);
  const isRight = end + 4 <= bytes.length && sum === adler32(found.bytes);
  return { bytes: found.bytes, isWhole: found.isWhole && isRight };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** compress/lzw; undefined for damaged streams. `isMsb` says that bits are packed from the highest on. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over codes, as the format says.
export function unlzw(bytes: Uint8Array, isMsb: boolean, width: number): Uint8Array | undefined {
  const clear = 1 << width;
  const end = clear + 1;
  let size = width + 1;
  let table: number[][] = [];
  let before: readonly number[] | undefined;
  const out: number[] = [];
  let bit = 0;
  const read = (): number | undefined => {
    let code = 0;
    for (let i = 0; i < size; i++, bit++) {
      const byte = bytes[bit >> 3];
      if (byte === undefined) return undefined;
      if (isMsb) code = code * 2 + ((byte >> (7 - (bit & 7))) & 1);
      else code |= ((byte >> (bit & 7)) & 1) << i;
    }
    return code;
  };
  for (let code = read(); code !== end; code = read()) {
    if (code === undefined || out.length > MOST_UNPACKED) return undefined;
    if (code === clear) {
      size = width + 1;
      table = [];
      before = undefined;
      continue;
    }
    const known = code < clear ? [code] : table[code - end - 1];
    const entry = known ?? (before === undefined ? undefined : [...before, before[0] ?? 0]);
    if (entry === undefined || (known === undefined && code !== end + 1 + table.length))
      return undefined;
    for (const byte of entry) out.push(byte);
    if (before !== undefined && end + 1 + table.length < 4096)
      table.push([...before, entry[0] ?? 0]);
    before = entry;
    if (end + 1 + table.length + 1 > 1 << size && size < 12) size++;
  }
  return Uint8Array.from(out);
}
