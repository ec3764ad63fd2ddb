// Every complete subtree has one number: leaves and nodes in the order in which an append-only file
// would hold them. Doubles carry them exactly up to 2^53.

/** The number of the node at `level` (0 for leaves) and `position` (golang.org/x/mod/sumdb/tlog). */
export function storedIndex(level: number, position: number): number {
  let leaf = position;
  for (let up = 0; up < level; up++) leaf = 2 * leaf + 1;
  let index = 0;
  for (let rest = leaf; rest > 0; rest = Math.floor(rest / 2)) index += rest;
  return index + level;
}

/** The level and position behind a number: the inverse of {@link storedIndex}. */
export function splitStoredIndex(index: number): {
  readonly level: number;
  readonly position: number;
} {
  let leaf = Math.floor(index / 2);
  let at = storedIndex(0, leaf);
  for (;;) {
    const next = at + 1 + trailingZeros(leaf + 1);
    if (next > index) break;
    leaf++;
    at = next;
  }
  const level = index - at;
  return { level, position: Math.floor(leaf / 2 ** level) };
}

function trailingZeros(value: number): number {
  let count = 0;
  for (let rest = value; rest % 2 === 0; rest /= 2) count++;
  return count;
}

/** The largest power of two that is not above `limit`, which is at least 1. */
export function largestPower(limit: number): number {
  let power = 2 ** Math.floor(Math.log2(limit));
  // The logarithm of a number close to a power of two may round up.
  if (power > limit) power /= 2;
  return power;
}

/** The complete subtrees that make up the leaves [from, to), left to right; `from` is aligned. */
export function subtreeIndexes(from: number, to: number): number[] {
  const indexes: number[] = [];
  for (let at = from; at < to; ) {
    const width = largestPower(to - at);
    const level = Math.round(Math.log2(width));
    indexes.push(storedIndex(level, at / width));
    at += width;
  }
  return indexes;
}
