import { equalBytes, sha256 } from '#base';
import { TlogError } from './errors.ts';
import { nodeHash } from './hash.ts';
import { largestPower, subtreeIndexes } from './stored-index.ts';
import type { TreeHead } from './tree-head.ts';

/** Gives the hashes behind stored indexes, in their order; what it gives is already proven. */
export type HashReader = (indexes: readonly number[]) => Promise<readonly Uint8Array[]>;

/** Hashes from the leaf up: the one nearest to the root is the last. */
export type Proof = readonly Uint8Array[];

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a tree of `count` leaves splits: the largest power of two below it (RFC 6962 section 2.1). */
function splitOf(count: number): number {
  return largestPower(count - 1);
}

async function hashRanges(ranges: readonly Range[], read: HashReader): Promise<Uint8Array[]> {
  const parts = ranges.map(({ from, to }) => subtreeIndexes(from, to));
  const hashes = await read(parts.flat());
  let at = 0;
  return parts.map((part) => {
    const own = hashes.slice(at, at + part.length);
    at += part.length;
    return fold(own);
  });
}

/** The hash over complete subtrees, from the right. */
export function fold(hashes: readonly Uint8Array[]): Uint8Array {
  let folded = hashes.at(-1) ?? sha256();
  for (let i = hashes.length - 2; i >= 0; i--) folded = nodeHash(hashes[i] ?? folded, folded);
  return folded;
}

/** The root of the first `size` leaves; SHA-256 of nothing for none (RFC 6962 section 2.1). */
export async function treeHash(size: number, read: HashReader): Promise<Uint8Array> {
  return size === 0 ? sha256() : fold(await read(subtreeIndexes(0, size)));
}

/** The siblings on the way to leaf `index`, from the leaf up, and on which side each of them is. */
function inclusionPath(size: number, index: number): { range: Range; isLeft: boolean }[] {
  const path: { range: Range; isLeft: boolean }[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const isLeft = index >= middle;
    path.push({ range: isLeft ? { from, to: middle } : { from: middle, to }, isLeft });
    if (isLeft) from = middle;
    else to = middle;
  }
  return path.reverse();
}

function requireIndex(size: number, index: number): void {
  if (index >= 0 && index < size) return;
  throw new TlogError('NOT_IN_TREE', `Record ${index} is not in a tree of ${size} records`);
}

/** The proof that leaf `index` is in the first `size` leaves (RFC 6962 section 2.1.1). */
export async function proveInclusion(
  size: number,
  index: number,
  read: HashReader,
): Promise<Proof> {
  requireIndex(size, index);
  return hashRanges(
    inclusionPath(size, index).map(({ range }) => range),
    read,
  );
}

function invalid(what: string): TlogError {
  return new TlogError('INVALID_PROOF', `The ${what} does not hold`);
}

/**
 * Checks that `leaf` is the hash of record `index` of the tree (RFC 6962 section 2.1.1).
 *
 * @throws TlogError `NOT_IN_TREE`, `INVALID_PROOF`; missing and left-over hashes included.
 */
export function checkInclusion(
  proof: Proof,
  tree: TreeHead,
  { index, leaf }: { readonly index: number; readonly leaf: Uint8Array },
): void {
  requireIndex(tree.size, index);
  const path = inclusionPath(tree.size, index);
  if (path.length !== proof.length) throw invalid('proof of inclusion');
  const root = path.reduce((hash, { isLeft }, i) => {
    const sibling = proof[i] ?? hash;
    return isLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }, leaf);
  if (!equalBytes(root, tree.root)) throw invalid('proof of inclusion');
}

/** The steps from the whole tree down to where the old one ends, each with the side that is left out. */
function consistencyPath(size: number, oldSize: number) {
  const path: { range: Range; isLeft: boolean }[] = [];
  let [from, to] = [0, size];
  while (oldSize !== to) {
    const middle = from + splitOf(to - from);
    const isLeft = oldSize > middle;
    path.push({ range: isLeft ? { from, to: middle } : { from: middle, to }, isLeft });
    if (isLeft) from = middle;
    else to = middle;
  }
  // The old tree's last complete part is known to its holder only when it is the whole of it.
  return { path: path.reverse(), rest: from === 0 ? undefined : { from, to } };
}

function requireSizes(size: number, oldSize: number): void {
  if (oldSize >= 1 && oldSize <= size) return;
  throw new TlogError('NOT_IN_TREE', `A tree of ${oldSize} records is no start of one of ${size}`);
}

/** The proof that the first `oldSize` leaves are the start of the first `size` (RFC 6962 section 2.1.2). */
export async function proveConsistency(
  size: number,
  oldSize: number,
  read: HashReader,
): Promise<Proof> {
  requireSizes(size, oldSize);
  const { path, rest } = consistencyPath(size, oldSize);
  const ranges = path.map(({ range }) => range);
  return hashRanges(rest === undefined ? ranges : [rest, ...ranges], read);
}

/**
 * Checks that `old` is a start of `tree` (RFC 6962 section 2.1.2).
 *
 * @throws TlogError `NOT_IN_TREE`, `INVALID_PROOF`; missing and left-over hashes included.
 */
export function checkConsistency(proof: Proof, tree: TreeHead, old: TreeHead): void {
  requireSizes(tree.size, old.size);
  const { path, rest } = consistencyPath(tree.size, old.size);
  const start = rest === undefined ? old.root : proof[0];
  const siblings = rest === undefined ? proof : proof.slice(1);
  if (start === undefined || siblings.length !== path.length) throw invalid('proof of consistency');
  let [oldRoot, root] = [start, start];
  path.forEach(({ isLeft }, i) => {
    const sibling = siblings[i] ?? root;
    if (isLeft) oldRoot = nodeHash(sibling, oldRoot);
    root = isLeft ? nodeHash(sibling, root) : nodeHash(root, sibling);
  });
  if (!equalBytes(oldRoot, old.root) || !equalBytes(root, tree.root))
    throw invalid('proof of consistency');
}
