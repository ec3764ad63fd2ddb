import { at32, hasBytes, hasText, little16, little32 } from './bytes.ts';

/** An ELF header with nothing in it that no program has (System V ABI, chapter 4). */
function isElf(bytes: Uint8Array, at: number): boolean {
  const [size = 0, order = 0, version] = bytes.subarray(at + 4, at + 7);
  if (at + 52 > bytes.length || size < 1 || size > 2 || order < 1 || order > 2 || version !== 1)
    return false;
  if (!hasBytes(bytes, at + 9, [0, 0, 0, 0, 0, 0, 0])) return false;
  const isLittle = order === 1;
  const type = isLittle
    ? little16(bytes, at + 16)
    : (bytes[at + 16] ?? 0) * 256 + (bytes[at + 17] ?? 0);
  const second = isLittle ? little32(bytes, at + 20) : at32(bytes, at + 20);
  return type >= 1 && type <= 4 && second === 1;
}

/** A DOS header that leads to that of a Windows program. */
function isPe(bytes: Uint8Array, at: number): boolean {
  const header = little32(bytes, at + 0x3c);
  return header >= 0x40 && header < 0x1000 && hasText(bytes, at + header, 'PE\0\0');
}

/** A 64-bit Mach-O header for the two processors of today. */
function isMachO(bytes: Uint8Array, at: number): boolean {
  const processor = little32(bytes, at + 4);
  return processor === 0x01000007 || processor === 0x0100000c;
}

const STARTS: readonly (readonly [string, (bytes: Uint8Array, at: number) => boolean])[] = [
  ['\x7fELF', isElf],
  ['MZ', isPe],
  ['\xcf\xfa\xed\xfe', isMachO],
];

/** Where a program starts in other bytes, behind their first; undefined where none does. */
export function programWithin(bytes: Uint8Array, from = 1): number | undefined {
  const search = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let first: number | undefined;
  for (const [start, isProgram] of STARTS) {
    let at = search.indexOf(start, from, 'latin1');
    while (at >= 0 && (first === undefined || at < first)) {
      if (isProgram(bytes, at)) first = at;
      at = search.indexOf(start, at + 1, 'latin1');
    }
  }
  return first;
}
