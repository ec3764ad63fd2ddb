import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type DirectoryEntry,
  type Disk,
  decodeUtf8,
  equalBytes,
  HostError,
  type HostErrorCode,
  type PathKind,
} from '#base';

const CODES: Readonly<Record<string, HostErrorCode>> = {
  ENOENT: 'NOT_FOUND',
  EACCES: 'DENIED',
  EPERM: 'DENIED',
  EISDIR: 'NOT_A_FILE',
  ENOTDIR: 'NOT_A_FILE',
  EEXIST: 'EXISTS',
  ENOTEMPTY: 'EXISTS',
  ENOSPC: 'FULL',
  EDQUOT: 'FULL',
  EROFS: 'FULL',
  EFBIG: 'FULL',
};

const REASONS: Readonly<Record<HostErrorCode, string>> = {
  NOT_FOUND: 'there is no such file or folder',
  DENIED: 'permission denied',
  NOT_A_FILE: 'it is not a regular file',
  TOO_LARGE: 'it is too large',
  EXISTS: 'the name is taken',
  FULL: 'the disk is full or read-only',
  UNREACHABLE: 'there was no answer',
  TIMED_OUT: 'there was no answer in time',
  FAILED: 'the system refused',
};

/** Runs one system call; its failure becomes a {@link HostError} that says what was tried. */
function attempt<Result>(action: string, path: string, call: () => Result): Result {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof HostError) throw cause;
    const system = (cause as NodeJS.ErrnoException).code ?? '';
    if (system === '') throw cause;
    const code = CODES[system] ?? 'FAILED';
    const reason = code === 'FAILED' ? `${REASONS.FAILED} (${system})` : REASONS[code];
    throw new HostError(code, `Cannot ${action} ${path}: ${reason}`, { cause });
  }
}

/** The machine's own disk. */
export function createDisk(): Disk {
  return {
    kindOf: (path) => attempt('look at', path, () => kindOf(path)),
    isLink: (path) =>
      attempt(
        'look at',
        path,
        () => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
      ),
    read: (path, limit) => attempt('read', path, () => readWhole(path, limit)),
    list: (path) => attempt('list', path, () => listNames(path)),
    makeDirectory: (path) => attempt('create the folder', path, () => makeDirectories(path)),
    makeNewDirectory: (path) => attempt('create the folder', path, () => mkdirSync(path)),
    write: (path, bytes, { flush = true } = {}) =>
      attempt('write', path, () => writeAtomically(path, bytes, flush)),
    writeSecret: (path, bytes) =>
      attempt('write', path, () => writeTo(path, bytes, { mode: 0o600, flush: true })),
    replace: (path, before, after) =>
      attempt('replace', path, () => replaceLocked(path, before, after)),
    append(path) {
      const file = attempt('create', path, () => openSync(path, 'ax'));
      return {
        append: (bytes) => attempt('write', path, () => writeAll(file, bytes)),
        close: () =>
          attempt('close', path, () => {
            fsyncSync(file);
            closeSync(file);
          }),
      };
    },
    rename: (from, to) => attempt('rename to', to, () => renameSync(from, to)),
    remove: (path) => attempt('remove', path, () => rmSync(path, { recursive: true, force: true })),
  };
}

/** Step by step: Node's own recursive mkdir never comes back from /proc. */
function makeDirectories(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectories(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function kindOf(path: string): PathKind | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isFile()) return 'file';
  return stat.isDirectory() ? 'directory' : 'other';
}

function readWhole(path: string, limit: number): Uint8Array {
  // A pipe without a writer would be waited for, and is no file anyway.
  const file = openSync(path, constants.O_NONBLOCK ?? 0);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile())
      throw new HostError('NOT_A_FILE', `Cannot read ${path}: ${REASONS.NOT_A_FILE}`);
    if (stat.size > limit) {
      throw new HostError(
        'TOO_LARGE',
        `Cannot read ${path}: it has ${stat.size} bytes; the limit is ${limit}`,
      );
    }
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const count = readSync(file, bytes, at, bytes.length - at, null);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(file);
  }
}

function listNames(path: string): DirectoryEntry[] {
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => {
    const name = decodeUtf8(entry.name);
    return {
      name: name ?? entry.name.toString('latin1'),
      kind: kindOfEntry(entry),
      validName: name !== undefined,
    };
  });
}

function kindOfEntry(entry: Dirent<Buffer>): PathKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

const LOCK_PAUSE = 20;
const STALE_LOCK = 10_000;
// Longer than a lock can be stale.
const LOCK_TRIES = Math.ceil((2 * STALE_LOCK) / LOCK_PAUSE);

/** Waits without giving up the thread: the other holder needs a millisecond. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A name that no other process and no other moment has. */
function uniqueName(): string {
  return `${process.pid}-${process.hrtime.bigint()}`;
}

/** Makes the lock, a folder with the holder's name in it; false where somebody holds it. */
function tryLock(lock: string, holder: string): boolean {
  try {
    mkdirSync(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(lock, holder), '');
  return true;
}

/** Takes away a lock whose holder was killed: moved first, so that of two who try only one does. */
function breakStaleLock(lock: string, holder: string): boolean {
  const taken = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (taken === undefined || Date.now() - taken <= STALE_LOCK) return false;
  try {
    renameSync(lock, `${lock}.${holder}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  rmSync(`${lock}.${holder}`, { recursive: true, force: true });
  return true;
}

/** Gives a lock back, where it is still one's own. */
function releaseLock(lock: string, holder: string): void {
  if (statSync(join(lock, holder), { throwIfNoEntry: false }) === undefined) return;
  rmSync(lock, { recursive: true, force: true });
}

function takeLock(path: string, lock: string, holder: string): void {
  for (let tries = 0; !tryLock(lock, holder); tries++) {
    if (tries >= LOCK_TRIES) {
      const reason = `another program holds it; remove ${lock} if none does`;
      throw new HostError('FAILED', `Cannot replace ${path}: ${reason}`);
    }
    if (!breakStaleLock(lock, holder)) pause(LOCK_PAUSE);
  }
}

function replaceLocked(path: string, before: Uint8Array | undefined, after: Uint8Array): boolean {
  makeDirectories(dirname(path));
  const lock = `${path}.lock`;
  const holder = uniqueName();
  takeLock(path, lock, holder);
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    const now = size === undefined ? undefined : readWhole(path, size);
    const isSame = now === undefined ? before === undefined : before && equalBytes(now, before);
    if (isSame) writeAtomically(path, after);
    return isSame === true;
  } finally {
    releaseLock(lock, holder);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(file, bytes, at);
}

function writeTo(
  path: string,
  bytes: Uint8Array,
  { mode, flush }: { readonly mode: number; readonly flush: boolean },
): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeAll(file, bytes);
    if (flush) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAtomically(path: string, bytes: Uint8Array, flush = true): void {
  const temporary = join(dirname(path), `.glovebox-${uniqueName()}.tmp`);
  try {
    writeTo(temporary, bytes, { mode: 0o644, flush });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
