import { type AppendFile, type Disk, HostError } from '#base';
import type { EvidenceSubject } from '#evidence';
import { escapeUpperCase } from '#module';
import { CaseError } from './errors.ts';

const LONGEST_PATH = 150;
const LONGEST_VERSION = 64;
const PARTIAL = '.partial';
const TRIES = 10_000;

/** The folder name of a case: escaped path with `!` for `/`, version, first 12 hex of the zip's SHA-256. */
export function caseName({
  path,
  version,
  zip,
}: Pick<EvidenceSubject, 'path' | 'version' | 'zip'>): string {
  const short = zip.sha256.slice(0, 12);
  if (path === null || version === null) return `unknown-${short}`;
  const name = escapeUpperCase(path).replaceAll('/', '!').slice(0, LONGEST_PATH);
  const tail = escapeUpperCase(version).replaceAll('/', '!').slice(0, LONGEST_VERSION);
  return `${name}@${tail}-${short}`;
}

/** A case that is being written: a folder that ends in `.partial` until it is sealed. */
export interface OpenCase {
  /** The audit log, and the hashes of its lines. */
  readonly log: AppendFile;
  readonly leaves: AppendFile;
  /** `flush: false` for what is written again soon. */
  write(name: string, bytes: Uint8Array, options?: { readonly flush?: boolean }): void;
  /** Gives the folder its name and returns it; nothing can be written afterwards. */
  commit(name: string): string;
  /** Removes what was written. */
  discard(): void;
}

function numbered(base: string, i: number): string {
  return i === 1 ? base : `${base}-${i}`;
}

/** Takes the first free name, in one step with the taking, so that two runs never share one. */
function takeFirst(base: string, take: (path: string) => void, suffix = ''): string {
  for (let i = 1; i <= TRIES; i++) {
    const path = `${numbered(base, i)}${suffix}`;
    try {
      take(path);
      return path;
    } catch (error) {
      if (!(error instanceof HostError && error.code === 'EXISTS')) throw asOutput(error);
    }
  }
  throw new CaseError('OUTPUT', `Cannot write the case: ${TRIES} cases called ${base} exist`);
}

function asOutput(error: unknown): unknown {
  if (!(error instanceof HostError)) return error;
  return new CaseError(
    'OUTPUT',
    `Cannot write the case: ${error.message}; choose another folder with --out`,
    { cause: error },
  );
}

function guarded<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw asOutput(error);
  }
}

/**
 * Starts a case below `directory`.
 *
 * @throws CaseError `OUTPUT` when the folder cannot be written.
 */
export function openCase(disk: Disk, directory: string, draft: string): OpenCase {
  guarded(() => disk.makeDirectory(directory));
  const partial = takeFirst(
    `${directory}/${draft}`,
    (path) => disk.makeNewDirectory(path),
    PARTIAL,
  );
  const append = (name: string): AppendFile => {
    const file = guarded(() => disk.append(`${partial}/${name}`));
    let isOpen = true;
    return {
      append: (bytes) => guarded(() => file.append(bytes)),
      close() {
        if (isOpen) guarded(() => file.close());
        isOpen = false;
      },
    };
  };
  const logs: AppendFile[] = [];
  const discard = () => {
    for (const file of logs.splice(0)) file.close();
    disk.remove(partial);
  };
  try {
    for (const name of ['audit.jsonl', 'audit.leaves']) logs.push(append(name));
  } catch (error) {
    discard();
    throw error;
  }
  const [log, leaves] = logs as [AppendFile, AppendFile];
  return {
    log,
    leaves,
    write: (name, bytes, options) =>
      guarded(() => disk.write(`${partial}/${name}`, bytes, options)),
    commit: (name) =>
      takeFirst(`${directory}/${name}`, (path) => {
        if (disk.kindOf(path) !== undefined) throw new HostError('EXISTS', `${path} exists`);
        disk.rename(partial, path);
      }),
    discard,
  };
}
