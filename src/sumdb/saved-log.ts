import { type Disk, encodeUtf8 } from '#base';
import { type ModuleVersion, unescapeModulePath, unescapeVersion } from '#module';
import { checkInclusion, recordHash, type SignedTreeHead, type VerifierKey } from '#tlog';
import { openDirectoryClient } from './asker.ts';
import { createSumdbClient, LONGEST_LOOKUP, lookupPath, type SumdbClient } from './client.ts';
import { SumdbError } from './errors.ts';
import { createMemoryLatest, type LogReader } from './log-reader.ts';
import { createDirectoryReader } from './reader/directory.ts';
import { formatLookup, parseLookup } from './record.ts';
import { missingRecord } from './result.ts';
import { createStoredCache } from './store.ts';

interface SavedRecord {
  readonly subject: ModuleVersion;
  readonly id: number;
  readonly text: Uint8Array;
}

/** What became of one module. */
export interface SavedModule {
  readonly subject: ModuleVersion;
  /** Undefined where it was saved. */
  readonly failure: Error | undefined;
}

/** The files below a folder, in the order of their names. */
function listFiles(disk: Disk, folder: string, below: string): readonly string[] {
  const entries = [...disk.list(`${folder}/${below}`)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(({ name, kind }) => {
    if (kind === 'directory') return listFiles(disk, folder, `${below}${name}/`);
    return kind === 'file' ? [below + name] : [];
  });
}

/** The module version of a lookup's file; undefined for a file that is none. */
function subjectOf(file: string): ModuleVersion | undefined {
  const at = file.lastIndexOf('@');
  const path = at < 0 ? undefined : unescapeModulePath(file.slice(0, at));
  const version = unescapeVersion(file.slice(at + 1));
  return path === undefined || version === undefined ? undefined : { path, version };
}

/** The module versions that a saved log has lookups of, in the order of their names. */
function listSaved(disk: Disk, directory: string): readonly ModuleVersion[] {
  const folder = `${directory}/lookup`;
  if (disk.kindOf(folder) !== 'directory') return [];
  return listFiles(disk, folder, '')
    .map(subjectOf)
    .filter((subject) => subject !== undefined);
}

async function readSaved(
  disk: Disk,
  directory: string,
  subject: ModuleVersion,
): Promise<SavedRecord> {
  const body = disk.read(`${directory}/${lookupPath(subject)}`, LONGEST_LOOKUP);
  const { id, text } = parseLookup(body);
  return { subject, id, text };
}

/** Runs at most `width` at a time, in order. */
async function mapLimited<Item, Result>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}

const AT_ONCE = 8;

/** What a log is saved with. */
export interface SaveOptions {
  readonly disk: Disk;
  readonly directory: string;
  /** Where tiles come from that the folder lacks. */
  readonly reader: LogReader;
  /** Asked for the records; its newest head becomes the folder's. */
  readonly client: SumdbClient;
  readonly progress: (done: number, total: number) => void;
}

/**
 * Saves the records of module versions as a folder in the layout of the protocol, all proven under one
 * head, those included that it held before: it verifies without a network, and the go command takes it
 * as a checksum database at a `file://` address.
 *
 * @throws SumdbError, TlogError where the log does not hold together; HostError where the folder cannot
 *   be written. What was written before stays and is proven.
 */
export async function saveLog(
  subjects: readonly ModuleVersion[],
  { disk, directory, reader, client, progress }: SaveOptions,
): Promise<{
  readonly head: SignedTreeHead | undefined;
  readonly modules: readonly SavedModule[];
}> {
  const before = listSaved(disk, directory);
  const asked = new Set(subjects.map(lookupPath));
  const kept = await Promise.all(
    before
      .filter((subject) => !asked.has(lookupPath(subject)))
      .map((subject) => readSaved(disk, directory, subject)),
  );
  let done = 0;
  const fetched = await mapLimited(subjects, AT_ONCE, async (subject) => {
    const result = await fetchRecord(client, subject);
    progress(++done, subjects.length);
    return result;
  });
  const modules = fetched.map(({ subject, failure }) => ({ subject, failure }));
  const records = [...kept, ...fetched.flatMap(({ record }) => record ?? [])];
  const head = await client.head();
  if (head === undefined || records.length === 0) return { head: undefined, modules };
  await writeRecords(records, head, { disk, directory, reader, key: client.key });
  return { head, modules };
}

async function fetchRecord(client: SumdbClient, subject: ModuleVersion) {
  try {
    const found = await client.lookup(subject);
    if (found !== undefined)
      return { subject, record: { subject, id: found.id, text: found.text }, failure: undefined };
    const reason = missingRecord(client, subject);
    return { subject, record: undefined, failure: new SumdbError('UNPROVEN', reason) };
  } catch (error) {
    // One that cannot be had says nothing of the others; a log that lies ends it all.
    const isOwn = error instanceof SumdbError && error.code !== 'FORK' && error.code !== 'STATE';
    if (!isOwn) throw error;
    return { subject, record: undefined, failure: error };
  }
}

interface Writing {
  readonly disk: Disk;
  readonly directory: string;
  readonly reader: LogReader;
  readonly key: VerifierKey;
}

async function writeRecords(
  records: readonly SavedRecord[],
  head: SignedTreeHead,
  { disk, directory, reader, key }: Writing,
): Promise<void> {
  const write = (path: string, bytes: Uint8Array) => {
    const file = `${directory}/${path}`;
    disk.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    disk.write(file, bytes);
  };
  const tiles = new Map<string, Uint8Array>();
  const saved = createStoredCache(disk, directory);
  const prover = createSumdbClient({
    key,
    reader,
    latest: createMemoryLatest(),
    cache: { read: saved.read, write: async (path, bytes) => void tiles.set(path, bytes) },
  });
  for (const { id, text } of records) {
    const proof = await prover.prove(head, id);
    checkInclusion(proof, head, { index: id, leaf: recordHash(text) });
    for (const [path, bytes] of tiles) write(path, bytes);
    tiles.clear();
  }
  // The lookups last: each of them stands on tiles that are there.
  for (const { subject, id, text } of records) {
    write(lookupPath(subject), formatLookup({ id, text, note: head.bytes }));
  }
  write('latest', head.bytes);
  write('supported', encodeUtf8(''));
}

/** What a saved log proves. */
export interface SavedLogReport {
  readonly head: SignedTreeHead | undefined;
  readonly modules: readonly (SavedModule & { readonly id: number | undefined })[];
}

/**
 * Proves every record of a saved log under its own heads, without a network.
 *
 * @throws SumdbError `NO_LOG`; SumdbError, TlogError for a saved head that does not hold.
 */
export async function checkSavedLog(
  disk: Disk,
  directory: string,
  key: VerifierKey,
): Promise<SavedLogReport> {
  const reader = createDirectoryReader(disk, directory, key.name);
  const client = await openDirectoryClient(reader, key);
  const modules: SavedLogReport['modules'][number][] = [];
  for (const subject of listSaved(disk, reader.root)) {
    try {
      const record = await client.lookup(subject);
      modules.push({ subject, id: record?.id, failure: undefined });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      modules.push({ subject, id: undefined, failure: error });
    }
  }
  return { head: await client.head(), modules };
}
