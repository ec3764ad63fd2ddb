import type { DirectoryEntry, FileStatus, Filesystem } from '../filesystem.ts';
import { type Context, checkCount, modified, releaseUnused, textOf } from './context.ts';
import type { DirectoryInode, FileInode } from './inode.ts';
import { openWalked, walkToOpen } from './opening.ts';
import { statusOf } from './status.ts';
import { refusal } from './walk.ts';

interface Handle {
  readonly inode: FileInode | DirectoryInode;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly isAppend: boolean;
  offset: number;
  /** Where a listing goes on, so that a long one costs no more than its length. */
  listing: { readonly iterator: Iterator<[string, number]>; readonly cookie: number } | undefined;
}

type HandleOperations = Pick<
  Filesystem,
  'open' | 'close' | 'read' | 'write' | 'seek' | 'readdir' | 'ftruncate' | 'fstat' | 'fsync'
>;

/** The open files of one sandbox. */
export interface Handles extends HandleOperations {
  folderOf(handle: number): DirectoryInode;
}

const FIRST = 3;

/** The cookies of a folder, given out in byte order when somebody first asks, then as names come. */
function cookiesOf({ tree }: Context, directory: DirectoryInode): Map<string, number> {
  if (directory.cookies === undefined) {
    directory.cookies = new Map();
    for (const name of tree.names(directory)) directory.cookies.set(name, directory.nextCookie++);
  }
  return directory.cookies;
}

/** The table of descriptors and what is done through them. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the system calls over one table.
export function createHandles(
  getContext: () => Context,
  { openFiles }: { readonly openFiles: number },
): Handles {
  const table = new Map<number, Handle>();

  function get(handle: number, action: string): Handle {
    const found = table.get(handle);
    if (found === undefined) throw refusal('EBADF', action, `handle ${handle}`);
    return found;
  }

  function lowestFree(): number {
    let number = FIRST;
    while (table.has(number)) number++;
    return number;
  }

  /** The iterator behind a cookie: the one that stopped there, or a new one that goes there. */
  function resume(found: Handle, directory: DirectoryInode, cookie: number) {
    const cookies = cookiesOf(getContext(), directory);
    if (found.listing?.cookie === cookie) return found.listing.iterator;
    return cookies.entries();
  }

  return {
    folderOf(handle) {
      const { inode } = get(handle, 'use');
      if (inode.kind !== 'directory') throw refusal('ENOTDIR', 'use', `handle ${handle}`);
      return inode;
    },
    open(place, flags, mode = 0o666) {
      const path = textOf(place);
      if (table.size >= openFiles) throw refusal('EMFILE', 'open', path);
      const context = getContext();
      const walked = walkToOpen(context, place, flags);
      const inode = openWalked(context, walked, { flags, mode, path });
      const number = lowestFree();
      table.set(number, {
        inode,
        canRead: flags.read === true || !flags.write,
        canWrite: flags.write === true,
        isAppend: flags.append === true,
        offset: 0,
        listing: undefined,
      });
      if (inode.kind === 'file') inode.opens++;
      return number;
    },
    close(handle) {
      const { inode } = get(handle, 'close');
      table.delete(handle);
      if (inode.kind !== 'file') return;
      inode.opens--;
      releaseUnused(getContext().store, inode);
    },
    read(handle, length, position) {
      const found = get(handle, 'read');
      if (!found.canRead) throw refusal('EBADF', 'read', `handle ${handle}`);
      const { inode } = found;
      if (inode.kind !== 'file') throw refusal('EISDIR', 'read', `handle ${handle}`);
      checkCount(length, 'read');
      if (position !== undefined) checkCount(position, 'read');
      const bytes = getContext().store.read(inode, length, position ?? found.offset);
      if (position === undefined) found.offset += bytes.length;
      return bytes;
    },
    write(handle, data, position) {
      const found = get(handle, 'write');
      if (!found.canWrite || found.inode.kind !== 'file')
        throw refusal('EBADF', 'write', `handle ${handle}`);
      if (position !== undefined) checkCount(position, 'write');
      const { inode, isAppend } = found;
      // As on Linux, a file that is open for appending is appended to, wherever a write is meant for.
      const start = isAppend ? inode.size : (position ?? found.offset);
      getContext().store.write(inode, data, start);
      if (position === undefined) found.offset = start + data.length;
      if (data.length > 0) modified(getContext(), inode);
      return data.length;
    },
    seek(handle, offset, from) {
      const found = get(handle, 'seek');
      const size = found.inode.kind === 'file' ? found.inode.size : 0;
      const base = { start: 0, current: found.offset, end: size }[from];
      checkCount(base + offset, 'seek');
      found.offset = base + offset;
      return found.offset;
    },
    readdir(handle, cookie, count) {
      const found = get(handle, 'list');
      const { inode } = found;
      if (inode.kind !== 'directory') throw refusal('ENOTDIR', 'list', `handle ${handle}`);
      if (inode.isRemoved) throw refusal('ENOENT', 'list', `handle ${handle}`);
      checkCount(cookie, 'list');
      checkCount(count, 'list');
      const iterator = resume(found, inode, cookie);
      const listed: DirectoryEntry[] = [];
      let last = cookie;
      while (listed.length < count) {
        const next = iterator.next();
        if (next.done) {
          found.listing = undefined; // An iterator at its end never sees what comes later.
          return listed;
        }
        const [name, at] = next.value;
        const entry = at > cookie ? getContext().tree.lookup(inode, name) : undefined;
        if (entry === undefined) continue;
        listed.push({ name, kind: entry.kind, ino: entry.ino, cookie: at });
        last = at;
      }
      found.listing = { iterator, cookie: last };
      return listed;
    },
    ftruncate(handle, size) {
      const { inode, canWrite } = get(handle, 'truncate');
      checkCount(size, 'truncate');
      if (inode.kind !== 'file' || !canWrite)
        throw refusal('EINVAL', 'truncate', `handle ${handle}`);
      getContext().store.resize(inode, size);
      modified(getContext(), inode);
    },
    fstat: (handle): FileStatus => statusOf(get(handle, 'stat').inode),
    fsync: (handle) => void get(handle, 'flush'),
  };
}
