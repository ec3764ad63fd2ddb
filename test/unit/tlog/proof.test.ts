import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import {
  checkConsistency,
  checkInclusion,
  createTileReader,
  formatTilePath,
  formatTlogProof,
  newTiles,
  parseTilePath,
  parseTlogProof,
  proveConsistency,
  proveInclusion,
  recordHash,
  splitStoredIndex,
  storedIndex,
  treeHash,
} from '#tlog';
import { createTestLog } from '../../support/test-log.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

// The records `r0\n` to `r4\n`: a worked example that was computed by other programs.
const LEAVES = [
  '658ff62084ee3e7c55861d9a9002defe1783d9db14c8e42e5e6fe4ef727a45a4',
  'b43d5f86d9cee40f68a1f7adefd42e649d3491416a9b9bcbd23636e6183bf70c',
  'd4248c2359526288072c8899a4eb6a8951bbcc661eb1165b04d50221bed8f086',
  '0c309c54b063b598d50865ff28f6a35a902f8fc40449e967a8b3e829eb41c861',
  'c4c2ce4424e4ad4f86b5da4c2a8e5e9b8e6ea4f897c5a304606ab540c2d912f9',
] as const;
const N10 = '3e1631feb6c8d4cf341dd8431d232f0b1f6de05faa2f2353ce210ba958784908';
const N11 = '2da6e6766e101000a6d5b167158b59348e95997009e495bc061510d218f41a39';
const N20 = '42051ae236bd5c7b9829b6d588ccd5dd40658be6cfc5769d62420d17f4e743a2';
const ROOT3 = 'cc4a88b011caf37e2f4e9bd233efdfd0e0f014c43d642b0aa10d76d65482b47b';
const ROOT5 = '57887418f99360d8e894c7cb0f0eb2520b6e353b39619254e4d54783e7736276';

function workedLog() {
  const log = createTestLog(0);
  for (let i = 0; i < 5; i++) log.append(encodeUtf8(`r${i}\n`));
  return log;
}

test('roots of the worked example', async () => {
  const { hashes } = workedLog();
  const roots = await Promise.all([1, 2, 3, 4, 5].map((size) => treeHash(size, hashes)));
  expect(roots.map(hex)).toEqual([LEAVES[0], N10, ROOT3, N20, ROOT5]);
  expect(LEAVES.map((_, i) => hex(recordHash(encodeUtf8(`r${i}\n`))))).toEqual(LEAVES);
});

test.each([
  [1, 'G7l9zCFjXUfiZj79/QoXRobZjdcBNS3SzQbotD/T0wU='],
  [2, '/F9riP+FVPdbsvnm85wxsZNtRLaSdu33sSBalVuXYeM='],
  [3, '1Pksj7uJcg6ztVZ3x9fvrd/rENEaGoSguo8aIzN/qpU='],
  [7, 'WmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg='],
  [64, '8mHiNpLZeP2sP9lJ21SVlApDeuZxuabd6aphGNADZS8='],
  [100, 'E/iJFcVg3JEaHaD7IJ2EoglxBR8pTr60KPs/wpOvJ0M='],
  [259, 'XwpEGUe3nlQbZSUPs1iCeihU1OBLB/r/+zK6i/5aEHs='],
])('the root of %i records', async (size, root) => {
  expect(base64(await treeHash(size, createTestLog(size).hashes))).toBe(root);
});

test('the empty tree is the hash of nothing', async () => {
  expect(hex(await treeHash(0, createTestLog(0).hashes))).toMatch(/^e3b0c442.*b855$/);
});

describe('proofs of inclusion', () => {
  test.each([
    [0, [LEAVES[1], N11, LEAVES[4]]],
    [2, [LEAVES[3], N10, LEAVES[4]]],
    [4, [N20]],
  ])('of record %i', async (index, wanted) => {
    const { hashes } = workedLog();
    const proof = await proveInclusion(5, index, hashes);
    expect(proof.map(hex)).toEqual(wanted);
    const tree = { size: 5, root: Buffer.from(ROOT5, 'hex') };
    const leaf = Buffer.from(LEAVES[index]!, 'hex');
    checkInclusion(proof, tree, { index, leaf });
    for (const broken of [proof.slice(1), [...proof, leaf], [...proof.slice(1), leaf]]) {
      expect(() => checkInclusion(broken, tree, { index, leaf })).toThrow(/does not hold/);
    }
    expect(() => checkInclusion(proof, tree, { index: (index + 2) % 5, leaf })).toThrow();
    expect(() => checkInclusion(proof, tree, { index: 5, leaf })).toThrow(/not in a tree/);
    expect(() => checkInclusion(proof, tree, { index: -1, leaf })).toThrow(/not in a tree/);
  });
});

describe('proofs of consistency', () => {
  test.each([
    [1, LEAVES[0], [LEAVES[1], N11, LEAVES[4]]],
    [2, N10, [N11, LEAVES[4]]],
    [3, ROOT3, [LEAVES[2], LEAVES[3], N10, LEAVES[4]]],
    [4, N20, [LEAVES[4]]],
    [5, ROOT5, []],
  ])('over the first %i', async (size, root, wanted) => {
    const proof = await proveConsistency(5, size, workedLog().hashes);
    expect(proof.map(hex)).toEqual(wanted);
    const tree = { size: 5, root: Buffer.from(ROOT5, 'hex') };
    const old = { size, root: Buffer.from(root, 'hex') };
    checkConsistency(proof, tree, old);
    const other = { size, root: Buffer.from(LEAVES[2], 'hex') };
    expect(() => checkConsistency(proof, tree, other)).toThrow(/does not hold/);
    expect(() => checkConsistency([...proof, other.root], tree, old)).toThrow(/does not hold/);
  });

  test('there is none over nothing, or backwards', async () => {
    await expect(proveConsistency(5, 0, workedLog().hashes)).rejects.toThrow(/no start/);
    await expect(proveConsistency(3, 5, workedLog().hashes)).rejects.toThrow(/no start/);
  });
});

test('stored indexes', () => {
  const nodes = [
    [0, 0],
    [0, 1],
    [1, 0],
    [0, 2],
    [0, 3],
    [1, 1],
    [2, 0],
    [0, 4],
    [0, 5],
    [1, 2],
    [0, 6],
    [0, 7],
    [1, 3],
    [2, 1],
    [3, 0],
  ] as const;
  nodes.forEach(([level, position], index) => {
    expect(storedIndex(level, position)).toBe(index);
    expect(splitStoredIndex(index)).toEqual({ level, position });
  });
  for (const leaf of [2 ** 32 - 1, 2 ** 32, 2 ** 40 + 12345, 2 ** 52 - 1]) {
    expect(splitStoredIndex(storedIndex(0, leaf))).toEqual({ level: 0, position: leaf });
  }
});

describe('tile paths', () => {
  test.each([
    ['tile/8/0/000', { height: 8, level: 0, index: 0, width: 256 }],
    ['tile/8/0/x001/000', { height: 8, level: 0, index: 1000, width: 256 }],
    ['tile/8/0/x254/725.p/136', { height: 8, level: 0, index: 254725, width: 136 }],
    ['tile/3/4/x001/x234/067.p/1', { height: 3, level: 4, index: 1234067, width: 1 }],
    ['tile/3/4/x001/x234/067', { height: 3, level: 4, index: 1234067, width: 8 }],
    ['tile/3/5/x123/x456/078.p/2', { height: 3, level: 5, index: 123456078, width: 2 }],
    ['tile/1/data/x003/x057/500', { height: 1, level: -1, index: 3057500, width: 2 }],
  ])('%s', (path, tile) => {
    expect(parseTilePath(path)).toEqual(tile);
    expect(formatTilePath(tile)).toBe(path);
  });

  test.each([
    'tile/3/5/123/456/078',
    'tile/3/-1/123/456/078',
    'tile/3/-1/000',
    'tile/3/0/000.p/0',
    'tile/3/0/000.p/8',
    'tile/3/0/00',
    'tile/3/0/x000/001',
    'tile/0/0/000',
    'tile/31/0/000',
    'tile/8/0/000/',
    'tile/8/0/000.p/',
    'tile/08/0/000',
    `tile/8/0/${'x999/'.repeat(9)}999`,
    '',
  ])('%s is refused', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test.each([
    [10, 1, 1, 0],
    [10, 100, 101, 1],
    [10, 1023, 1025, 3],
    [10, 1030, 10000, 10],
    [10, 49516517, 49516586, 3],
  ])('height %i from %i to %i: %i new tiles', (height, before, after, count) => {
    expect(newTiles(height, before, after).length).toBe(count);
  });
});

// CVE-2026-56865: several subtrees share a tile, and a reader that counts subtrees leaves tiles unchecked.
describe('a forged tile is refused', () => {
  const tree = {
    size: 7,
    root: Buffer.from('5a61fc2b54f9cfa71774f2432143dd40c6cb2b11947faf65a7d3da5cb65199c8', 'hex'),
  };
  const honest: Record<string, string> = {
    'tile/2/1/000.p/1': '4f631084a157c54f54fcfb23ff5eb8650c4ba160c295bb13a9832b109d52677e',
    'tile/2/0/001.p/3':
      '83115f8947955fafdc2a27e7f4c0854bbd8da27bb1b3e3405db571c9af8dbe1a95adf15b7ef5db67386a8bafbefee4d145662afa450740e1868553e8348ed3a0fb7f869ce8b7b51fdf719fc8c21a4736c98cc160a825606a81f78a7f4d2261d9',
    'tile/2/0/000':
      '1bb97dcc21635d47e2663efdfd0a174686d98dd701352dd2cd06e8b43fd3d305cb5a3ce862c3e321f3f7df6d2690549e936a8e377135aae9f3d69f691f547d5bab37ba34d1dfe29015de717a6d5764a8fb029c3a7a0f5b64b93b54351885bf7c58bd1496e1684aac9201c2e687ee7ae4f51c96a8b0d81ef3583628b93d3cd345',
  };
  const evil = 'ad1c08f4bd723ba985adc12639bef4a7e12c1f705305914dd1feaada857d2bf3';
  const tiles = (files: Record<string, string>) => {
    const [read, kept] = [[] as string[], [] as string[]];
    const reader = createTileReader(tree, {
      height: 2,
      read: async (wanted) =>
        wanted.map((tile) => {
          const path = formatTilePath(tile);
          read.push(path);
          return Buffer.from(files[path] ?? '', 'hex');
        }),
      keep: async (proven) => void kept.push(...proven.map(formatTilePath)),
    });
    return { reader, read, kept };
  };

  test('the honest tiles are read, in order, and kept', async () => {
    const { reader, read, kept } = tiles(honest);
    const [hash] = await reader([0]);
    expect(hex(hash!)).toBe(honest['tile/2/0/000']?.slice(0, 64));
    expect(read).toEqual(Object.keys(honest));
    expect(kept).toEqual(read);
  });

  test.each(Object.keys(honest))('%s', async (path) => {
    const forged = { ...honest, [path]: evil + honest[path]?.slice(64) };
    const { reader, kept } = tiles(forged);
    await expect(reader([0])).rejects.toThrow(
      expect.objectContaining({ code: 'INCONSISTENT_TILE' }),
    );
    expect(kept).toEqual([]);
  });

  test.each(Object.keys(honest))('%s, too long or too short', async (path) => {
    for (const body of [honest[path] + evil, honest[path]!.slice(64), `${honest[path]}00`]) {
      const { reader } = tiles({ ...honest, [path]: body });
      await expect(reader([0])).rejects.toThrow(expect.objectContaining({ code: 'TILE_LENGTH' }));
    }
  });

  test('an index past the end is refused before anything is read', async () => {
    const { reader, read } = tiles(honest);
    await expect(reader([storedIndex(0, 7)])).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_IN_TREE' }),
    );
    expect(read).toEqual([]);
  });
});

describe('saved proofs', () => {
  const proof = {
    index: 2,
    hashes: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)],
    extra: encodeUtf8('record\n'),
    checkpoint: encodeUtf8('head\n'),
  };
  const text = (value: string) => encodeUtf8(value);
  const lines = Buffer.from(formatTlogProof(proof)).toString().split('\n');

  test('come back as they were', () => {
    expect(lines.slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra cmVjb3JkCg==', 'index 2']);
    const parsed = parseTlogProof(formatTlogProof(proof));
    expect(Buffer.from(formatTlogProof(parsed))).toEqual(Buffer.from(formatTlogProof(proof)));
    const bare = { ...proof, extra: undefined, hashes: [] };
    expect(parseTlogProof(formatTlogProof(bare))).toMatchObject({ index: 2, extra: undefined });
  });

  test.each([
    ['another first line', [0, 'c2sp.org/tlog-proof@v2'], /line 1 /],
    ['junk in extra', [1, 'extra !'], /line 2 /],
    ['a loose extra', [1, 'extra cmVjb3JkCh=='], /line 2 /],
    ['a loose index', [2, 'index 02'], /line 3 /],
    ['no index', [2, 'indices 2'], /line 3 /],
    ['a short hash', [3, 'AAAA'], /line 4 /],
    ['no blank line', [5, 'x'], /line 6 /],
  ] as const)('%s is refused, with its line', (_, [at, line], message) => {
    const changed = lines.map((old, i) => (i === at ? line : old));
    expect(() => parseTlogProof(text(changed.join('\n')))).toThrow(message);
  });

  test('a proof has at most 63 hashes', () => {
    const hashes = Array.from({ length: 64 }, () => new Uint8Array(32));
    expect(() => parseTlogProof(formatTlogProof({ ...proof, hashes }))).toThrow(/line 67 /);
  });
});
