import type { Filesystem, Place } from '../filesystem.ts';
import {
  attach,
  type Context,
  detach,
  dropLink,
  find,
  place as putName,
  reserve,
  textOf,
} from './context.ts';
import type { DirectoryInode, Inode } from './inode.ts';
import { checkTarget, refusal, refusing, type Walked } from './walk.ts';

type NameOperations = Pick<
  Filesystem,
  'mkdir' | 'rmdir' | 'unlink' | 'rename' | 'link' | 'symlink'
>;

/** Where a new name is to be made (filename_create of Linux, whose order of errors this keeps). */
function vacancy(
  { walk }: Context,
  place: Place,
  { action, isFolder }: { readonly action: string; readonly isFolder: boolean },
): Walked {
  const walked = walk(place, action, { follow: false, parentOnly: true });
  if (walked.last !== 'name' || walked.inode !== undefined)
    throw refusal('EEXIST', action, textOf(place));
  if (walked.isTooLong) throw refusal('ENAMETOOLONG', action, textOf(place));
  if ((walked.hasTrailingSlash && !isFolder) || walked.parent.isRemoved)
    throw refusal('ENOENT', action, textOf(place));
  return walked;
}

function isEmpty({ tree }: Context, directory: DirectoryInode): boolean {
  for (const inode of directory.entries.values()) if (inode !== null) return false;
  return tree.names(directory).length === 0;
}

function isAbove(above: DirectoryInode, inode: DirectoryInode): boolean {
  for (let at: DirectoryInode | undefined = inode; at !== undefined; at = at.parent)
    if (at === above) return true;
  return false;
}

interface Moved {
  readonly from: Walked;
  readonly to: Walked;
  readonly inode: Inode;
}

/** The checks of rename(2), in the order of Linux. */
function checkRename(context: Context, { from, to, inode }: Moved, action: string, path: string) {
  const target = to.inode;
  if (inode.kind !== 'directory' && (from.hasTrailingSlash || to.hasTrailingSlash))
    throw refusal('ENOTDIR', action, path);
  if (inode.kind === 'directory' && isAbove(inode, to.parent))
    throw refusal('EINVAL', action, path);
  if (target?.kind === 'directory' && isAbove(target, from.parent))
    throw refusal('ENOTEMPTY', action, path);
  if (target === undefined || target === inode) return;
  if (inode.kind === 'directory' && target.kind !== 'directory')
    throw refusal('ENOTDIR', action, path);
  if (target.kind !== 'directory') return;
  if (inode.kind !== 'directory') throw refusal('EISDIR', action, path);
  if (!isEmpty(context, target)) throw refusal('ENOTEMPTY', action, path);
}

/** What changes names in folders. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: six system calls over one context.
export function createNameOperations(context: Context): NameOperations {
  const { tree, walk, now } = context;

  return {
    mkdir(place, mode = 0o777) {
      const { parent, name } = vacancy(context, place, { action: 'create', isFolder: true });
      const made = tree.createDirectory(mode & 0o1777 & ~0o022, parent, name);
      attach(context, parent, name, made);
    },
    symlink(target, place) {
      checkTarget(target);
      const action = 'create the link';
      const { parent, name } = vacancy(context, place, { action, isFolder: false });
      attach(context, parent, name, tree.createLink(target));
    },
    link(from, to) {
      const action = 'link';
      const inode = find(context, from, action, false);
      const { parent, name } = vacancy(context, to, { action, isFolder: false });
      if (inode.kind === 'directory') throw refusal('EPERM', action, textOf(from));
      attach(context, parent, name, inode);
      inode.links++;
      inode.ctime = now();
    },
    rmdir(place) {
      const action = 'remove the folder';
      const fail = refusing(action, textOf(place));
      const walked = walk(place, action, { follow: false, parentOnly: true });
      const { parent, name, inode, last } = walked;
      if (last === 'dotdot') throw fail('ENOTEMPTY');
      if (last === 'dot') throw fail('EINVAL');
      if (last === 'root') throw fail('EBUSY');
      if (walked.isTooLong) throw fail('ENAMETOOLONG');
      if (inode === undefined) throw fail('ENOENT');
      if (inode.kind !== 'directory') throw fail('ENOTDIR');
      if (!isEmpty(context, inode)) throw fail('ENOTEMPTY');
      detach(context, parent, name, inode);
      dropLink(context, inode);
    },
    unlink(place) {
      const action = 'remove';
      const fail = refusing(action, textOf(place));
      const walked = walk(place, action, { follow: false, parentOnly: true });
      const { parent, name, inode, last } = walked;
      if (last !== 'name') throw fail('EISDIR');
      if (walked.isTooLong) throw fail('ENAMETOOLONG');
      if (inode === undefined) throw fail('ENOENT');
      if (inode.kind === 'directory') throw fail('EISDIR');
      if (walked.hasTrailingSlash) throw fail('ENOTDIR');
      detach(context, parent, name, inode);
      dropLink(context, inode);
    },
    rename(oldPlace, newPlace) {
      const action = 'rename';
      const path = textOf(oldPlace);
      const how = { follow: false, parentOnly: true };
      const from = walk(oldPlace, action, how);
      const to = walk(newPlace, action, how);
      if (from.last !== 'name' || to.last !== 'name') throw refusal('EBUSY', action, path);
      const { inode } = from;
      if (from.isTooLong) throw refusal('ENAMETOOLONG', action, path);
      if (inode === undefined || to.parent.isRemoved) throw refusal('ENOENT', action, path);
      if (to.isTooLong) throw refusal('ENAMETOOLONG', action, path);
      checkRename(context, { from, to, inode }, action, path);
      // Two names of one file: rename(2) does nothing.
      if (to.inode === inode) return;
      reserve(context, to.parent, to.name, inode);
      if (to.inode !== undefined) {
        detach(context, to.parent, to.name, to.inode);
        dropLink(context, to.inode);
      }
      detach(context, from.parent, from.name, inode);
      putName(context, to.parent, to.name, inode);
      inode.ctime = now();
    },
  };
}
