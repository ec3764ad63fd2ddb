import { concatBytes, sha256 } from '#base';

const HASH_SIZE = 32;
const LEAF = Uint8Array.of(0);
// Written anew for each node, and read before the next: a hash is made without a pause.
const node = Uint8Array.of(1, ...new Uint8Array(2 * HASH_SIZE));

/** The hash of a leaf (RFC 6962 section 2.1): SHA-256(0x00 || record). */
export function recordHash(record: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF, record));
}

/** The hash of an inner node (RFC 6962 section 2.1): SHA-256(0x01 || left || right), 32 bytes each. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_SIZE || right.length !== HASH_SIZE)
    return sha256(concatBytes(node.subarray(0, 1), left, right));
  node.set(left, 1);
  node.set(right, 1 + HASH_SIZE);
  return sha256(node);
}
