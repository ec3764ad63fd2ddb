import { createHash } from 'node:crypto';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { NEGATIVE_OFFSET, type ZipHeader } from './directory.ts';
import { inflateLikeGo } from './go-inflate.ts';

const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;
const DESCRIPTOR = 0x08074b50;
/** No deflate stream grows by more than this: RFC 1951 codes at most 258 bytes in two bits. */
const LARGEST_RATIO = 1032;

/** The most bytes that an entry can come to; what it declares is only a promise. */
export function largestContent(
  { method, size, compressedSize }: ZipHeader,
  zipSize: number,
): number {
  const data = Math.min(compressedSize, zipSize);
  return Math.min(size, method === 0 ? data : data * LARGEST_RATIO);
}

/** Why an entry cannot be read to its end, in the codes of the evidence. */
export type ReadFaultCode =
  | 'bad-local-header'
  | 'unsupported-method'
  | 'size-larger'
  | 'size-smaller'
  | 'checksum';

/** Where an entry's bytes lie, and its content or Go's words for not giving it. */
export interface EntryReading {
  /** Undefined when the entry cannot be read to its end with size and CRC right. */
  readonly content: Uint8Array | undefined;
  readonly fault: { readonly code: ReadFaultCode; readonly detail: string } | undefined;
  /** Where the data starts; -1 without a local header. */
  readonly dataStart: number;
  /** Bytes of the compressed size that the stream used; undefined when it was not read to its end. */
  readonly consumed: number | undefined;
}

const FORMAT = 'zip: not a valid zip file';
const SHORT = 'unexpected EOF';

function refuse(code: ReadFaultCode, detail: string, dataStart: number): EntryReading {
  return { content: undefined, fault: { code, detail }, dataStart, consumed: undefined };
}

/** Go's findBodyOffset: of the local header only signature and lengths count. -1 when malformed. */
export function findData(view: DataView, offset: number): number {
  if (offset < 0 || offset + LOCAL_LENGTH > view.byteLength) return -1;
  if (view.getUint32(offset, true) !== LOCAL) return -1;
  return (
    offset + LOCAL_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  );
}

interface Inflated {
  readonly output: Uint8Array;
  readonly consumed: number;
}

/** The fault of a stream that Go cannot read to its end. */
interface StreamFault {
  readonly code: ReadFaultCode;
  readonly detail: string;
}

/** Inflates at most `size` bytes with zlib; undefined where it refuses. */
function inflateFast(data: Uint8Array, size: number): Inflated | 'too-large' | undefined {
  // What it can come to at most: a size is only a promise, of any number.
  const most = Math.max(64, Math.min(size, data.length * LARGEST_RATIO));
  const chunkSize = most + 1;
  try {
    const { buffer, engine } = inflateRawSync(data, {
      info: true,
      chunkSize,
      maxOutputLength: Math.max(1, Math.min(size, most)),
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    return { output: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
    if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT')
      return undefined;
    throw error;
  }
}

/** Inflates at most `size` bytes as Go would; what zlib refuses is read again by Go's own rules. */
function inflate(data: Uint8Array, size: number): Inflated | StreamFault {
  const fast = inflateFast(data, size);
  if (fast === 'too-large') return { code: 'size-larger', detail: FORMAT };
  if (fast !== undefined) return fast;
  const { output, error, consumed } = inflateLikeGo(data, size);
  if (output.length > size) return { code: 'size-larger', detail: FORMAT };
  if (error === undefined) return { output, consumed };
  return { code: error === SHORT ? 'size-smaller' : 'checksum', detail: error };
}

/** True when the descriptor behind the data repeats the CRC of the directory; a text where Go stops. */
function descriptorFault(view: DataView, at: number, crc: number): string | undefined {
  const left = view.byteLength - at;
  if (left < 4) return SHORT;
  const signed = view.getUint32(at, true) === DESCRIPTOR;
  if (left < (signed ? 16 : 12)) return SHORT;
  return view.getUint32(at + (signed ? 4 : 0), true) === crc ? undefined : 'zip: checksum error';
}

function readDirectoryEntry(header: ZipHeader, dataStart: number): EntryReading {
  // Go hands out no content for a directory, whatever its data holds.
  if (header.size !== 0) return refuse('size-larger', FORMAT, dataStart);
  return { content: new Uint8Array(0), fault: undefined, dataStart, consumed: 0 };
}

/** The content behind a local header, or the fault in front of its checksum. */
function readData(header: ZipHeader, data: Uint8Array): Inflated | StreamFault {
  if (header.method !== 0 && header.method !== 8) {
    return { code: 'unsupported-method', detail: 'zip: unsupported compression algorithm' };
  }
  const inflated =
    header.method === 0 ? { output: data, consumed: data.length } : inflate(data, header.size);
  if ('code' in inflated) return inflated;
  if (inflated.output.length > header.size) return { code: 'size-larger', detail: FORMAT };
  if (inflated.output.length < header.size) return { code: 'size-smaller', detail: SHORT };
  return inflated;
}

/** Go's words for an entry without a local header. */
function missingHeader({ offset }: ZipHeader, zipSize: number): EntryReading {
  if (offset === NEGATIVE_OFFSET) return refuse('bad-local-header', 'negative offset', -1);
  const isOutside = offset < 0 || offset + LOCAL_LENGTH > zipSize;
  return refuse('bad-local-header', isOutside ? 'EOF' : FORMAT, -1);
}

/**
 * Reads one entry as Go's archive/zip does: inflated, size and CRC compared with the directory.
 *
 * The caller has made sure that {@link largestContent} is within the budget.
 */
export function readZipEntry(bytes: Uint8Array, header: ZipHeader): EntryReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = findData(view, header.offset);
  if (dataStart < 0) return missingHeader(header, bytes.length);
  if (header.rawName.endsWith('/')) return readDirectoryEntry(header, dataStart);
  // From here on Go's own numbers are negative, and it reads on to the end of the file.
  const isEndless = header.compressedSize >= 2 ** 63;
  const compressedSize = isEndless ? bytes.length : header.compressedSize;
  const read = readData(header, bytes.subarray(dataStart, dataStart + compressedSize));
  if ('code' in read) return refuse(read.code, read.detail, dataStart);
  const { output, consumed } = read;
  const sum = checksumFault(view, header, {
    dataEnd: dataStart + compressedSize,
    crcOf: () => crc32(output),
  });
  if (sum !== undefined) return refuse(sum === SHORT ? 'size-smaller' : 'checksum', sum, dataStart);
  return { content: output, fault: undefined, dataStart, consumed };
}

/** The reading of an entry whose content was inflated already, its size and CRC compared. */
export function finishEntry(view: DataView, header: ZipHeader, content: Uint8Array): EntryReading {
  const dataStart = findData(view, header.offset);
  const consumed = header.compressedSize;
  const isStreamed = (header.flags & 8) !== 0;
  const sum = isStreamed ? descriptorFault(view, dataStart + consumed, header.crc32) : undefined;
  if (sum !== undefined) return refuse(sum === SHORT ? 'size-smaller' : 'checksum', sum, dataStart);
  return { content, fault: undefined, dataStart, consumed };
}

function checksumFault(
  view: DataView,
  header: ZipHeader,
  { dataEnd, crcOf }: { readonly dataEnd: number; readonly crcOf: () => number },
): string | undefined {
  const streamed = (header.flags & 8) !== 0;
  const fault = streamed ? descriptorFault(view, dataEnd, header.crc32) : undefined;
  if (fault !== undefined) return fault;
  // Without a descriptor Go takes a CRC of zero in the directory for "not set".
  if (!streamed && header.crc32 === 0) return undefined;
  return crcOf() === header.crc32 ? undefined : 'zip: checksum error';
}

/**
 * The SHA-256 in hex of a deflated entry's content, which is not held. Undefined where anything about it is not plain:
 * {@link readZipEntry} then has the last word.
 */
export async function hashZipEntry(
  bytes: Uint8Array,
  header: ZipHeader,
): Promise<string | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = findData(view, header.offset);
  if (dataStart < 0 || header.method !== 8) return undefined;
  const dataEnd = dataStart + header.compressedSize;
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  const hash = createHash('sha256');
  let [size, crc] = [0, 0];
  inflate.end(bytes.subarray(dataStart, dataEnd));
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > header.size) return undefined;
      hash.update(chunk);
      crc = crc32(chunk, crc);
    }
  } catch {
    return undefined; // zlib refuses: read again by Go's own rules.
  } finally {
    inflate.destroy();
  }
  if (size !== header.size || checksumFault(view, header, { dataEnd, crcOf: () => crc }))
    return undefined;
  return hash.digest('hex');
}
