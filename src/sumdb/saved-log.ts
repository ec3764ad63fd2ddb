import { type Disk, encodeUtf8, HostError, toByteString } from '#base';
import { type ModuleVersion, unescapeModulePath, unescapeVersion } from '#module';
import {
  checkInclusion,
  recordHash,
  type SignedTreeHead,
  TlogError,
  type VerifierKey,
} from '#tlog';
import { openDirectoryClient } from './asker.ts';
import { createSumdbClient, LONGEST_LOOKUP, lookupPath, type SumdbClient } from './client.ts';
import { SumdbError } from './errors.ts';
import { createMemoryLatest, type LogReader } from './log-reader.ts';
import { createDirectoryReader } from './reader/directory.ts';
import { formatLookup, type LookupBody, parseLookup } from './record.ts';
import { lookupRecord } from './result.ts';
import { createStoredCache } from './store.ts';

interface SavedRecord {
  readonly subject: ModuleVersion;
  readonly id: number;
  /** Read when it is needed: a folder can hold any number of records. */
  readonly text: () => Uint8Array;
}

/** What became of one module. */
export interface SavedModule {
  readonly subject: ModuleVersion;
  /** Undefined where it was saved. */
  readonly failure: Error | undefined;
}

/** One name below `lookup/`: a module version, or why it is none. */
type SavedName = { readonly subject: ModuleVersion } | { readonly refusal: SumdbError };

function refuse(file: string, reason: string): SavedName {
  const message = `Cannot check lookup/${file} of the saved copy: ${reason}`;
  return { refusal: new SumdbError('MALFORMED_RECORD', message) };
}

/** The names below a folder, in their order. A link is not followed: it could lead anywhere. */
function listNames(disk: Disk, folder: string, below: string): readonly SavedName[] {
  const entries = [...disk.list(`${folder}/${below}`)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(({ name, kind }) => {
    const file = below + name;
    if (kind === 'directory') return listNames(disk, folder, `${file}/`);
    return kind === 'file' ? [nameOf(file)] : [refuse(file, 'it is no file')];
  });
}

/** The module version of a lookup's file. */
function nameOf(file: string): SavedName {
  const at = file.lastIndexOf('@');
  const path = at < 0 ? undefined : unescapeModulePath(file.slice(0, at));
  const version = unescapeVersion(file.slice(at + 1));
  return path === undefined || version === undefined
    ? refuse(file, 'its name is no module version')
    : { subject: { path, version } };
}

/** What a saved log has lookups of, in the order of their names. */
function listSaved(disk: Disk, directory: string): readonly SavedName[] {
  const folder = `${directory}/lookup`;
  if (disk.kindOf(folder) !== 'directory') return [];
  return listNames(disk, folder, '');
}

function readSaved(disk: Disk, directory: string, subject: ModuleVersion): LookupBody {
  const path = lookupPath(subject);
  try {
    return parseLookup(disk.read(`${directory}/${path}`, LONGEST_LOOKUP));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const message = `Cannot keep ${path} of the saved copy: ${error.message}`;
    throw new SumdbError('MALFORMED_RECORD', message, { cause: error });
  }
}

/** Runs at most `width` at a time, in order; the first that rejects ends it. */
async function mapLimited<Item, Result>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    try {
      for (let at = next++; at < items.length; at = next++) {
        const item = items[at];
        if (item !== undefined) results[at] = await act(item);
      }
    } finally {
      next = items.length; // One that ends early ends all.
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
  const before = listSaved(disk, directory).flatMap((name) =>
    'subject' in name ? name.subject : [],
  );
  const asked = new Set(subjects.map(lookupPath));
  const heads = new Map<string, Uint8Array>();
  const kept = before
    .filter((subject) => !asked.has(lookupPath(subject)))
    .map((subject) => {
      const { id, note } = readSaved(disk, directory, subject);
      const head = toByteString(note);
      if (!heads.has(head)) heads.set(head, note.slice());
      return { subject, id, text: () => readSaved(disk, directory, subject).text };
    });
  let done = 0;
  const fetched = await mapLimited(subjects, AT_ONCE, async (subject) => {
    const result = await fetchRecord(client, subject);
    progress(++done, subjects.length);
    return result;
  });
  const modules = fetched.map(({ subject, failure }) => ({ subject, failure }));
  const records = [...kept, ...fetched.flatMap(({ record }) => record ?? [])];
  const older = [...heads.values()];
  // The folder may know a newer head than this machine: the newest of all is the one to prove under.
  for (const note of older) await client.merge(note);
  const head = await client.head();
  if (head === undefined || records.length === 0) return { head: undefined, modules };
  await writeRecords(records, head, { disk, directory, reader, key: client.key, before: older });
  return { head, modules };
}

async function fetchRecord(client: SumdbClient, subject: ModuleVersion) {
  try {
    const { id, text } = await lookupRecord(client, subject);
    return { subject, record: { subject, id, text: () => text }, failure: undefined };
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
  /** The heads of the lookups that the folder holds. */
  readonly before: readonly Uint8Array[];
}

/** Writes below a folder and nowhere else: what somebody put there must not lead out of it. */
function createWriter(disk: Disk, directory: string): (path: string, bytes: Uint8Array) => void {
  const checked = new Set<string>();
  return (path, bytes) => {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const folder = `${directory}/${path.slice(0, slash)}`;
      if (checked.has(folder)) continue;
      if (disk.isLink(folder)) {
        const message = `Cannot write ${path} of the saved copy: ${folder} is a link; remove it`;
        throw new HostError('DENIED', message);
      }
      checked.add(folder);
    }
    const file = `${directory}/${path}`;
    disk.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    disk.write(file, bytes);
  };
}

async function writeRecords(
  records: readonly SavedRecord[],
  head: SignedTreeHead,
  { disk, directory, reader, key, before }: Writing,
): Promise<void> {
  const write = createWriter(disk, directory);
  const tiles = new Map<string, Uint8Array>();
  const saved = createStoredCache(disk, directory);
  const prover = createSumdbClient({
    key,
    reader,
    latest: createMemoryLatest(),
    cache: { read: saved.read, write: async (path, bytes) => void tiles.set(path, bytes) },
  });
  // What was saved under an older head stays provable while the new lookups are written.
  await prover.merge(head.bytes);
  for (const note of before) await prover.merge(note);
  for (const { id, text } of records) {
    const proof = await prover.prove(head, id);
    checkInclusion(proof, head, { index: id, leaf: recordHash(text()) });
    for (const [path, bytes] of tiles) write(path, bytes);
    tiles.clear();
  }
  // The lookups last: each of them stands on tiles that are there.
  for (const { subject, id, text } of records) {
    write(lookupPath(subject), formatLookup({ id, text: text(), note: head.bytes }));
  }
  write('latest', head.bytes);
  write('supported', encodeUtf8(''));
}

/** What a saved log proves. */
export interface SavedLogReport {
  readonly head: SignedTreeHead | undefined;
  readonly proven: readonly { readonly subject: ModuleVersion; readonly id: number }[];
  /** Everything below `lookup` that is not proven, and why. */
  readonly failures: readonly (SumdbError | TlogError)[];
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
  const proven: SavedLogReport['proven'][number][] = [];
  const failures: SavedLogReport['failures'][number][] = [];
  for (const name of listSaved(disk, reader.root)) {
    if ('refusal' in name) {
      failures.push(name.refusal);
      continue;
    }
    const { subject } = name;
    try {
      proven.push({ subject, id: (await lookupRecord(client, subject)).id });
    } catch (error) {
      if (!(error instanceof SumdbError) && !(error instanceof TlogError)) throw error;
      failures.push(error);
    }
  }
  if (proven.length === 0 && failures.length === 0)
    failures.push(new SumdbError('NO_RECORD', 'The saved copy holds no record: it proves nothing'));
  return { head: await client.head(), proven, failures };
}
