import type { ArchiveBytes } from './batch.ts';
import type { ZipDirectory, ZipHeader } from './directory.ts';
import { type EntryReading, findData } from './entry.ts';

/** Something in an archive that Go accepts and another reader may see differently. */
export interface ZipDeviation {
  readonly code: ZipDeviationCode;
  /** The entry it concerns, counted from 0; null for the archive as a whole. */
  readonly index: number | null;
  /** The first byte it concerns; null where no single place does. */
  readonly offset: number | null;
  /** How many bytes it concerns. */
  readonly length: number | null;
  readonly detail: string;
}

/** The kinds of deviation. */
export type ZipDeviationCode =
  | 'leading-bytes'
  | 'trailing-bytes'
  | 'archive-comment'
  | 'base-offset'
  | 'gap'
  | 'overlap'
  | 'smuggled-bytes'
  | 'directory-content'
  | 'local-name'
  | 'local-header'
  | 'encrypted-flag'
  | 'symbolic-link'
  | 'unchecked-crc'
  | 'second-reader-refuses'
  | 'second-reader-entry';

type OpenDirectory = Extract<ZipDirectory, { readonly error: undefined }>;

/** The bytes of one entry: local header, data and descriptor. */
export interface Extent {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

const DESCRIPTOR = 0x08074b50;

/** The length of the data descriptor behind an entry's data: signed or not, 32 or 64 bits wide. */
function descriptorLength(view: DataView, at: number, header: ZipHeader): number {
  const word = (i: number) => (at + i + 4 <= view.byteLength ? view.getUint32(at + i, true) : -1);
  const signed = word(0) === DESCRIPTOR ? 4 : 0;
  const wide =
    word(signed + 4) === header.compressedSize % 2 ** 32 &&
    word(signed + 8) === Math.floor(header.compressedSize / 2 ** 32) &&
    word(signed + 12) === header.size % 2 ** 32;
  return signed + (wide && word(signed + 8) !== header.size ? 20 : 12);
}

function extentOf(view: DataView, header: ZipHeader, index: number): Extent | undefined {
  const data = findData(view, header.offset);
  if (data < 0) return undefined;
  const end = data + header.compressedSize;
  const descriptor = (header.flags & 8) === 0 ? 0 : descriptorLength(view, end, header);
  return { index, start: header.offset, end: end + descriptor };
}

/** True where the local header repeats the directory's name. */
function hasSameName(bytes: Uint8Array, { rawName, offset }: ZipHeader): boolean {
  const start = offset + 30;
  for (let i = 0; i < rawName.length; i++) {
    if (bytes[start + i] !== rawName.charCodeAt(i)) return false;
  }
  return true;
}

/** What a header tells other tools, and what the local one says otherwise. */
function headerNotes(
  { bytes, view }: ArchiveBytes,
  header: ZipHeader,
): readonly (readonly [ZipDeviationCode, string])[] {
  const { flags, unixMode, crc32, size, offset, rawName } = header;
  const notes: (readonly [ZipDeviationCode, string])[] = [];
  if ((flags & 1) !== 0)
    notes.push(['encrypted-flag', 'the entry is marked as encrypted; Go reads it as it is']);
  if ((unixMode & 0xf000) === 0xa000)
    notes.push([
      'symbolic-link',
      'other tools make a symbolic link of this entry; Go makes a file',
    ]);
  if ((flags & 8) === 0 && crc32 === 0 && size > 0)
    notes.push(['unchecked-crc', 'the CRC is 0, which Go takes for "not set" and does not check']);
  if (findData(view, offset) < 0) return notes;
  if (view.getUint16(offset + 26, true) !== rawName.length || !hasSameName(bytes, header))
    notes.push(['local-name', 'the local header has another name than the directory']);
  const differing = differingFields(view, header);
  if (differing.length > 0)
    notes.push(['local-header', `local header and directory differ in ${differing.join(', ')}`]);
  return notes;
}

function differingFields(view: DataView, header: ZipHeader): string[] {
  const at = header.offset;
  const fields: string[] = [];
  if (view.getUint16(at + 8, true) !== header.method) fields.push('method');
  if (((view.getUint16(at + 6, true) ^ header.flags) & 9) !== 0) fields.push('flags');
  const crc = view.getUint32(at + 14, true);
  const compressed = view.getUint32(at + 18, true);
  const size = view.getUint32(at + 22, true);
  // A streamed entry leaves these three zero; zip64 leaves the sizes at their largest value.
  if ((header.flags & 8) !== 0 && crc === 0 && compressed === 0 && size === 0) return fields;
  if (crc !== header.crc32) fields.push('CRC');
  if (compressed !== header.compressedSize && compressed !== 0xffffffff)
    fields.push('compressed size');
  if (size !== header.size && size !== 0xffffffff) fields.push('size');
  return fields;
}

/** Bytes behind the end of a stream, or the content of a directory; undefined where there are none. */
function hiddenBytes(
  header: ZipHeader,
  { dataStart, consumed }: EntryReading,
  index: number,
): ZipDeviation | undefined {
  const length = consumed === undefined ? 0 : header.compressedSize - consumed;
  if (length <= 0) return undefined;
  const isDirectory = header.rawName.endsWith('/');
  return {
    code: isDirectory ? 'directory-content' : 'smuggled-bytes',
    index,
    offset: dataStart + (consumed ?? 0),
    length,
    detail: isDirectory
      ? 'a directory entry has content, which Go does not show'
      : 'bytes follow the end of the compressed stream inside the entry',
  };
}

/** Adds to `found` what one entry shows beside what Go reads of it. */
export function addDeviations(
  archive: ArchiveBytes,
  header: ZipHeader,
  {
    index,
    reading,
    found,
  }: { readonly index: number; readonly reading: EntryReading; readonly found: ZipDeviation[] },
): void {
  const offset = header.offset < 0 ? null : header.offset;
  for (const [code, detail] of headerNotes(archive, header))
    found.push({ code, index, offset, length: null, detail });
  const hidden = hiddenBytes(header, reading, index);
  if (hidden !== undefined) found.push(hidden);
}

/** Where the entries lie, in the order of their places. */
export function entryExtents(bytes: Uint8Array, { entries }: OpenDirectory): readonly Extent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return entries
    .map((header, index) => extentOf(view, header, index))
    .filter((extent) => extent !== undefined)
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Leading, trailing and unclaimed bytes, and bytes that two entries claim. */
export function layoutDeviations(
  bytes: Uint8Array,
  directory: OpenDirectory,
  extents: readonly Extent[],
): readonly ZipDeviation[] {
  const found: ZipDeviation[] = [];
  const add = (code: ZipDeviationCode, [start, end]: readonly [number, number], detail: string) =>
    found.push({ code, index: null, offset: start, length: end - start, detail });
  let reached = 0;
  for (const { index, start, end } of extents) {
    if (start > reached) {
      add(reached === 0 ? 'leading-bytes' : 'gap', [reached, start], 'bytes that no entry claims');
    } else if (start < reached) {
      const length = Math.min(end, reached) - start;
      found.push({
        code: 'overlap',
        index,
        offset: start,
        length,
        detail: 'bytes that an earlier entry claims too',
      });
    }
    reached = Math.max(reached, end);
  }
  if (reached < directory.start) {
    const code = extents.length === 0 ? 'leading-bytes' : 'gap';
    add(code, [reached, directory.start], 'bytes between the entries and the directory');
  } else if (reached > directory.start) {
    add('overlap', [directory.start, reached], 'an entry reaches into the directory');
  }
  if (directory.baseOffset !== 0n) {
    add(
      'base-offset',
      [0, Math.max(0, Number(directory.baseOffset))],
      'every offset is off by the same amount',
    );
  }
  return [...found, ...endDeviations(bytes)];
}

/** The last end record, and where it says that the archive stops. */
export function findEndRecord(
  bytes: Uint8Array,
): { readonly at: number; readonly stop: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = bytes.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== 0x06054b50) at--;
  return at < 0 ? undefined : { at, stop: at + 22 + view.getUint16(at + 20, true) };
}

function endDeviations(bytes: Uint8Array): readonly ZipDeviation[] {
  const record = findEndRecord(bytes);
  if (record === undefined) return [];
  const { at: end, stop } = record;
  const commentLength = stop - end - 22;
  const found: ZipDeviation[] = [];
  if (commentLength > 0) {
    const detail = 'the archive has a comment, in which another archive can hide';
    found.push({
      code: 'archive-comment',
      index: null,
      offset: end + 22,
      length: commentLength,
      detail,
    });
  }
  if (stop < bytes.length) {
    const detail = 'bytes behind the end of the archive';
    found.push({
      code: 'trailing-bytes',
      index: null,
      offset: stop,
      length: bytes.length - stop,
      detail,
    });
  }
  return found;
}
