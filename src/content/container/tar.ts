import { decodeLoosely } from '#base';
import { hasText, latin1 } from '../bytes.ts';
import { type List, type Member, stored } from './member.ts';

const BLOCK = 512;

/** Text up to the first zero. */
function field(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return end < 0 ? part : part.subarray(0, end);
}

/** Octal digits, or a large number in binary (GNU); undefined where it is neither. */
function sizeAt(bytes: Uint8Array, at: number): number | undefined {
  if (((bytes[at] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (let i = 1; i < 12; i++) value = value * 256 + (bytes[at + i] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = latin1(field(bytes, at, 12)).trim();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number(`0o${text}`) : undefined;
}

/** The name of a pax header: `27 path=…\n` (POSIX.1-2001). */
function paxPath(data: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data)?.[1];
}

/** Headers and data of a tar, whichever of its dialects. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one header after the other, each in its dialects.
export const listTar: List = (bytes, most) => {
  const members: Member[] = [];
  let at = 0;
  let long: string | undefined;
  while (at + BLOCK <= bytes.length && members.length < most) {
    if (bytes[at] === 0) return { members, isWhole: true };
    const size = sizeAt(bytes, at + 124);
    if (size === undefined) return { members, isWhole: false };
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    const data = bytes.subarray(at + BLOCK, at + BLOCK + Math.min(size, 65_536));
    if (type === 'L') long = decodeLoosely(field(data, 0, data.length));
    else if (type === 'x') long = paxPath(decodeLoosely(data)) ?? long;
    else if (type !== 'g' && type !== 'K') {
      const prefix = hasText(bytes, at + 257, 'ustar\0')
        ? decodeLoosely(field(bytes, at + 345, 155))
        : '';
      const name = decodeLoosely(field(bytes, at, 100));
      const path = long ?? (prefix === '' ? name : `${prefix}/${name}`);
      const isFile = type === '0' || type === '\0' || type === '7';
      members.push({ path, size, open: stored(bytes, at + BLOCK, isFile ? size : 0) });
      long = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return { members, isWhole: at >= bytes.length && members.length < most };
};
