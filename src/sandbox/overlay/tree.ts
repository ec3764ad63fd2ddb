import { Union } from 'unionfs';
import { compareUtf8 } from '#base';
import {
  DEFAULT_MODE,
  type DirectoryInode,
  type FileInode,
  type Inode,
  joinPath,
  type LinkInode,
} from './inode.ts';
import type { IndexEntry, Layer } from './layer.ts';

/** The name of the writable layer. */
export const UPPER = 'sandbox';

/** The merged view: what is looked up below is made an inode once, and keeps its number. */
export interface Tree {
  readonly root: DirectoryInode;
  /** What a name in a folder stands for; undefined for nothing. */
  lookup(directory: DirectoryInode, name: string): Inode | undefined;
  /** The names of a folder in byte order. */
  names(directory: DirectoryInode): readonly string[];
  /** The names that the read-only layers have in a folder, in byte order. */
  lowerNames(directory: DirectoryInode): readonly string[];
  createFile(mode: number): FileInode;
  createDirectory(mode: number, parent: DirectoryInode, name: string): DirectoryInode;
  createLink(target: string): LinkInode;
}

/** Opens the merged view of read-only layers; later ones cover earlier ones. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one object over one count of inodes.
export function createTree(lower: readonly Layer[], now: () => bigint): Tree {
  const topFirst = [...lower].reverse();
  // unionfs asks the volume first that was given to it last.
  const listings = new Union();
  for (const layer of lower)
    listings.use(layer.volume as unknown as Parameters<typeof listings.use>[0]);
  let lastIno = 0;
  // What the layers hold is as old as the sandbox.
  const beginning = now();

  function common(born: string, origin: string | undefined, mode: number) {
    const time = origin === undefined ? now() : beginning;
    const times = { atime: time, mtime: time, ctime: time };
    return { ino: ++lastIno, mode, links: 1, born, origin, ...times };
  }

  function directory(
    place: { readonly parent: DirectoryInode | undefined; readonly name: string },
    below: { readonly layers: readonly Layer[]; readonly origin: string | undefined },
    mode: number,
  ): DirectoryInode {
    const [top] = below.layers;
    return {
      kind: 'directory',
      ...common(top?.name ?? UPPER, below.origin, mode),
      ...place,
      entries: new Map(),
      layers: below.layers,
      cookies: undefined,
      nextCookie: 1,
      isRemoved: false,
    };
  }

  /** The layers that have a folder at a path, from the top to the first that has something else. */
  function mergedAt(layers: readonly Layer[], path: string): readonly Layer[] {
    const merged: Layer[] = [];
    for (const layer of layers) {
      if (!layer.index.has(path)) continue;
      if (layer.index.get(path) !== undefined) break;
      merged.push(layer);
    }
    return merged;
  }

  function fileBelow(layer: Layer, path: string, size: number): FileInode {
    return {
      kind: 'file',
      ...common(layer.name, path, DEFAULT_MODE.file),
      size,
      held: 0,
      lower: { layer, path },
      descriptor: undefined,
      opens: 0,
    };
  }

  function fromBelow(parent: DirectoryInode, name: string): Inode | undefined {
    if (parent.origin === undefined || parent.layers.length === 0) return undefined;
    const path = joinPath(parent.origin, name);
    const layer = parent.layers.find(({ index }) => index.has(path));
    if (layer === undefined) return undefined;
    const entry: IndexEntry = layer.index.get(path);
    if (typeof entry === 'number') return fileBelow(layer, path, entry);
    if (typeof entry === 'string')
      return { kind: 'link', ...common(layer.name, path, DEFAULT_MODE.link), target: entry };
    const layers = mergedAt(parent.layers, path);
    return directory({ parent, name }, { layers, origin: path }, DEFAULT_MODE.directory);
  }

  function lookup(parent: DirectoryInode, name: string): Inode | undefined {
    const known = parent.entries.get(name);
    if (known !== undefined) return known ?? undefined;
    const found = fromBelow(parent, name);
    if (found !== undefined) parent.entries.set(name, found);
    return found;
  }

  /** True for a name that the layers below show: unionfs also lists what a file of a layer hides. */
  function isBelow({ layers, origin }: DirectoryInode, name: string): boolean {
    const path = joinPath(origin ?? '', name);
    return layers.some(({ index }) => index.has(path));
  }

  function lowerNames(parent: DirectoryInode): readonly string[] {
    if (parent.origin === undefined || parent.layers.length === 0) return [];
    const listed = listings.readdirSync(parent.origin) as unknown as string[];
    return listed.filter((name) => isBelow(parent, name)).sort(compareUtf8);
  }

  return {
    root: directory({ parent: undefined, name: '' }, { layers: topFirst, origin: '/' }, 0o755),
    lookup,
    lowerNames,
    names(parent) {
      const changed = [...parent.entries].flatMap(([name, inode]) => (inode ? [name] : []));
      const below = lowerNames(parent).filter((name) => parent.entries.get(name) === undefined);
      return [...changed, ...below].sort(compareUtf8);
    },
    createFile: (mode) => ({
      kind: 'file',
      ...common(UPPER, undefined, mode),
      size: 0,
      held: 0,
      lower: undefined,
      descriptor: undefined,
      opens: 0,
    }),
    createDirectory: (mode, parent, name) =>
      directory({ parent, name }, { layers: [], origin: undefined }, mode),
    createLink: (target) => ({
      kind: 'link',
      ...common(UPPER, undefined, DEFAULT_MODE.link),
      target,
    }),
  };
}
