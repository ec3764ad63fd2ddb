import { compareUtf8, encodeUtf8, sha256Hex } from '#base';
import type { Change } from '../filesystem.ts';
import { type DirectoryInode, type Inode, joinPath } from './inode.ts';
import { sizeOf } from './status.ts';
import type { Store } from './store.ts';
import type { Tree } from './tree.ts';

interface Content {
  readonly sha256: string | null;
  readonly size: number;
}

function contentOf(store: Store, inode: Inode): Content {
  const size = sizeOf(inode);
  if (inode.kind === 'directory') return { sha256: null, size };
  const bytes = inode.kind === 'link' ? encodeUtf8(inode.target) : store.read(inode, size, 0);
  return { sha256: sha256Hex(bytes), size };
}

/** Everything below the root by its path. */
function flatten(tree: Tree): Map<string, Inode> {
  const found = new Map<string, Inode>();
  const open: (readonly [string, DirectoryInode])[] = [['/', tree.root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, directory] = next;
    for (const name of tree.names(directory)) {
      const inode = tree.lookup(directory, name);
      if (inode === undefined) continue;
      const here = joinPath(path, name);
      found.set(here, inode);
      if (inode.kind === 'directory') open.push([here, inode]);
    }
  }
  return found;
}

/** True for what cannot differ: its bytes are still those of the layer. */
function isUntouched(inode: Inode, before: Inode): boolean {
  if (inode.kind !== before.kind || inode.origin !== before.origin) return false;
  return inode.kind !== 'file' || inode.lower !== undefined;
}

/**
 * What differs between two views of the same layers, by path. Modes and times are not compared: an
 * artefact is something with content.
 */
export function diffTrees(before: Tree, after: Tree, store: Store): readonly Change[] {
  const old = flatten(before);
  const changes: Change[] = [];
  for (const [path, inode] of flatten(after)) {
    const was = old.get(path);
    old.delete(path);
    const { kind } = inode;
    if (was && isUntouched(inode, was)) continue;
    const now = contentOf(store, inode);
    if (was?.kind === kind) {
      const then = contentOf(store, was);
      if (then.sha256 !== now.sha256)
        changes.push({ path, change: 'modified', kind, ...now, before: then });
      continue;
    }
    if (was) changes.push({ path, change: 'deleted', kind: was.kind, ...contentOf(store, was) });
    changes.push({ path, change: 'created', kind, ...now });
  }
  for (const [path, was] of old)
    changes.push({ path, change: 'deleted', kind: was.kind, ...contentOf(store, was) });
  return changes.sort((a, b) => compareUtf8(a.path, b.path) || compareUtf8(b.change, a.change));
}
