import { decodeLoosely } from '#base';
import { hasText, little16, little32 } from '../bytes.ts';
import { inflate, type Unpack, unbzip2, unlzma, unxz, unzstd } from '../unpack/unpack.ts';
import { closed, type List, type Member, stored } from './member.ts';

/** LZMA inside of zip: two bytes of version, two of the length of the properties (APPNOTE 5.8.8). */
const zipLzma: Unpack = (bytes, limit) => {
  const unknown = new Uint8Array(8).fill(0xff);
  const packed = new Uint8Array(13 + bytes.length - 9);
  packed.set(bytes.subarray(4, 9));
  packed.set(unknown, 5);
  packed.set(bytes.subarray(9), 13);
  return unlzma(packed, limit);
};

const METHODS: Readonly<Record<number, Unpack>> = {
  8: inflate,
  12: unbzip2,
  14: (bytes, limit) => (bytes.length < 9 ? undefined : zipLzma(bytes, limit)),
  93: unzstd,
  95: unxz,
};

/** The end of the central directory: searched from the end, behind it a comment (APPNOTE 4.3.16). */
function findEnd(bytes: Uint8Array): number {
  const first = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= first; at--)
    if (hasText(bytes, at, 'PK\x05\x06')) return at;
  return -1;
}

function memberAt(bytes: Uint8Array, at: number, shift: number): Member {
  const [flags, method] = [little16(bytes, at + 8), little16(bytes, at + 10)];
  const [packed, size] = [little32(bytes, at + 20), little32(bytes, at + 24)];
  const local = little32(bytes, at + 42) + shift;
  const name = bytes.subarray(at + 46, at + 46 + little16(bytes, at + 28));
  const start = local + 30 + little16(bytes, local + 26) + little16(bytes, local + 28);
  const isOpen = (flags & 1) === 0 && hasText(bytes, local, 'PK\x03\x04');
  const unpack = METHODS[method];
  const open: Member['open'] =
    method === 0
      ? stored(bytes, start, packed)
      : (limit) => unpack?.(bytes.subarray(start, start + packed), limit);
  return { path: decodeLoosely(name), size, open: isOpen ? open : closed };
}

/** Where no directory is found: the local headers, one behind the other. */
function listLocals(bytes: Uint8Array, most: number): readonly Member[] {
  const members: Member[] = [];
  let at = 0;
  while (hasText(bytes, at, 'PK\x03\x04') && members.length < most) {
    const [flags, method] = [little16(bytes, at + 6), little16(bytes, at + 8)];
    const [packed, size] = [little32(bytes, at + 18), little32(bytes, at + 22)];
    const start = at + 30 + little16(bytes, at + 26) + little16(bytes, at + 28);
    const name = bytes.subarray(at + 30, at + 30 + little16(bytes, at + 26));
    const unpack = METHODS[method];
    const open: Member['open'] =
      method === 0
        ? stored(bytes, start, packed)
        : (limit) => unpack?.(bytes.subarray(start, start + packed), limit);
    members.push({ path: decodeLoosely(name), size, open: (flags & 1) === 0 ? open : closed });
    if ((flags & 8) !== 0) break;
    at = start + packed;
  }
  return members;
}

/** The central directory of a zip, wherever it begins in the bytes. */
export const listZip: List = (bytes, most) => {
  const end = findEnd(bytes);
  if (end < 0) return { members: listLocals(bytes, most), isWhole: false };
  const count = little16(bytes, end + 10);
  const size = little32(bytes, end + 12);
  // Offsets are those of the zip alone; bytes may stand before it.
  const start = Math.max(0, end - size);
  const shift = start - little32(bytes, end + 16);
  const members: Member[] = [];
  let at = start;
  while (hasText(bytes, at, 'PK\x01\x02') && members.length < most) {
    members.push(memberAt(bytes, at, Math.max(0, shift)));
    at += 46 + little16(bytes, at + 28) + little16(bytes, at + 30) + little16(bytes, at + 32);
  }
  const isZip64 = count === 0xffff || size === 0xffffffff;
  if (members.length === 0 && count > 0)
    return { members: listLocals(bytes, most), isWhole: false };
  return { members, isWhole: members.length === count || (isZip64 && at <= end) };
};
