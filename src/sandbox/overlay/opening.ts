import type { OpenFlags, Place } from '../filesystem.ts';
import { attach, type Context, modified, textOf } from './context.ts';
import type { DirectoryInode, FileInode, Inode } from './inode.ts';
import { refusal, refusing, type Walked } from './walk.ts';

/** How a file is to be opened. */
export interface Opening {
  readonly flags: OpenFlags;
  readonly mode: number;
  readonly path: string;
}

/** What is wrong with opening what is there, in the order of do_open in Linux. */
export function checkOpen(inode: Inode, { flags, path }: Opening): FileInode | DirectoryInode {
  const fail = refusing('open', path);
  const isFolder = inode.kind === 'directory';
  if (flags.create && flags.exclusive) throw fail('EEXIST');
  if (flags.create && isFolder) throw fail('EISDIR');
  if (flags.directory && !isFolder) throw fail('ENOTDIR');
  if (inode.kind === 'link') throw fail('ELOOP');
  if (isFolder && (flags.write || flags.truncate)) throw fail('EISDIR');
  return inode;
}

/** Opens what a walk found, or makes it. */
export function openWalked(
  context: Context,
  { inode, parent, name }: Walked,
  opening: Opening,
): FileInode | DirectoryInode {
  const { flags, mode, path } = opening;
  if (inode === undefined) {
    if (!flags.create || parent.isRemoved) throw refusal('ENOENT', 'open', path);
    const made = context.tree.createFile(mode & 0o7777 & ~0o022);
    attach(context, parent, name, made);
    return made;
  }
  const opened = checkOpen(inode, opening);
  if (opened.kind === 'directory') return opened;
  if (flags.truncate) {
    context.store.replace(opened, new Uint8Array(0));
    modified(context, opened);
  } else if (flags.write) context.store.copyUp(opened);
  return opened;
}

/** The walk of open(2). */
export function walkToOpen({ walk }: Context, place: Place, flags: OpenFlags): Walked {
  const path = textOf(place);
  if (flags.create && flags.directory) throw refusal('EINVAL', 'open', path);
  const follow = !flags.noFollow && !(flags.create && flags.exclusive);
  return walk(place, 'open', { follow, create: flags.create === true });
}
