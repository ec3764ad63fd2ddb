import { type Budget, createBudget, Output } from '#base';
import { little64 } from '../bytes.ts';
import { Damaged } from '../unpack/damaged.ts';
import { Lzma, propertiesOf } from '../unpack/lzma.ts';
import { decodeLzma2 } from '../unpack/lzma2.ts';
import { closed, type List, type Member } from './member.ts';

// The numbers are those of 7zFormat.txt.
const ID = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  pack: 6,
  unpack: 7,
  size: 9,
  crc: 10,
  folder: 11,
  unpackSizes: 12,
  names: 17,
  encodedHeader: 23,
} as const;
/** The most that a header may unpack to, and the most coders and streams that it may name. */
const LARGEST_HEADER = 4_194_304;
const MOST_PARTS = 10_000;

/** Reads numbers and bytes; beyond the end is damage. */
class Cursor {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Damaged();
    return byte;
  }

  take(length: number): Uint8Array {
    const part = this.bytes.subarray(this.at, this.at + length);
    if (part.length < length) throw new Damaged();
    this.at += length;
    return part;
  }

  /** The first byte says by its high bits how many follow. */
  number(): number {
    const first = this.byte();
    let value = 0;
    for (let i = 0; i < 8; i++) {
      if ((first & (0x80 >> i)) === 0) return value + (first & ((0x80 >> i) - 1)) * 256 ** i;
      value += this.byte() * 256 ** i;
    }
    return value;
  }

  count(): number {
    const count = this.number();
    if (count > MOST_PARTS) throw new Damaged();
    return count;
  }
}

interface Coder {
  readonly id: string;
  readonly properties: Uint8Array;
}

/** Streams of the archive: where the packed bytes begin, how long each is, what unpacks the first folder. */
interface Streams {
  position: number;
  sizes: readonly number[];
  coders: readonly Coder[];
  unpackSize: number;
}

function digests(cursor: Cursor, count: number): void {
  let defined = count;
  if (cursor.byte() === 0) {
    const bits = cursor.take(Math.ceil(count / 8));
    defined = 0;
    for (let i = 0; i < count; i++) defined += ((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
  }
  cursor.take(defined * 4);
}

function readPack(cursor: Cursor, streams: Streams): void {
  streams.position = cursor.number();
  const count = cursor.count();
  for (let id = cursor.byte(); id !== ID.end; id = cursor.byte()) {
    if (id === ID.size) streams.sizes = Array.from({ length: count }, () => cursor.number());
    else if (id === ID.crc) digests(cursor, count);
    else throw new Damaged();
  }
}

function readFolder(cursor: Cursor): {
  readonly coders: readonly Coder[];
  readonly outputs: number;
} {
  const coders: Coder[] = [];
  let [inputs, outputs] = [0, 0];
  for (let left = cursor.count(); left > 0; left--) {
    const flags = cursor.byte();
    const id = [...cursor.take(flags & 15)].map((byte) => byte.toString(16).padStart(2, '0'));
    const isSimple = (flags & 0x10) === 0;
    inputs += isSimple ? 1 : cursor.count();
    outputs += isSimple ? 1 : cursor.count();
    const properties = (flags & 0x20) === 0 ? new Uint8Array(0) : cursor.take(cursor.count());
    coders.push({ id: id.join(''), properties });
  }
  for (let left = outputs - 1; left > 0; left--) {
    cursor.number();
    cursor.number();
  }
  const packed = inputs - (outputs - 1);
  if (packed > 1) for (let left = packed; left > 0; left--) cursor.number();
  return { coders, outputs };
}

function readUnpack(cursor: Cursor, streams: Streams): void {
  if (cursor.byte() !== ID.folder) throw new Damaged();
  const count = cursor.count();
  if (cursor.byte() !== 0) throw new Damaged();
  const folders = Array.from({ length: count }, () => readFolder(cursor));
  streams.coders = folders[0]?.coders ?? [];
  for (let id = cursor.byte(); id !== ID.end; id = cursor.byte()) {
    if (id === ID.unpackSizes) {
      const sizes = folders.flatMap(({ outputs }) =>
        Array.from({ length: outputs }, () => cursor.number()),
      );
      streams.unpackSize = sizes[0] ?? 0;
    } else if (id === ID.crc) digests(cursor, count);
    else throw new Damaged();
  }
}

/** Packed streams and folders; what is in substreams is not needed for names. */
function readStreams(cursor: Cursor): Streams {
  const streams: Streams = { position: 0, sizes: [], coders: [], unpackSize: 0 };
  for (let id = cursor.byte(); id !== ID.end; id = cursor.byte()) {
    if (id === ID.pack) readPack(cursor, streams);
    else if (id === ID.unpack) readUnpack(cursor, streams);
    else throw new Damaged();
  }
  return streams;
}

/** A header that is packed itself; undefined where its coder is not known here: encrypted, mostly. */
function unpackHeader(bytes: Uint8Array, streams: Streams): Uint8Array | undefined {
  const { coders, position, sizes, unpackSize } = streams;
  const [coder] = coders;
  const start = 32 + position;
  const end = start + (sizes[0] ?? 0);
  if (coder === undefined || coders.length > 1 || unpackSize > LARGEST_HEADER) return undefined;
  const out = new Output(unpackSize);
  if (coder.id === '00') return bytes.subarray(start, end);
  if (coder.id === '21') decodeLzma2(bytes, start, out);
  else if (coder.id === '030101') {
    const properties = propertiesOf(coder.properties[0] ?? 0xff);
    if (properties === undefined) throw new Damaged();
    const lzma = new Lzma(out);
    lzma.reset(properties);
    lzma.decode(bytes, [start, end], unpackSize);
  } else return undefined;
  return out.whole();
}

function readNames(data: Uint8Array, most: number, work: Budget): string[] {
  const names: string[] = [];
  let name = '';
  for (let at = 1; at + 1 < data.length && names.length < most; at += 2) {
    if (!work.spend(1)) throw new Damaged();
    const unit = (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8);
    if (unit !== 0) {
      name += String.fromCharCode(unit);
      continue;
    }
    names.push(name.toWellFormed());
    name = '';
  }
  return names;
}

/** The names in the property with their number; the streams before it are passed over by searching for it. */
function readFiles(header: Uint8Array, most: number): readonly string[] | undefined {
  // Sizes of substreams have no length in front: the list of files is found by trying.
  const work = createBudget(LARGEST_HEADER);
  for (let at = header.indexOf(ID.files); at >= 0; at = header.indexOf(ID.files, at + 1)) {
    try {
      const names = tryFiles(new Cursor(header.subarray(at + 1)), most, work);
      if (names !== undefined) return names;
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
    }
  }
  return undefined;
}

function tryFiles(cursor: Cursor, most: number, work: Budget): readonly string[] | undefined {
  const count = cursor.count();
  let names: readonly string[] | undefined;
  for (let id = cursor.byte(); id !== ID.end; id = cursor.byte()) {
    if (!work.spend(1)) throw new Damaged();
    const data = cursor.take(cursor.number());
    if (id > 25) throw new Damaged();
    if (id === ID.names && data[0] === 0) names = readNames(data, most, work);
  }
  return names?.length === Math.min(count, most) ? names : undefined;
}

function headerOf(bytes: Uint8Array): Uint8Array | undefined {
  const start = 32 + little64(bytes, 12);
  let header = bytes.subarray(start, start + little64(bytes, 20));
  // An archive may pack its header more than once; nobody does.
  for (let round = 0; round < 4 && header[0] === ID.encodedHeader; round++) {
    const unpacked = unpackHeader(bytes, readStreams(new Cursor(header.subarray(1))));
    if (unpacked === undefined) return undefined;
    header = unpacked;
  }
  if (header[0] !== ID.header) throw new Damaged();
  return header;
}

/** Names in a 7z archive; what is in the files stays closed. */
export const listSevenZip: List = (bytes, most) => {
  try {
    const header = headerOf(bytes);
    if (header === undefined) return { members: [], isWhole: false, isClosed: true };
    const names = readFiles(header, most);
    const members = (names ?? []).map((path): Member => ({ path, size: null, open: closed }));
    return { members, isWhole: names !== undefined };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return { members: [], isWhole: false };
  }
};
