import type { Filesystem, Place } from '../filesystem.ts';
import { attach, type Context, checkCount, find, modified, textOf } from './context.ts';
import type { FileInode } from './inode.ts';
import { checkOpen, walkToOpen } from './opening.ts';
import { statusOf } from './status.ts';
import { refusal } from './walk.ts';

type PathOperations = Pick<
  Filesystem,
  | 'stat'
  | 'lstat'
  | 'readlink'
  | 'truncate'
  | 'chmod'
  | 'utimes'
  | 'list'
  | 'readFile'
  | 'writeFile'
>;

const WHOLE = { write: true, create: true, truncate: true } as const;

function findFile(context: Context, place: Place, action: string): FileInode {
  const inode = find(context, place, action, true);
  if (inode.kind !== 'file') throw refusal('EISDIR', action, textOf(place));
  return inode;
}

/** What is done to a path as a whole. */
export function createPathOperations(context: Context): PathOperations {
  const { tree, store, now } = context;

  return {
    stat: (place) => statusOf(find(context, place, 'stat', true)),
    lstat: (place) => statusOf(find(context, place, 'stat', false)),
    readlink(place) {
      const inode = find(context, place, 'read the link', false);
      if (inode.kind !== 'link') throw refusal('EINVAL', 'read the link', textOf(place));
      return inode.target;
    },
    truncate(place, size) {
      checkCount(size, 'truncate');
      const inode = findFile(context, place, 'truncate');
      store.copyUp(inode);
      store.resize(inode, size);
      modified(context, inode);
    },
    chmod(place, mode) {
      checkCount(mode, 'change the mode of');
      const inode = find(context, place, 'change the mode of', true);
      inode.mode = mode & 0o7777;
      inode.ctime = now();
    },
    utimes(place, { atime, mtime }, { follow = true } = {}) {
      const inode = find(context, place, 'set the times of', follow);
      if (atime !== undefined) inode.atime = atime;
      if (mtime !== undefined) inode.mtime = mtime;
      inode.ctime = now();
    },
    list(place) {
      const inode = find(context, place, 'list', true);
      if (inode.kind !== 'directory') throw refusal('ENOTDIR', 'list', textOf(place));
      return tree.names(inode).flatMap((name) => {
        const found = tree.lookup(inode, name);
        return found === undefined ? [] : [{ name, kind: found.kind }];
      });
    },
    readFile(place) {
      const inode = findFile(context, place, 'read');
      return store.read(inode, inode.size, 0);
    },
    writeFile(place, data) {
      const { inode, parent, name } = walkToOpen(context, place, WHOLE);
      if (inode !== undefined) {
        const file = checkOpen(inode, { flags: WHOLE, path: textOf(place), mode: 0 });
        if (file.kind !== 'file') throw refusal('EISDIR', 'write', textOf(place));
        store.replace(file, data);
        modified(context, file);
        return;
      }
      if (parent.isRemoved) throw refusal('ENOENT', 'write', textOf(place));
      const made = tree.createFile(0o644);
      store.replace(made, data);
      try {
        attach(context, parent, name, made);
      } catch (error) {
        store.release(made);
        throw error;
      }
    },
  };
}
