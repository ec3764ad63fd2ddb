import {
  type Budget,
  createBudget,
  cutText,
  decodeByteString,
  encodeBase64,
  fromByteString,
  sha256Hex,
} from '#base';
import type { ModuleVersion } from '../module-version.ts';
import { quoteGo } from '../quote.ts';
import { type ArchiveBytes, inflateTogether, TOGETHER } from './batch.ts';
import type { ZipFault } from './check.ts';
import type { ZipHeader } from './directory.ts';
import {
  type EntryReading,
  finishEntry,
  hashZipEntry,
  largestContent,
  readZipEntry,
} from './entry.ts';
import { addDeviations, type ZipDeviation } from './layout.ts';

/** One entry of the archive, in directory order. */
export interface ZipEntry {
  readonly index: number;
  /** The entry's name; Go's %q form where the bytes are not UTF-8. */
  readonly name: string;
  /** The name's bytes in base64, only where they are not UTF-8. */
  readonly nameBytes: string | undefined;
  /** The path inside the module; undefined for directories and for entries that Go refuses. */
  readonly path: string | undefined;
  readonly isDirectory: boolean;
  readonly size: number;
  /** Of the content in hex; undefined where it could not be read. */
  readonly sha256: string | undefined;
}

/** A part of the archive that was not read, and why. */
export interface ZipGap {
  readonly code: 'over-budget' | 'unreadable';
  readonly index: number | null;
  readonly detail: string;
}

/** What an inspection may cost, and what it is told. */
export interface ZipInspectionOptions {
  /** The module and version that the zip should hold; taken from its entries when undefined. */
  readonly stated: ModuleVersion | undefined;
  /** How many entries to read. */
  readonly entries: number;
  /** How many bytes to inflate in all. */
  readonly inflated: Budget;
  /**
   * Is given the content of each entry that could be read; the archive's memory, not a copy.
   * Undefined for the hashes and faults alone: no content of a large entry is held, and nothing is said
   * of the second reader or the layout.
   */
  readonly keep: ((entry: ZipEntry, content: Uint8Array) => void) | undefined;
  /** Called between pieces of work, so that an interruption is heard. */
  readonly breathe?: (() => Promise<void>) | undefined;
}

// Smaller ones are quicker in one piece.
const LARGE_ENTRY = 16 * 1024 * 1024;

// What entries may share, beside twice the archive: enough for any test of overlapping ones.
const SHARED_BYTES = 16 * 1024 * 1024;
// Between two breaths, in bytes: some hundredths of a second.
const BREATH = 8 * 1024 * 1024;

const LONGEST_NAME = 4096;
// Of all names together; what comes behind is cut short, so that evidence can always be written.
const NAMES_IN_FULL = 4 * 1024 * 1024;
const SHORT_NAME = 120;

/** What reading every entry to its end gave. */
export interface EntryReadings {
  readonly entries: readonly ZipEntry[];
  readonly faults: readonly ZipFault[];
  readonly deviations: readonly ZipDeviation[];
  readonly gaps: readonly ZipGap[];
}

function toEntry(
  header: ZipHeader,
  { index, path, longest }: Pick<ZipEntry, 'index' | 'path'> & { readonly longest: number },
): ZipEntry {
  const text = decodeByteString(header.rawName);
  const nameBytes = text === undefined ? fromByteString(header.rawName) : undefined;
  return {
    index,
    name: cutText(text ?? quoteGo(header.rawName), longest),
    nameBytes: nameBytes && encodeBase64(nameBytes.subarray(0, longest)),
    path,
    isDirectory: header.rawName.endsWith('/'),
    size: header.size,
    sha256: undefined,
  };
}

/** Reads single entries of one archive, small ones together with those behind them. */
function createEntryReader(archive: ArchiveBytes, headers: readonly ZipHeader[]) {
  let together: ReadonlyMap<number, Uint8Array> = new Map();
  let next = 0;
  return (index: number, header: ZipHeader): EntryReading => {
    if (index >= next) {
      together = inflateTogether(archive, headers, index);
      next = index + TOGETHER;
    }
    const content = together.get(index);
    return content === undefined
      ? readZipEntry(archive.bytes, header)
      : finishEntry(archive.view, header, content);
  };
}

/** Takes what an entry costs out of the budgets; a text where there is not enough left. */
function costFault(
  data: number,
  { size }: ZipHeader,
  {
    compressed,
    inflated,
    cost,
  }: { readonly compressed: Budget; readonly inflated: Budget; readonly cost: number },
): string | undefined {
  if (!compressed.spend(data)) return 'the entries before it share more bytes than are read';
  if (inflated.spend(cost)) return undefined;
  return `${size} bytes declared, ${inflated.remaining()} left to inflate`;
}

/** Reads every entry to its end within the budget; never throws on content. */
export async function readEntries(
  bytes: Uint8Array,
  headers: readonly ZipHeader[],
  {
    paths,
    options: { inflated, keep, breathe },
  }: { readonly paths: readonly (string | undefined)[]; readonly options: ZipInspectionOptions },
): Promise<EntryReadings> {
  const entries: ZipEntry[] = [];
  const faults: ZipFault[] = [];
  const deviations: ZipDeviation[] = [];
  const gaps: ZipGap[] = [];
  const archive = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const read = createEntryReader(archive, headers);

  function take(named: ZipEntry, header: ZipHeader): void {
    const { index } = named;
    const reading = read(index, header);
    const { content, fault } = reading;
    const entry = content === undefined ? named : { ...named, sha256: sha256Hex(content) };
    entries.push(entry);
    if (keep !== undefined) addDeviations(archive, header, { index, reading, found: deviations });
    if (fault !== undefined) {
      if (named.path !== undefined) faults.push({ ...fault, index });
      gaps.push({ code: 'unreadable', index, detail: fault.detail });
    }
    if (content !== undefined) keep?.(entry, content);
  }

  // The entries of an honest archive are no longer than it is, all together.
  const compressed = createBudget(2 * bytes.length + SHARED_BYTES);
  let [work, nameLength] = [0, 0];
  for (const [index, header] of headers.entries()) {
    const longest = nameLength > NAMES_IN_FULL ? SHORT_NAME : LONGEST_NAME;
    const named = toEntry(header, { index, path: paths[index], longest });
    nameLength += named.name.length;
    const data = Math.min(header.compressedSize, bytes.length);
    const cost = largestContent(header, bytes.length);
    const detail = costFault(data, header, { compressed, inflated, cost });
    if (detail !== undefined) {
      gaps.push({ code: 'over-budget', index, detail });
      entries.push(named);
      continue;
    }
    work += data + cost;
    if (work > BREATH) {
      work = 0;
      await breathe?.();
    }
    const isStreamed = keep === undefined && cost > LARGE_ENTRY;
    const sha256 = isStreamed ? await hashZipEntry(bytes, header) : undefined;
    if (sha256 === undefined) take(named, header);
    else entries.push({ ...named, sha256 });
  }
  return { entries, faults, deviations, gaps };
}
