import type { Place } from '../filesystem.ts';
import { type DirectoryInode, type FileInode, type Inode, joinPath } from './inode.ts';
import type { Store } from './store.ts';
import type { Tree } from './tree.ts';
import { refusal, type Walk } from './walk.ts';

/** What the operations of one overlay share. */
export interface Context {
  readonly tree: Tree;
  readonly store: Store;
  readonly walk: Walk;
  readonly now: () => bigint;
}

/** A place in the words of the user. */
export function textOf(place: Place): string {
  return typeof place === 'string' ? place : place.path;
}

/** A whole number of bytes or entries that can be meant. */
export function checkCount(count: number, action: string): void {
  if (!Number.isSafeInteger(count) || count < 0) throw refusal('EINVAL', action, String(count));
}

/** What stands at a place. */
export function find({ walk }: Context, place: Place, action: string, follow: boolean): Inode {
  const { inode } = walk(place, action, { follow });
  if (inode === undefined) throw refusal('ENOENT', action, textOf(place));
  return inode;
}

/** True for a name that a read-only layer has and that still leads where it led: it costs nothing. */
function isFromBelow(parent: DirectoryInode, name: string, inode: Inode): boolean {
  return parent.origin !== undefined && inode.origin === joinPath(parent.origin, name);
}

function costOf(name: string, inode: Inode): number {
  return name.length + (inode.kind === 'link' ? inode.target.length : 0);
}

function touch({ now }: Context, parent: DirectoryInode): void {
  const time = now();
  parent.mtime = time;
  parent.ctime = time;
}

/** Takes room for a name. Throws where the sandbox is full. */
export function reserve({ store }: Context, parent: DirectoryInode, name: string, inode: Inode) {
  if (!isFromBelow(parent, name, inode)) store.addNode(costOf(name, inode));
}

/** Gives an inode a name. Throws where the sandbox is full, and nothing has changed then. */
export function attach(context: Context, parent: DirectoryInode, name: string, inode: Inode): void {
  reserve(context, parent, name, inode);
  place(context, parent, name, inode);
}

/** {@link attach} without {@link reserve}: cannot fail. */
export function place(context: Context, parent: DirectoryInode, name: string, inode: Inode): void {
  parent.entries.set(name, inode);
  parent.cookies?.set(name, parent.nextCookie++);
  if (inode.kind === 'directory') {
    inode.parent = parent;
    inode.name = name;
    inode.isRemoved = false;
  }
  touch(context, parent);
}

/** Takes a name away; where a layer below has it, a whiteout stays. */
export function detach(context: Context, parent: DirectoryInode, name: string, inode: Inode): void {
  if (!isFromBelow(parent, name, inode)) context.store.dropNode(costOf(name, inode));
  parent.entries.delete(name);
  // Still there once our entry is gone: the layers below have the name.
  if (context.tree.lookup(parent, name) !== undefined) parent.entries.set(name, null);
  parent.cookies?.delete(name);
  touch(context, parent);
}

/** Forgets one name of an inode; the last one, and no handle open, frees its bytes. */
export function dropLink({ store, now }: Context, inode: Inode): void {
  inode.links--;
  inode.ctime = now();
  if (inode.kind === 'directory') {
    inode.isRemoved = true;
    inode.parent = undefined;
  }
  if (inode.kind === 'file') releaseUnused(store, inode);
}

/** Frees the bytes of a file that has neither name nor handle. */
export function releaseUnused(store: Store, file: FileInode): void {
  if (file.links === 0 && file.opens === 0) store.release(file);
}

/** Says that the bytes of a file are new. */
export function modified({ now }: Context, file: FileInode): void {
  const time = now();
  file.mtime = time;
  file.ctime = time;
}
