import { toByteString } from '#base';
import { ModuleError } from '../errors.ts';

const END = 0x06054b50;
const END_LENGTH = 22;
const LOCATOR64 = 0x07064b50;
const END64 = 0x06064b50;
const HEADER = 0x02014b50;
const HEADER_LENGTH = 46;
const MAX_32 = 0xffffffff;

/** One entry of the central directory, as Go's archive/zip reads it. */
export interface ZipHeader {
  /** The name's bytes, one UTF-16 unit each. */
  readonly rawName: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the local header starts, base offset included; below 0 when that is outside of the file. */
  readonly offset: number;
  /** The mode bits that a Unix archiver left; 0 when another system made the entry. */
  readonly unixMode: number;
}

/** The central directory as Go sees it, or the words with which Go refuses the archive. */
export type ZipDirectory =
  | {
      readonly error: undefined;
      readonly entries: readonly ZipHeader[];
      /** Where the headers start, and the end record. */
      readonly start: number;
      readonly end: number;
      readonly baseOffset: bigint;
      readonly commentLength: number;
      /** True when the headers stopped before the entry budget was reached. */
      readonly complete: boolean;
    }
  | { readonly error: string };

const FORMAT = 'zip: not a valid zip file';

/** The offset of an entry that lies in front of the file, which Go refuses in other words. */
export const NEGATIVE_OFFSET = -2;
const BEHIND = -1;

function placeOf(offset: bigint, size: number): number {
  if (offset < 0n) return NEGATIVE_OFFSET;
  return offset < BigInt(size) ? Number(offset) : BEHIND;
}

interface EndRecord {
  readonly at: number;
  readonly records: bigint;
  readonly size: bigint;
  readonly offset: bigint;
  readonly commentLength: number;
}

/**
 * Refuses a file that holds the four bytes of an end record nowhere, in reach of a reader or not: there
 * is nothing of a module in it.
 *
 * @throws ModuleError `NOT_A_ZIP`.
 */
export function requireZip(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') >= 0) return;
  const reason = bytes.length === 0 ? 'it is empty' : 'it has no zip end record';
  throw new ModuleError('NOT_A_ZIP', `Cannot read the input as a zip: ${reason}`);
}

/** Go's findSignatureInBlock: the last end record whose comment fits, or -1 at the first that does not. */
function findEnd(view: DataView, from: number): number {
  const size = view.byteLength;
  for (let i = size - END_LENGTH; i >= from; i--) {
    if (view.getUint8(i) !== 0x50 || view.getUint32(i, true) !== END) continue;
    return view.getUint16(i + 20, true) + END_LENGTH + i > size ? -1 : i;
  }
  return -1;
}

/** The position of the zip64 end record, -1 when there is none, undefined when Go fails to look. */
function findEnd64(view: DataView, end: number): bigint {
  const at = end - 20;
  if (at < 0) return -1n;
  const isLocator =
    view.getUint32(at, true) === LOCATOR64 &&
    view.getUint32(at + 4, true) === 0 &&
    view.getUint32(at + 16, true) === 1;
  return isLocator ? view.getBigInt64(at + 8, true) : -1n;
}

function readEnd(view: DataView): EndRecord | string {
  const size = view.byteLength;
  let at = -1;
  for (const window of [1024, 65 * 1024]) {
    at = findEnd(view, Math.max(0, size - window));
    if (at >= 0 || window >= size) break;
  }
  if (at < 0) return FORMAT;
  const record: EndRecord = {
    at,
    records: BigInt(view.getUint16(at + 10, true)),
    size: BigInt(view.getUint32(at + 12, true)),
    offset: BigInt(view.getUint32(at + 16, true)),
    commentLength: view.getUint16(at + 20, true),
  };
  // Go compares the directory's size with 0xffff, not with 0xffffffff.
  const wants64 =
    record.records === 0xffffn || record.size === 0xffffn || record.offset === BigInt(MAX_32);
  return wants64 ? readEnd64(view, record) : record;
}

function readEnd64(view: DataView, record: EndRecord): EndRecord | string {
  const found = findEnd64(view, record.at);
  if (found < 0n) return record;
  if (found > BigInt(view.byteLength - 56)) return 'EOF';
  const at = Number(found);
  if (view.getUint32(at, true) !== END64) return FORMAT;
  return {
    at,
    records: view.getBigUint64(at + 32, true),
    size: view.getBigUint64(at + 40, true),
    offset: view.getBigUint64(at + 48, true),
    commentLength: record.commentLength,
  };
}

interface Zip64Values {
  size: number;
  compressedSize: number;
  offset: bigint;
}

/** As a double that is on the same side of 2^63 as the number: there Go's become negative. */
function toSize(value: bigint): number {
  return value < 2n ** 63n ? Math.min(Number(value), 2 ** 63 - 1024) : Number(value);
}

/** Takes from a zip64 field what the header left at its largest value; false when it is too short. */
function readZip64(
  view: DataView,
  values: Zip64Values,
  [at, length]: readonly [number, number],
): boolean {
  const wants = {
    size: values.size === MAX_32,
    compressedSize: values.compressedSize === MAX_32,
    offset: values.offset === BigInt(MAX_32),
  };
  const count = Number(wants.size) + Number(wants.compressedSize) + Number(wants.offset);
  if (count * 8 > length) return false;
  let field = at;
  const next = () => {
    field += 8;
    return field - 8;
  };
  if (wants.size) values.size = toSize(view.getBigUint64(next(), true));
  if (wants.compressedSize) values.compressedSize = toSize(view.getBigUint64(next(), true));
  if (wants.offset) values.offset = view.getBigInt64(next(), true);
  return true;
}

/** Applies zip64 extra fields, of which only the first counts; false where Go refuses the header. */
function readExtra(
  view: DataView,
  values: Zip64Values,
  bounds: readonly [number, number],
): boolean {
  const needsMore = values.compressedSize === MAX_32 || values.offset === BigInt(MAX_32);
  let isRead = false;
  let [at, stop] = bounds;
  while (stop - at >= 4) {
    const tag = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    at += 4;
    if (stop - at < length) break;
    if (tag === 1 && !isRead) {
      if (!readZip64(view, values, [at, length])) return false;
      isRead = true;
    }
    at += length;
  }
  return isRead || !needsMore;
}

type HeaderReading =
  | { readonly header: ZipHeader; readonly next: number }
  | 'EOF'
  | 'unexpected EOF'
  | typeof FORMAT;

/** Go's readDirectoryHeader, with its distinction of a clean and an unexpected end of file. */
function readHeader(view: DataView, at: number, base: bigint): HeaderReading {
  const left = view.byteLength - at;
  if (left <= 0) return 'EOF';
  if (left < HEADER_LENGTH) return 'unexpected EOF';
  if (view.getUint32(at, true) !== HEADER) return FORMAT;
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const rest = nameLength + extraLength + view.getUint16(at + 32, true);
  if (rest > left - HEADER_LENGTH) return left === HEADER_LENGTH ? 'EOF' : 'unexpected EOF';
  const nameAt = at + HEADER_LENGTH;
  const extraAt = nameAt + nameLength;
  const values: Zip64Values = {
    size: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    offset: BigInt(view.getUint32(at + 42, true)),
  };
  if (!readExtra(view, values, [extraAt, extraAt + extraLength])) return FORMAT;
  const offset = BigInt.asIntN(64, values.offset + base);
  const creator = view.getUint8(at + 5);
  const header: ZipHeader = {
    rawName: toByteString(new Uint8Array(view.buffer, view.byteOffset + nameAt, nameLength)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    compressedSize: values.compressedSize,
    size: values.size,
    offset: placeOf(offset, view.byteLength),
    unixMode: creator === 3 || creator === 19 ? view.getUint16(at + 40, true) : 0,
  };
  return { header, next: nameAt + rest };
}

/**
 * Reads the central directory with the exact rules of Go's archive/zip.
 *
 * `limit` is the number of entries to read at most; never throws on content.
 */
export function readZipDirectory(bytes: Uint8Array, limit: number): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = readEnd(view);
  if (typeof end === 'string') return { error: end };
  const largest = 2n ** 63n - 1n;
  if (end.size > largest || end.offset > largest) return { error: FORMAT };
  const first = BigInt(end.at) - end.size;
  if (first < 0n || first >= BigInt(bytes.length)) return { error: FORMAT };
  let base = BigInt.asIntN(64, first - end.offset);
  // A header at the unadjusted offset wins: Go has seen wrong base offsets.
  if (base > 0n && typeof readHeader(view, Number(end.offset), 0n) === 'object') base = 0n;
  const start = Number(base + end.offset);
  const entries: ZipHeader[] = [];
  let at = start;
  let reading = readHeader(view, at, base);
  while (typeof reading === 'object' && entries.length < limit) {
    entries.push(reading.header);
    at = reading.next;
    reading = readHeader(view, at, base);
  }
  const complete = typeof reading !== 'object';
  if (reading === 'EOF') return { error: 'EOF' };
  if (complete && BigInt(entries.length % 65536) !== end.records % 65536n)
    return { error: reading as string };
  return {
    error: undefined,
    entries,
    start,
    end: end.at,
    baseOffset: base,
    commentLength: end.commentLength,
    complete,
  };
}
