import { gunzipSync } from 'node:zlib';
import type { ZipHeader } from './directory.ts';
import { findData } from './entry.ts';

/** An archive, and a view of the same bytes. */
export interface ArchiveBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A plain small entry that may be inflated together with others. */
interface Member {
  readonly index: number;
  readonly header: ZipHeader;
  readonly dataStart: number;
}

const LARGEST_ENTRY = 64 * 1024;
const LARGEST_BATCH = 512 * 1024;
/** How many entries are looked at in one go. */
export const TOGETHER = 128;

const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const TRAILER_LENGTH = 8;
const MAGIC = Uint8Array.of(0x1f, 0x8b, 8);

function memberOf(view: DataView, header: ZipHeader, index: number): Member | undefined {
  const { method, size, compressedSize, flags, crc32 } = header;
  const isSmall = size > 0 && size <= LARGEST_ENTRY && compressedSize <= LARGEST_ENTRY;
  // A CRC of zero is not checked without a descriptor: that is for the reader of single entries.
  const isChecked = (flags & 8) !== 0 || crc32 !== 0;
  if (method !== 8 || !isSmall || !isChecked || header.rawName.endsWith('/')) return undefined;
  const dataStart = findData(view, header.offset);
  if (dataStart < 0 || dataStart + compressedSize > view.byteLength) return undefined;
  return { index, header, dataStart };
}

/** The members as one gzip file (RFC 1952); undefined where a member could hide another. */
function pack(bytes: Uint8Array, members: readonly Member[]): Buffer | undefined {
  const overhead = HEADER.length + TRAILER_LENGTH;
  const length = members.reduce((sum, { header }) => sum + header.compressedSize + overhead, 0);
  const packed = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { header, dataStart } of members) {
    const { compressedSize, crc32, size } = header;
    packed.set(HEADER, at);
    const start = at + HEADER.length;
    packed.set(bytes.subarray(dataStart, dataStart + compressedSize), start);
    at = packed.writeUInt32LE(crc32, start + compressedSize);
    at = packed.writeUInt32LE(size, at);
    if (packed.subarray(start, at).indexOf(MAGIC) >= 0) return undefined;
  }
  return packed;
}

/** All members' contents, one behind the other; undefined where they are not `size` bytes in all. */
function inflateAll(packed: Buffer, size: number): Uint8Array | undefined {
  try {
    const { buffer, engine } = gunzipSync(packed, {
      info: true,
      // More than there may be, so that a full buffer is no reason for a second one.
      chunkSize: Math.max(64, size + 1),
      maxOutputLength: size,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    // Node stops without a word at a zero byte behind a member.
    return engine.bytesWritten === packed.length && buffer.length === size ? buffer : undefined;
  } catch {
    return undefined; // One of them is not plain: each is read alone.
  }
}

/**
 * The contents of small deflated entries whose size and CRC are right, by their index, of the entries
 * from `from` on; fewer or none where anything is odd: the reader of single entries has the last word.
 *
 * They are made one gzip file of many members, whose sizes and CRCs zlib checks by itself: a call for
 * each costs more than to inflate a small file. That every content is its own entry's: no data holds
 * the start of a member, so that there are no other members than ours; all bytes are used, so that each
 * ends in front of the next; and no size is zero, so that one which ran on over the next would leave the
 * sum short.
 */
export function inflateTogether(
  { bytes, view }: ArchiveBytes,
  headers: readonly ZipHeader[],
  from: number,
): ReadonlyMap<number, Uint8Array> {
  const members: Member[] = [];
  let [total, work] = [0, 0];
  const end = Math.min(headers.length, from + TOGETHER);
  for (let index = from; index < end && work < LARGEST_BATCH; index++) {
    const header = headers[index];
    const member = header && memberOf(view, header, index);
    if (member === undefined) continue;
    members.push(member);
    total += member.header.size;
    work += member.header.size + member.header.compressedSize;
  }
  const contents = new Map<number, Uint8Array>();
  const packed = members.length < 2 ? undefined : pack(bytes, members);
  const output = packed && inflateAll(packed, total);
  if (output === undefined) return contents;
  let at = 0;
  for (const { index, header } of members) {
    contents.set(index, output.subarray(at, at + header.size));
    at += header.size;
  }
  return contents;
}
