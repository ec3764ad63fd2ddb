import { encodeUtf8 } from '#base';
import { type HashReader, nodeHash, recordHash, storedIndex, type Tile } from '#tlog';

/** A log held whole: every stored hash, and any tile of it. */
export interface TestLog {
  readonly hashes: HashReader;
  readonly tile: (tile: Tile) => Uint8Array;
  readonly append: (record: Uint8Array) => void;
  readonly size: () => number;
}

/** A log of the records `leaf 0`, `leaf 1`, … (the data of golang.org/x/mod's own tests). */
export function createTestLog(records: number): TestLog {
  const levels: Uint8Array[][] = [[]];
  const hashAt = (level: number, position: number) => {
    const hash = levels[level]?.[position];
    if (hash === undefined) throw new Error(`no hash ${level},${position}`);
    return hash;
  };
  const byIndex = new Map<number, Uint8Array>();

  function append(record: Uint8Array): void {
    let hash = recordHash(record);
    for (let level = 0; ; level++) {
      const row = levels[level] ?? [];
      levels[level] = row;
      row.push(hash);
      const position = row.length - 1;
      byIndex.set(storedIndex(level, position), hash);
      if (position % 2 === 0) return;
      hash = nodeHash(hashAt(level, position - 1), hash);
    }
  }

  for (let i = 0; i < records; i++) append(encodeUtf8(`leaf ${i}`));
  return {
    append,
    size: () => levels[0]?.length ?? 0,
    hashes: async (indexes) =>
      indexes.map((index) => {
        const hash = byIndex.get(index);
        if (hash === undefined) throw new Error(`no hash of index ${index}`);
        return hash;
      }),
    tile: ({ height, level, index, width }) =>
      Buffer.concat(
        Array.from({ length: width }, (_, i) => hashAt(level * height, index * 2 ** height + i)),
      ),
  };
}
