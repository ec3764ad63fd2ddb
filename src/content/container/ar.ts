import { decodeLoosely } from '#base';
import { hasText, latin1 } from '../bytes.ts';
import { type List, type Member, stored } from './member.ts';

const HEADER = 60;
const LONGEST_NAME = 1024;

/** Members of an ar archive (`.a`, `.deb`), names as GNU or BSD write them. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one header after the other, each in its dialects.
export const listAr: List = (bytes, most) => {
  const members: Member[] = [];
  let at = 8;
  let names = '';
  while (at + HEADER <= bytes.length && members.length < most) {
    const digits = latin1(bytes.subarray(at + 48, at + 58)).trim();
    if (!hasText(bytes, at + 58, '`\n') || !/^\d{1,10}$/.test(digits))
      return { members, isWhole: false };
    const size = Number(digits);
    const start = at + HEADER;
    const raw = latin1(bytes.subarray(at, at + 16)).trimEnd();
    const bsd = /^#1\/(\d{1,6})$/.exec(raw);
    const gnu = /^\/(\d{1,10})$/.exec(raw);
    if (raw === '//') names = latin1(bytes.subarray(start, start + size));
    else if (bsd !== null) {
      const length = Number(bsd[1]);
      const path = decodeLoosely(bytes.subarray(start, start + length)).replace(/\0+$/, '');
      const rest = Math.max(0, size - length);
      members.push({ path, size: rest, open: stored(bytes, start + length, rest) });
    } else if (raw !== '/' && raw !== '/SYM64/') {
      const from = Number(gnu?.[1]);
      const named = gnu === null ? raw : names.slice(from, from + LONGEST_NAME).split('\n', 1)[0];
      const path = (named ?? raw).replace(/\/$/, '');
      members.push({ path, size, open: stored(bytes, start, size) });
    }
    at = start + size + (size % 2);
  }
  return { members, isWhole: at >= bytes.length && members.length < most };
};
