import { sha256 } from '#base';
import { nodeHash, recordHash } from './hash.ts';

/** A Merkle tree that grows by one record at a time; holds one hash for each level. */
export interface TreeBuilder {
  /** The number of records. */
  size(): number;
  append(record: Uint8Array): void;
  /** Takes a record's leaf hash in its place. */
  appendHash(leaf: Uint8Array): void;
  /** The Merkle tree hash (RFC 6962 section 2.1); SHA-256 of nothing for the empty tree. */
  root(): Uint8Array;
}

/** The root over leaf hashes; SHA-256 of nothing for none. */
export function treeOfHashes(leaves: readonly Uint8Array[]): Uint8Array {
  const tree = createTree();
  for (const leaf of leaves) tree.appendHash(leaf);
  return tree.root();
}

/** An empty tree. */
export function createTree(): TreeBuilder {
  // Level n holds the root of a complete subtree of 2^n records that has no right neighbor yet.
  const complete: (Uint8Array | undefined)[] = [];
  let size = 0;

  function appendHash(leaf: Uint8Array): void {
    let hash = leaf;
    let level = 0;
    for (let left = complete[level]; left !== undefined; left = complete[level]) {
      hash = nodeHash(left, hash);
      complete[level] = undefined;
      level++;
    }
    complete[level] = hash;
    size++;
  }

  return {
    size: () => size,
    append: (record) => appendHash(recordHash(record)),
    appendHash,
    root() {
      let root: Uint8Array | undefined;
      for (const left of complete) {
        if (left !== undefined) root = root === undefined ? left : nodeHash(left, root);
      }
      return root ?? sha256();
    },
  };
}
