import { recordHash } from './hash.ts';
import type { HashReader } from './proof.ts';
import { splitStoredIndex } from './stored-index.ts';
import { treeOfHashes } from './tree.ts';

/** The stored hashes of a log that is at hand, computed as they are asked for. */
export function storedHashes(records: readonly Uint8Array[]): HashReader {
  return async (indexes) =>
    indexes.map((index) => {
      const { level, position } = splitStoredIndex(index);
      const width = 2 ** level;
      const part = records.slice(position * width, (position + 1) * width);
      return treeOfHashes(part.map((record) => recordHash(record)));
    });
}
