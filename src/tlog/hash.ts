import { concatBytes, sha256 } from '#base';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf (RFC 6962 section 2.1): SHA-256(0x00 || record). */
export function recordHash(record: Uint8Array): Uint8Array {
  return sha256(LEAF, record);
}

/** The hash of an inner node (RFC 6962 section 2.1): SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}
