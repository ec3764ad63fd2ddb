import type { FileKind } from '../filesystem.ts';
import type { Layer } from './layer.ts';

interface Common {
  readonly ino: number;
  mode: number;
  /** Names that lead to it. */
  links: number;
  atime: bigint;
  mtime: bigint;
  ctime: bigint;
  /** The layer that it came from, or the writable one. */
  readonly born: string;
  /** Its path in the read-only layers; undefined for what was made here. */
  readonly origin: string | undefined;
}

/** A file's bytes in a read-only layer. */
export interface LowerContent {
  readonly layer: Layer;
  readonly path: string;
}

/** A file: its bytes are below until the first write, then in the writable store. */
export interface FileInode extends Common {
  readonly kind: 'file';
  size: number;
  /** Bytes of the writable store that it occupies. */
  held: number;
  lower: LowerContent | undefined;
  /** The handle of memfs, while one is needed. */
  descriptor: number | undefined;
  /** Open handles. */
  opens: number;
}

/** A symbolic link. */
export interface LinkInode extends Common {
  readonly kind: 'link';
  readonly target: string;
}

/** A folder of the merged view. */
export interface DirectoryInode extends Common {
  readonly kind: 'directory';
  /** Undefined for the root and for a folder that was removed. */
  parent: DirectoryInode | undefined;
  name: string;
  /**
   * What was looked up or changed here; null is a whiteout. What is not here is looked up below, unless
   * the folder is opaque.
   */
  readonly entries: Map<string, Inode | null>;
  /** The layers that merge here, topmost first; empty for an opaque folder. */
  readonly layers: readonly Layer[];
  /** Cookie of each name in the order of listing, once somebody has listed. */
  cookies: Map<string, number> | undefined;
  nextCookie: number;
  isRemoved: boolean;
}

export type Inode = FileInode | LinkInode | DirectoryInode;

/** Permission bits of what a layer holds without any. */
export const DEFAULT_MODE: Readonly<Record<FileKind, number>> = {
  file: 0o644,
  directory: 0o755,
  link: 0o777,
};

/** The path of a folder; undefined for one that was removed. */
export function pathOf(directory: DirectoryInode): string | undefined {
  const names: string[] = [];
  let at = directory;
  for (; at.parent !== undefined; at = at.parent) names.push(at.name);
  return at.isRemoved ? undefined : `/${names.reverse().join('/')}`;
}

/** The path of a name in a folder. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}
