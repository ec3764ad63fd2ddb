/**
 * Transparency-log primitives, all pure: the hashes and the tree of RFC 6962 section 2.1.
 *
 * ```ts
 * const tree = createTree();
 * tree.append(new Uint8Array());
 * tree.root(); // SHA-256(0x00)
 * ```
 *
 * @module
 */

export { nodeHash, recordHash } from './hash.ts';
export { createTree, type TreeBuilder } from './tree.ts';
