import { type Budget, cutText, decodeUtf8, encodeBase64, fromByteString, sha256Hex } from '#base';
import { hash1 } from '../dirhash.ts';
import { ModuleError } from '../errors.ts';
import { type ModuleVersion, parseModuleVersion } from '../module-version.ts';
import { quoteGo } from '../quote.ts';
import { checkZipEntries, MAX_ZIP_SIZE, subjectFault, type ZipFault } from './check.ts';
import { readZipDirectory, type ZipDirectory, type ZipHeader } from './directory.ts';
import { type EntryReading, hashZipEntry, largestContent, readZipEntry } from './entry.ts';
import { entryDeviations, layoutDeviations, type ZipDeviation } from './layout.ts';
import { mapArchive, type ZipRegion } from './map.ts';
import { compareWithSecondReader } from './second-reader.ts';

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

/** What the archive holds and everything that is wrong with it. Never thrown: it is evidence. */
export interface ZipInspection {
  readonly subject: ModuleVersion | null;
  /** What the names of the entries say, whatever was stated. */
  readonly named: ModuleVersion | null;
  readonly size: number;
  readonly sha256: string;
  readonly h1: string | null;
  readonly goModH1: string | null;
  readonly accepted: boolean;
  readonly faults: readonly ZipFault[];
  readonly deviations: readonly ZipDeviation[];
  /** What every byte of the archive is; empty where its directory cannot be read. */
  readonly map: readonly ZipRegion[];
  readonly entries: readonly ZipEntry[];
  readonly gaps: readonly ZipGap[];
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
}

// Smaller ones are quicker in one piece.
const LARGE_ENTRY = 16 * 1024 * 1024;

const LONGEST_NAME = 4096;
const LONGEST_DETAIL = 2000;

/** The `path@version` in front of an entry's name, if it is a valid pair. */
function namedBy(rawName: string): ModuleVersion | undefined {
  const prefix = /^([^@]{1,2048}@[^/@]{1,512})\//.exec(rawName)?.[1];
  if (prefix === undefined) return undefined;
  try {
    return parseModuleVersion(prefix);
  } catch (error) {
    if (error instanceof ModuleError) return undefined; // Not a pair: the answer, not a failure.
    throw error;
  }
}

/** The pair that all entries with a valid prefix share; null where there is none or they disagree. */
function nameSubject(entries: readonly ZipHeader[]): ModuleVersion | null {
  let prefix: string | undefined;
  let named: ModuleVersion | null = null;
  for (const { rawName } of entries) {
    if (prefix !== undefined && rawName.startsWith(prefix)) continue;
    const pair = namedBy(rawName);
    if (pair === undefined) continue;
    if (named !== null) return null;
    named = pair;
    prefix = `${pair.path}@${pair.version}/`;
  }
  return named;
}

interface ReadEntries {
  readonly entries: readonly ZipEntry[];
  readonly faults: readonly ZipFault[];
  readonly deviations: readonly ZipDeviation[];
  readonly gaps: readonly ZipGap[];
}

function toEntry(header: ZipHeader, index: number, path: string | undefined): ZipEntry {
  const nameBytes = fromByteString(header.rawName);
  const text = decodeUtf8(nameBytes);
  return {
    index,
    name: cutText(text ?? quoteGo(header.rawName), LONGEST_NAME),
    nameBytes: text === undefined ? encodeBase64(nameBytes.subarray(0, LONGEST_NAME)) : undefined,
    path,
    isDirectory: header.rawName.endsWith('/'),
    size: header.size,
    sha256: undefined,
  };
}

interface EntryRead {
  readonly entry: ZipEntry;
  readonly content?: Uint8Array | undefined;
  readonly reading?: EntryReading;
}

/** Reads one entry whole; or, where nothing is kept and it is large, only its hash. */
async function readEntry(
  bytes: Uint8Array,
  header: ZipHeader,
  { named, isStreamed }: { readonly named: ZipEntry; readonly isStreamed: boolean },
): Promise<EntryRead> {
  const sha256 = isStreamed ? await hashZipEntry(bytes, header) : undefined;
  if (sha256 !== undefined) return { entry: { ...named, sha256 } };
  const reading = readZipEntry(bytes, header);
  const { content } = reading;
  if (content === undefined) return { entry: named, reading };
  return { entry: { ...named, sha256: sha256Hex(content) }, content, reading };
}

async function readEntries(
  bytes: Uint8Array,
  headers: readonly ZipHeader[],
  {
    paths,
    options,
  }: { readonly paths: readonly (string | undefined)[]; readonly options: ZipInspectionOptions },
): Promise<ReadEntries> {
  const entries: ZipEntry[] = [];
  const faults: ZipFault[] = [];
  const deviations: ZipDeviation[] = [];
  const gaps: ZipGap[] = [];
  for (const [index, header] of headers.entries()) {
    const named = toEntry(header, index, paths[index]);
    const cost = largestContent(header, bytes.length);
    if (!options.inflated.spend(cost)) {
      const detail = `${header.size} bytes declared, ${options.inflated.remaining()} left to inflate`;
      gaps.push({ code: 'over-budget', index, detail });
      entries.push(named);
      continue;
    }
    const isStreamed = options.keep === undefined && cost > LARGE_ENTRY;
    const read = readEntry(bytes, header, { named, isStreamed });
    const { entry, content, reading } = await read;
    entries.push(entry);
    if (reading === undefined) continue;
    if (options.keep !== undefined)
      deviations.push(...entryDeviations(bytes, header, { index, reading }));
    if (reading.fault !== undefined) {
      if (named.path !== undefined) faults.push({ ...reading.fault, index });
      gaps.push({ code: 'unreadable', index, detail: reading.fault.detail });
    }
    if (content !== undefined) options.keep?.(entry, content);
  }
  return { entries, faults, deviations, gaps };
}

/** The hash of the go.mod in the module's root. */
function hashGoMod(entries: readonly ZipEntry[]): string | null {
  const sha256 = entries.find(({ path }) => path === 'go.mod')?.sha256;
  return sha256 === undefined ? null : (hash1([{ rawName: 'go.mod', sha256 }]) ?? null);
}

/** h1 over every entry, directories included; a duplicate name stands for its last content. */
function hashEntries(headers: readonly ZipHeader[], entries: readonly ZipEntry[]): string | null {
  const contents = new Map(headers.map(({ rawName }, i) => [rawName, entries[i]?.sha256]));
  const files = headers.map(({ rawName }) => ({ rawName, sha256: contents.get(rawName) ?? '' }));
  if (files.some((file) => file.sha256 === '')) return null;
  return hash1(files) ?? null;
}

function cutFault<Fault extends { readonly detail: string }>(fault: Fault): Fault {
  return { ...fault, detail: cutText(fault.detail, LONGEST_DETAIL) };
}

/**
 * Inspects a module zip: the faults that the go command finds, in its words, the hashes it would
 * compute, and every place where a second reader could see something else.
 *
 * Throws for no content: bytes that are no archive have the fault `not-zip-directory`.
 */
export async function inspectZip(
  bytes: Uint8Array,
  options: ZipInspectionOptions,
): Promise<ZipInspection> {
  const identity = { size: bytes.length, sha256: sha256Hex(bytes) };
  const directory = readZipDirectory(bytes, options.entries);
  const headers = directory.error === undefined ? directory.entries : [];
  const named = nameSubject(headers);
  const subject = options.stated ?? named;
  const before = archiveFaults(bytes, subject, directory.error);
  const prefix = subject === null ? undefined : `${subject.path}@${subject.version}/`;
  const check = prefix === undefined ? { paths: [], faults: [] } : checkZipEntries(headers, prefix);
  const read = await readEntries(bytes, headers, { paths: check.paths, options });
  const gaps = [...read.gaps];
  const complete = directory.error === undefined && directory.complete;
  if (directory.error !== undefined) {
    gaps.push({
      code: 'unreadable',
      index: null,
      detail: `the directory cannot be read: ${directory.error}`,
    });
  } else if (!complete) {
    gaps.push({
      code: 'over-budget',
      index: null,
      detail: `only the first ${headers.length} entries were read`,
    });
  }
  const faults = [...before, ...check.faults, ...read.faults].map(cutFault);
  return {
    subject,
    named,
    ...identity,
    h1: complete ? hashEntries(headers, read.entries) : null,
    goModH1: hashGoMod(read.entries),
    accepted: complete && faults.length === 0 && !hasUnreadFile(read),
    faults,
    ...(options.keep === undefined
      ? { deviations: [], map: [] }
      : await readOtherwise(bytes, directory, { read, limit: options.entries })),
    entries: read.entries,
    gaps,
  };
}

/** What the archive shows beside Go's view of it: its layout, and what a second reader sees. */
async function readOtherwise(
  bytes: Uint8Array,
  directory: ZipDirectory,
  { read, limit }: { readonly read: ReadEntries; readonly limit: number },
): Promise<Pick<ZipInspection, 'deviations' | 'map'>> {
  const isOpen = directory.error === undefined;
  const headers = isOpen ? directory.entries : [];
  const second = await compareWithSecondReader(bytes, headers, limit);
  const layout = isOpen ? layoutDeviations(bytes, directory) : [];
  return {
    deviations: [...layout, ...read.deviations, ...second].map(cutFault),
    map: isOpen ? mapArchive(bytes, directory, read.deviations) : [],
  };
}

function hasUnreadFile({ entries }: ReadEntries): boolean {
  return entries.some((entry) => entry.path !== undefined && entry.sha256 === undefined);
}

/** The faults that x/mod finds before it looks at entries, each with the code of the evidence. */
function archiveFaults(
  bytes: Uint8Array,
  subject: ModuleVersion | null,
  error: string | undefined,
): readonly ZipFault[] {
  const faults: ZipFault[] = [];
  const pair = subject === null ? undefined : subjectFault(subject);
  if (pair !== undefined) faults.push({ ...pair, index: null });
  if (subject === null && error === undefined) {
    const detail = 'no module path and version: the entries share no path@version/ prefix';
    faults.push({ code: 'invalid-module', index: null, detail });
  }
  if (bytes.length > MAX_ZIP_SIZE) {
    const detail = `module zip file is too large (${bytes.length} bytes; limit is ${MAX_ZIP_SIZE} bytes)`;
    faults.push({ code: 'zip-too-large', index: null, detail });
  }
  if (error !== undefined) faults.push({ code: 'not-zip-directory', index: null, detail: error });
  return faults;
}
