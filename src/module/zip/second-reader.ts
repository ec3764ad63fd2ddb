import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { toByteString } from '#base';
import type { ZipHeader } from './directory.ts';
import { findData } from './entry.ts';
import type { ZipDeviation } from './layout.ts';

/** What the second reader says of one entry; equal views mean equal content. */
interface SecondView {
  readonly rawName: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc32: number;
  readonly dataStart: number | undefined;
  readonly fault: string | undefined;
}

interface SecondReading {
  readonly views: readonly SecondView[];
  readonly fault: string | undefined;
}

/** yauzl's words without offsets' noise, and never more than a line. */
function wordsOf(error: unknown): string {
  return (
    (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? ''
  );
}

/** Memory, read without a turn of the event loop: yauzl's own reader takes two of them an entry. */
class MemoryReader extends RandomAccessReader {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes;
  }

  override read(...[buffer, offset, length, position, callback]: ReadArguments): void {
    const part = this.#bytes.subarray(position, position + length);
    buffer.set(part, offset);
    (callback as (error: null, count: number) => void)(null, part.length);
  }
}

type ReadArguments = Parameters<RandomAccessReader['read']>;

/** Gives every entry to `take` until it says stop; rejects where yauzl does. */
async function forEachEntry(archive: ZipFile, take: (entry: Entry) => boolean): Promise<void> {
  // Said by yauzl while readEntry() runs, or later.
  const told: { entry: Entry | undefined; isOver: boolean; refusal: unknown } = {
    entry: undefined,
    isOver: false,
    refusal: undefined,
  };
  let wake = () => {};
  archive.on('entry', (entry: Entry) => {
    told.entry = entry;
    wake();
  });
  const end = (refusal?: unknown) => {
    told.isOver = true;
    told.refusal = refusal;
    wake();
  };
  archive.on('end', end);
  archive.on('error', end);
  for (;;) {
    told.entry = undefined;
    archive.readEntry();
    if (told.entry === undefined && !told.isOver) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (told.refusal !== undefined) throw told.refusal;
    if (told.entry === undefined || !take(told.entry)) return;
  }
}

async function readViews(bytes: Uint8Array, limit: number): Promise<SecondReading> {
  const views: SecondView[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    // Names as bytes: with its own decoding, the first hostile name ends yauzl's reading.
    const archive = await fromRandomAccessReaderPromise(new MemoryReader(bytes), bytes.length, {
      decodeStrings: false,
      strictFileNames: false,
      autoClose: false,
    });
    await forEachEntry(archive, (entry) => {
      if (views.length >= limit) return false;
      const dataStart = findData(view, entry.relativeOffsetOfLocalHeader);
      views.push({
        rawName: toByteString(entry.fileNameRaw),
        method: entry.compressionMethod,
        compressedSize: entry.compressedSize,
        size: entry.uncompressedSize,
        crc32: entry.crc32,
        dataStart: dataStart < 0 ? undefined : dataStart,
        fault: dataStart < 0 ? 'its local header is malformed' : undefined,
      });
      return true;
    });
    return { views, fault: undefined };
  } catch (error) {
    // A refusal of the second reader is what this file is here to see.
    return { views, fault: wordsOf(error) };
  }
}

function describe(
  view: SecondView | undefined,
  header: ZipHeader | undefined,
  dataStart: number,
): string | undefined {
  if (header === undefined) return 'only the second reader sees this entry';
  if (view === undefined) return 'the second reader does not see this entry';
  const differing: string[] = [];
  if (view.rawName !== header.rawName) differing.push('name');
  if (view.method !== header.method) differing.push('method');
  if (view.compressedSize !== header.compressedSize) differing.push('compressed size');
  if (view.size !== header.size) differing.push('size');
  if (view.crc32 !== header.crc32) differing.push('CRC');
  if ((view.dataStart ?? -1) !== dataStart) differing.push('place of the data');
  return differing.length === 0 ? undefined : `the two readers differ in ${differing.join(', ')}`;
}

/**
 * Reads the archive with yauzl and lists every difference from Go's view of it.
 *
 * Metadata and places are compared: where they agree, both read the same bytes.
 */
export async function compareWithSecondReader(
  bytes: Uint8Array,
  entries: readonly ZipHeader[],
  limit: number,
): Promise<readonly ZipDeviation[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { views, fault } = await readViews(bytes, limit);
  const found: ZipDeviation[] = [];
  if (fault !== undefined) {
    const detail = `the second reader stops after ${views.length} entries: ${fault}`;
    found.push({ code: 'second-reader-refuses', index: null, offset: null, length: null, detail });
  }
  const count = fault === undefined ? Math.max(entries.length, views.length) : views.length;
  for (let i = 0; i < count; i++) {
    const header = entries[i];
    const detail = describe(
      views[i],
      header,
      header === undefined ? -1 : findData(view, header.offset),
    );
    if (detail === undefined) continue;
    const index = header === undefined ? null : i;
    found.push({
      code: 'second-reader-entry',
      index,
      offset: header?.offset ?? null,
      length: null,
      detail,
    });
  }
  return found;
}
