import { encodeUtf8 } from '#base';
import type { FileStatus } from '../filesystem.ts';
import type { Inode } from './inode.ts';
import { UPPER } from './tree.ts';

/** What stat(2) says of an inode. */
export function statusOf(inode: Inode): FileStatus {
  const { kind, ino, mode, links, atime, mtime, ctime } = inode;
  return {
    kind,
    ino,
    mode,
    links: kind === 'directory' && links > 0 ? 1 : links,
    size: sizeOf(inode),
    atime,
    mtime,
    ctime,
    layer: layerOf(inode),
  };
}

/** Bytes of a file or of a link's target; 0 for a folder. */
export function sizeOf(inode: Inode): number {
  if (inode.kind === 'file') return inode.size;
  return inode.kind === 'link' ? encodeUtf8(inode.target).length : 0;
}

/** The layer whose content an inode has. */
export function layerOf(inode: Inode): string {
  return inode.kind === 'file' && inode.lower === undefined ? UPPER : inode.born;
}
