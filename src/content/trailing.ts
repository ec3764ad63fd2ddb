import { at16, at32, hasBytes, hasText, little16, little32 } from './bytes.ts';

/** The end of a PNG: behind its IEND chunk (PNG 5.6); undefined where it has none. */
function pngEnd(bytes: Uint8Array): number | undefined {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + at32(bytes, at);
    if (hasText(bytes, at + 4, 'IEND')) return end;
    at = end;
  }
  return undefined;
}

/** The end of a JPEG: behind the end-of-image marker that no segment holds (ITU T.81, B.1). */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one marker after the other.
function jpegEnd(bytes: Uint8Array): number | undefined {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return at + 2;
    if (marker === 0xff) at++;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else {
      at += 2 + at16(bytes, at + 2);
      if (marker === 0xda) at = endOfScan(bytes, at);
    }
  }
  return hasBytes(bytes, at, [0xff, 0xd9]) ? at + 2 : undefined;
}

/** Behind the coded data: the next marker that is not stuffing and no restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Behind the trailer of a GIF (GIF89a, appendix A). */
function gifEnd(bytes: Uint8Array): number | undefined {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + table(bytes[10] ?? 0);
  const skipBlocks = () => {
    while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
    at++;
  };
  while (at < bytes.length) {
    const introducer = bytes[at];
    if (introducer === 0x3b) return at + 1;
    if (introducer === 0x21) at += 2;
    else if (introducer === 0x2c) at += 11 + table(bytes[at + 9] ?? 0);
    else return undefined;
    skipBlocks();
  }
  return undefined;
}

/** The last byte that a section or segment of an ELF program needs; its tables are part of it. */
function elfEnd(bytes: Uint8Array): number | undefined {
  // Big-endian and 32-bit programs: left alone, as what follows them is seldom anything.
  if (bytes[4] !== 2 || bytes[5] !== 1 || bytes.length < 64) return undefined;
  const sections = little32(bytes, 40) + little32(bytes, 44) * 0x100000000;
  const count = little16(bytes, 60);
  let end = sections + count * 64;
  for (let i = 0; i < count; i++) {
    const at = sections + i * 64;
    const isEmpty = little32(bytes, at + 4) === 8;
    if (!isEmpty && at + 64 <= bytes.length)
      end = Math.max(end, little32(bytes, at + 24) + little32(bytes, at + 32));
  }
  return count === 0 ? undefined : end;
}

/** Behind the last section of a Windows program, where installers keep what they install. */
function peEnd(bytes: Uint8Array): number | undefined {
  const header = little32(bytes, 0x3c);
  const count = little16(bytes, header + 6);
  const first = header + 24 + little16(bytes, header + 20);
  let end = first + count * 40;
  for (let at = first; at < first + count * 40 && at + 40 <= bytes.length; at += 40)
    end = Math.max(end, little32(bytes, at + 16) + little32(bytes, at + 20));
  return count === 0 ? undefined : end;
}

const ENDS: Readonly<Record<string, (bytes: Uint8Array) => number | undefined>> = {
  png: pngEnd,
  jpeg: jpegEnd,
  gif: gifEnd,
  webp: (bytes) => 8 + little32(bytes, 4) + (little32(bytes, 4) % 2),
  riff: (bytes) => 8 + little32(bytes, 4) + (little32(bytes, 4) % 2),
  bmp: (bytes) => (little32(bytes, 2) < 54 ? undefined : little32(bytes, 2)),
  elf: elfEnd,
  pe: peEnd,
};

/** Where what the format needs ends, when more follows; undefined where nothing does, or the end is not known. */
export function trailingOffset(bytes: Uint8Array, format: string): number | undefined {
  const end = ENDS[format]?.(bytes);
  if (end === undefined || end >= bytes.length) return undefined;
  // Padding is nothing.
  for (let at = end; at < bytes.length; at++)
    if (bytes[at] !== 0 && bytes[at] !== 10 && bytes[at] !== 13) return end;
  return undefined;
}

/** What a zip needs behind it: the end of its directory, and the longest comment. */
const LONGEST_END = 22 + 65_535;

/** Ends of directories of a zip (APPNOTE 4.3.16), last first. */
function* directoryEnds(bytes: Uint8Array): Generator<number> {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - LONGEST_END); at--)
    if (bytes[at] === 0x50 && hasText(bytes, at, 'PK\x05\x06')) yield at;
}

/** Where a zip begins that other bytes stand before: readers of zips look for its end alone. */
export function zipBehind(bytes: Uint8Array): number | undefined {
  for (const at of directoryEnds(bytes)) {
    const directory = at - little32(bytes, at + 12);
    if (!hasText(bytes, directory, 'PK\x01\x02')) continue;
    const start = directory - little32(bytes, at + 16);
    return start > 0 ? start : undefined;
  }
  return undefined;
}

/** Where the comment of a zip starts; undefined for what is none. */
export function zipEnd(bytes: Uint8Array): number | undefined {
  const { value } = directoryEnds(bytes).next();
  return value === undefined ? undefined : value + 22;
}

/** Where what begins as text goes on as something else: the line that holds its first zero. */
export function binaryBehind(bytes: Uint8Array): number | undefined {
  const zero = bytes.indexOf(0);
  const start = zero < 0 ? 0 : bytes.lastIndexOf(10, zero) + 1;
  return start > 0 ? start : undefined;
}
