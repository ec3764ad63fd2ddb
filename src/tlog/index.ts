/**
 * Transparency-log primitives, all pure: signed notes and keys (golang.org/x/mod/sumdb/note), tree
 * heads (Go's tree text, C2SP tlog-checkpoint), the hashes, trees and proofs of RFC 6962 section 2.1,
 * tiles, and `c2sp.org/tlog-proof@v1`.
 *
 * Nothing is read before it is verified: `openNote` is the only way to a note's text, and
 * `createTileReader` the only way from tiles to hashes.
 *
 * ```ts
 * const tree = createTree();
 * tree.append(new Uint8Array());
 * tree.root(); // SHA-256(0x00)
 * ```
 *
 * @module
 */

export { TlogError, type TlogErrorCode } from './errors.ts';
export { nodeHash, recordHash } from './hash.ts';
export { type Note, openNote, signNote } from './note.ts';
export {
  checkConsistency,
  checkInclusion,
  type HashReader,
  type Proof,
  proveConsistency,
  proveInclusion,
  treeHash,
} from './proof.ts';
export {
  createSignerKey,
  formatSignerKey,
  parseSignerKey,
  type SignerKey,
  signerKeyOf,
} from './signer-key.ts';
export { storedHashes } from './stored-hashes.ts';
export { splitStoredIndex, storedIndex, subtreeIndexes } from './stored-index.ts';
export { formatTilePath, HASH_SIZE, newTiles, parseTilePath, type Tile, tileOf } from './tile.ts';
export { createTileReader, type TileSource } from './tile-reader.ts';
export { formatTlogProof, parseTlogProof, TLOG_PROOF, type TlogProof } from './tlog-proof.ts';
export { createTree, type TreeBuilder, treeOfHashes } from './tree.ts';
export {
  formatTreeHead,
  GO_ORIGIN,
  openTreeHead,
  parseTreeHead,
  type SignedTreeHead,
  type TreeHead,
} from './tree-head.ts';
export { formatVerifierKey, parseVerifierKey, type VerifierKey } from './verifier-key.ts';
