import { decodeLoosely } from '#base';
import { at16, at32 } from '../bytes.ts';
import { closed, type List, type Member } from './member.ts';

/** Pages of the schema that are looked at. */
const MOST_PAGES = 1000;
const LEAF = 13;
const INTERIOR = 5;

/** A number of one to nine bytes (SQLite file format, 1.6), and where it ends. */
function varint(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9];
}

const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const sizeOf = (type: number): number =>
  type < 12 ? (SIZES[type] ?? 0) : Math.floor((type - 12) / 2);

/** The first columns of sqlite_schema: what it is, and its name. */
function memberAt(bytes: Uint8Array, cell: number): Member | undefined {
  const [, afterLength] = varint(bytes, cell);
  const [, record] = varint(bytes, afterLength);
  const [headerSize, types] = varint(bytes, record);
  const [kindType, next] = varint(bytes, types);
  const [nameType] = varint(bytes, next);
  const start = record + headerSize;
  const middle = start + sizeOf(kindType);
  const kind = decodeLoosely(bytes.subarray(start, Math.min(middle, start + 16)));
  const name = decodeLoosely(bytes.subarray(middle, middle + Math.min(sizeOf(nameType), 1024)));
  const isKnown = ['table', 'index', 'view', 'trigger'].includes(kind);
  return isKnown ? { path: `${kind} ${name}`, size: null, open: closed } : undefined;
}

/** Tables, views, indices and triggers of an SQLite database. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk over the pages of a tree.
export const listSqlite: List = (bytes, most) => {
  const declared = at16(bytes, 16);
  const pageSize = declared === 1 ? 65_536 : declared;
  if (pageSize < 512) return { members: [], isWhole: false };
  const members: Member[] = [];
  const seen = new Set<number>();
  const open = [1];
  let isWhole = true;
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    if (seen.has(page) || seen.size >= MOST_PAGES || members.length >= most) {
      isWhole = false;
      continue;
    }
    seen.add(page);
    const start = (page - 1) * pageSize;
    const head = start + (page === 1 ? 100 : 0);
    const isLeaf = bytes[head] === LEAF;
    if (!isLeaf && bytes[head] !== INTERIOR) {
      isWhole = false;
      continue;
    }
    if (!isLeaf) open.push(at32(bytes, head + 8));
    const count = Math.min(at16(bytes, head + 3), pageSize / 4);
    for (let i = 0; i < count && members.length < most; i++) {
      const cell = start + at16(bytes, head + (isLeaf ? 8 : 12) + i * 2);
      if (!isLeaf) open.push(at32(bytes, cell));
      else members.push(...[memberAt(bytes, cell)].filter((one) => one !== undefined));
    }
  }
  return { members, isWhole };
};
