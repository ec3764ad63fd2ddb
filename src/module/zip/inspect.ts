import { type HashedFile, hash1 } from '../dirhash.ts';
import { ModuleError } from '../errors.ts';
import { type ModuleVersion, parseModuleVersion } from '../module-version.ts';
import { checkZipEntries, cutFault, MAX_ZIP_SIZE, subjectFault, type ZipFault } from './check.ts';
import { readZipDirectory, type ZipDirectory, type ZipHeader } from './directory.ts';
import { entryExtents, layoutDeviations, type ZipDeviation } from './layout.ts';
import { mapArchive, type ZipRegion } from './map.ts';
import {
  type EntryReadings,
  readEntries,
  type ZipEntry,
  type ZipGap,
  type ZipInspectionOptions,
} from './read-entries.ts';

/** What the archive holds and everything that is wrong with it. Never thrown: it is evidence. */
export interface ZipInspection {
  readonly subject: ModuleVersion | null;
  /** What the names of the entries say, whatever was stated. */
  readonly named: ModuleVersion | null;
  /** Of the whole archive. Its own SHA-256 is for whoever seals it. */
  readonly size: number;
  readonly h1: string | null;
  readonly goModH1: string | null;
  readonly hasGoMod: boolean;
  readonly accepted: boolean;
  readonly faults: readonly ZipFault[];
  readonly deviations: readonly ZipDeviation[];
  /** What every byte of the archive is; empty where its directory cannot be read. */
  readonly map: readonly ZipRegion[];
  readonly entries: readonly ZipEntry[];
  readonly gaps: readonly ZipGap[];
}

// An archive with more than these is refused a thousand times over; what is left out is counted.
const MOST_LISTED = 10_000;

/** The first of a list, with a gap for the rest. */
function cutList<Item>(items: readonly Item[], what: string, gaps: ZipGap[]): readonly Item[] {
  const left = items.length - MOST_LISTED;
  if (left <= 0) return items;
  gaps.push({ code: 'over-budget', index: null, detail: `${left} more ${what} are not listed` });
  return items.slice(0, MOST_LISTED);
}

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

function isOf(rawName: string, pair: ModuleVersion | undefined): pair is ModuleVersion {
  return pair !== undefined && rawName.startsWith(`${pair.path}@${pair.version}/`);
}

/**
 * The pair that all entries with a valid prefix share; null where there is none or they disagree.
 * `stated` is valid, and most likely the one.
 */
function nameSubject(
  entries: readonly ZipHeader[],
  stated: ModuleVersion | undefined,
): ModuleVersion | null {
  let prefix: string | undefined;
  let named: ModuleVersion | null = null;
  for (const { rawName } of entries) {
    if (prefix !== undefined && rawName.startsWith(prefix)) continue;
    const pair = isOf(rawName, stated) ? stated : namedBy(rawName);
    if (pair === undefined) continue;
    if (named !== null) return null;
    named = pair;
    prefix = `${pair.path}@${pair.version}/`;
  }
  return named;
}

/** The hash of the go.mod in the module's root. */
function hashGoMod(entries: readonly ZipEntry[]): string | null {
  const sha256 = entries.find(({ path }) => path === 'go.mod')?.sha256;
  return sha256 === undefined ? null : (hash1([{ rawName: 'go.mod', sha256 }]) ?? null);
}

/** h1 over every entry, directories included; a duplicate name stands for its last content. */
function hashEntries(headers: readonly ZipHeader[], entries: readonly ZipEntry[]): string | null {
  const contents = new Map<string, string | undefined>();
  headers.forEach(({ rawName }, i) => void contents.set(rawName, entries[i]?.sha256));
  const files: HashedFile[] = [];
  for (const { rawName } of headers) {
    const sha256 = contents.get(rawName);
    if (sha256 === undefined) return null;
    files.push({ rawName, sha256 });
  }
  return hash1(files) ?? null;
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
  const directory = readZipDirectory(bytes, options.entries);
  const headers = directory.error === undefined ? directory.entries : [];
  const { stated } = options;
  const fault = stated && subjectFault(stated);
  const named = nameSubject(headers, fault === undefined ? stated : undefined);
  const subject = stated ?? named;
  const before = archiveFaults(bytes, { subject, fault }, directory.error);
  const prefix = subject === null ? undefined : `${subject.path}@${subject.version}/`;
  const check =
    prefix === undefined
      ? { paths: [], faults: [], isComplete: true }
      : checkZipEntries(headers, prefix);
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
  if (!check.isComplete) {
    const detail = 'too many names and folders: not all were compared with each other';
    gaps.push({ code: 'over-budget', index: null, detail });
  }
  const all = [...before, ...check.faults, ...read.faults].map(cutFault);
  const faults = cutList(all, 'faults', gaps);
  return {
    subject,
    named,
    size: bytes.length,
    h1: complete ? hashEntries(headers, read.entries) : null,
    goModH1: hashGoMod(read.entries),
    hasGoMod: read.entries.some(({ path }) => path === 'go.mod'),
    accepted: complete && check.isComplete && faults.length === 0 && !hasUnreadFile(read),
    faults,
    ...(options.keep === undefined
      ? { deviations: [], map: [] }
      : await readOtherwise(bytes, directory, { read, limit: options.entries, gaps })),
    entries: read.entries,
    gaps,
  };
}

// Loaded for the first archive that is wanted of it: with its library it takes as long as to read one.
let secondReader: Promise<typeof import('./second-reader.ts')> | undefined;

/** What the archive shows beside Go's view of it: its layout, and what a second reader sees. */
async function readOtherwise(
  bytes: Uint8Array,
  directory: ZipDirectory,
  {
    read,
    limit,
    gaps,
  }: { readonly read: EntryReadings; readonly limit: number; readonly gaps: ZipGap[] },
): Promise<Pick<ZipInspection, 'deviations' | 'map'>> {
  const isOpen = directory.error === undefined;
  const headers = isOpen ? directory.entries : [];
  secondReader ??= import('./second-reader.ts');
  const { compareWithSecondReader } = await secondReader;
  const second = await compareWithSecondReader(bytes, headers, limit);
  const extents = isOpen ? entryExtents(bytes, directory) : [];
  const layout = isOpen ? layoutDeviations(bytes, directory, extents) : [];
  const all = [...layout, ...read.deviations, ...second].map(cutFault);
  return {
    deviations: cutList(all, 'deviations', gaps),
    map: isOpen ? mapArchive(bytes, { directory, extents }, read.deviations) : [],
  };
}

function hasUnreadFile({ entries }: EntryReadings): boolean {
  return entries.some((entry) => entry.path !== undefined && entry.sha256 === undefined);
}

/** The faults that x/mod finds before it looks at entries, each with the code of the evidence. */
function archiveFaults(
  bytes: Uint8Array,
  {
    subject,
    fault,
  }: { readonly subject: ModuleVersion | null; readonly fault: ReturnType<typeof subjectFault> },
  error: string | undefined,
): readonly ZipFault[] {
  const faults: ZipFault[] = [];
  if (fault !== undefined) faults.push({ ...fault, index: null });
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
