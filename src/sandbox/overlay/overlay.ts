import type { Change, Filesystem, Place } from '../filesystem.ts';
import type { Context } from './context.ts';
import { diffTrees } from './diff.ts';
import { createHandles } from './handles.ts';
import { type DirectoryInode, joinPath, pathOf } from './inode.ts';
import type { Layer } from './layer.ts';
import { createNameOperations } from './names.ts';
import { createPathOperations } from './paths.ts';
import { layerOf } from './status.ts';
import { createStore, type StoreLimits } from './store.ts';
import { createTree } from './tree.ts';
import { createWalker } from './walk.ts';

/** Where a path really leads, for who decides about it. */
export interface Located {
  /** Without links and dots; of what would be made, where nothing is there. */
  readonly path: string;
  /** The places of the links on the way, the one at the end too. */
  readonly links: readonly string[];
  readonly kind: 'file' | 'directory' | 'link' | undefined;
  /** The layer that it came from, wherever it was moved since; undefined where nothing is there. */
  readonly born: string | undefined;
  /** The layer whose content it has. */
  readonly layer: string | undefined;
  readonly ino: number | undefined;
}

/** A filesystem of layers. */
export interface Overlay extends Filesystem {
  /**
   * Finds what a path leads to, without doing anything to it.
   *
   * @throws SandboxError as the operation itself would where the way there ends.
   */
  locate(place: Place, follow: boolean): Located;
  /** Everything below a folder, however deep. */
  below(path: string): readonly Located[];
  /** What is different from the layers below. */
  diff(): readonly Change[];
  /** Bytes that the writable layer holds. */
  used(): number;
}

/** A clock that goes on by a microsecond each time it is asked: runs repeat. */
export function createLogicalClock(): () => bigint {
  let time = 0n;
  return () => {
    time += 1000n;
    return time;
  };
}

/**
 * A writable layer over read-only ones, later ones above earlier ones.
 *
 * memfs stores and unionfs merges listings; what a name stands for is decided by our index alone,
 * because unionfs asks the next layer whenever one throws. Writes go to the writable layer, after
 * copy-up; a removed name leaves a whiteout; a new folder in the place of a removed one is opaque.
 */
export function createOverlay(
  lower: readonly Layer[],
  limits: StoreLimits,
  now: () => bigint = createLogicalClock(),
): Overlay {
  // The clock is read once for the layers below, and then for each change.
  let readings = 0;
  const clock = () => {
    readings++;
    return now();
  };
  const tree = createTree(lower, clock);
  const store = createStore(limits);
  const handles = createHandles(() => context, limits);
  const walk = createWalker(tree, (handle) => handles.folderOf(handle));
  const context: Context = { tree, store, walk, now: clock };
  const { folderOf: _, ...handleOperations } = handles;
  const paths = createPathOperations(context);

  return {
    ...handleOperations,
    ...createNameOperations(context),
    ...paths,
    locate(place, follow) {
      const { parent, name, inode, links } = walk(place, 'find', { follow, parentOnly: false });
      const folder = pathOf(parent) ?? '/';
      return {
        path: name === '' ? folder : joinPath(folder, name),
        links,
        kind: inode?.kind,
        born: inode?.born,
        layer: inode && layerOf(inode),
        ino: inode?.ino,
      };
    },
    below(path) {
      const found: Located[] = [];
      const { inode: top } = walk(path, 'list', { follow: false });
      const open: (readonly [string, DirectoryInode])[] =
        top?.kind === 'directory' ? [[path, top]] : [];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const [folder, directory] = next;
        for (const name of tree.names(directory)) {
          const inode = tree.lookup(directory, name);
          if (inode === undefined) continue;
          const { kind, born, ino } = inode;
          const here = joinPath(folder, name);
          found.push({ path: here, links: [], kind, born, layer: layerOf(inode), ino });
          if (inode.kind === 'directory') open.push([here, inode]);
        }
      }
      return found;
    },
    diff: () => (readings === 1 ? [] : diffTrees(createTree(lower, now), tree, store)),
    used: () => store.used(),
  };
}
