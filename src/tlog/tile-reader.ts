import { equalBytes } from '#base';
import { TlogError } from './errors.ts';
import { fold, type HashReader } from './proof.ts';
import { storedIndex, subtreeIndexes } from './stored-index.ts';
import { foldTile, formatTilePath, HASH_SIZE, parentTile, type Tile, tileOf } from './tile.ts';
import type { TreeHead } from './tree-head.ts';

/** Where tiles come from. What it gives is not trusted. */
export interface TileSource {
  readonly height: number;
  readonly read: (tiles: readonly Tile[]) => Promise<readonly Uint8Array[]>;
  /** Is told of tiles that the tree has proven: only these may be kept. */
  readonly keep: (tiles: readonly Tile[], bytes: readonly Uint8Array[]) => Promise<void>;
}

interface Plan {
  /** Parents before children. */
  readonly tiles: readonly Tile[];
  /** How many of the first tiles the root is computed from. */
  readonly rooted: number;
  readonly places: ReadonlyMap<string, number>;
}

function requireTile(tile: Tile | undefined): Tile {
  if (tile === undefined) throw new Error('a tile of the tree has no place in it');
  return tile;
}

/** The tiles to fetch: those of the root, then those of the indexes with every parent between. */
function plan(height: number, size: number, indexes: readonly number[]): Plan {
  const tiles: Tile[] = [];
  const places = new Map<string, number>();
  const add = (tile: Tile) => {
    const path = formatTilePath(tile);
    if (places.has(path)) return;
    places.set(path, tiles.length);
    tiles.push(tile);
  };
  for (const index of subtreeIndexes(0, size)) {
    add(requireTile(parentTile(tileOf(height, index).tile, 0, size)));
  }
  // Subtrees share tiles: counting subtrees here, not tiles, leaves some unchecked (CVE-2026-56865).
  const rooted = tiles.length;
  const end = storedIndex(0, size);
  for (const index of indexes) {
    if (index < 0 || index >= end)
      throw new TlogError('NOT_IN_TREE', `Index ${index} is not in a tree of ${size} records`);
    const missing: Tile[] = [];
    for (let up = 0; ; up++) {
      const tile = requireTile(parentTile(tileOf(height, index).tile, up, size));
      if (places.has(formatTilePath(tile))) break;
      missing.push(tile);
    }
    for (const tile of missing.reverse()) add(tile);
  }
  return { tiles, rooted, places };
}

/** Reads stored hashes through tiles, each checked against the tree before any of them is used. */
export function createTileReader(tree: TreeHead, source: TileSource): HashReader {
  const { height } = source;
  const full = 2 ** height;

  function check({ tiles, rooted, places }: Plan, bytes: readonly Uint8Array[]): void {
    const bytesAt = (i: number | undefined) => bytes[i ?? -1] ?? new Uint8Array(0);
    tiles.forEach((tile, i) => {
      const length = bytesAt(i).length;
      if (length === tile.width * HASH_SIZE) return;
      throw new TlogError(
        'TILE_LENGTH',
        `${formatTilePath(tile)} has ${length} bytes, not ${tile.width * HASH_SIZE}`,
      );
    });
    const hashes = subtreeIndexes(0, tree.size).map((index) => {
      const { tile, from, to } = tileOf(height, index);
      const place = places.get(formatTilePath(requireTile(parentTile(tile, 0, tree.size))));
      return foldTile(bytesAt(place), from, to);
    });
    if (!equalBytes(fold(hashes), tree.root)) {
      const names = tiles.slice(0, rooted).map(formatTilePath);
      throw new TlogError(
        'INCONSISTENT_TILE',
        `The tiles do not lead to the signed root: one of ${names.join(', ')} is wrong`,
      );
    }
    for (let i = rooted; i < tiles.length; i++) {
      const tile = requireTile(tiles[i]);
      const parent = requireTile(parentTile(tile, 1, tree.size));
      const inParent = tile.index % full;
      const wanted = foldTile(bytesAt(places.get(formatTilePath(parent))), inParent, inParent + 1);
      if (tile.width === full && equalBytes(foldTile(bytesAt(i), 0, full), wanted)) continue;
      throw new TlogError(
        'INCONSISTENT_TILE',
        `${formatTilePath(tile)} is not the tile that ${formatTilePath(parent)} names`,
      );
    }
  }

  return async (indexes) => {
    if (tree.size === 0 && indexes.length === 0) return [];
    const wanted = plan(height, tree.size, indexes);
    const bytes = await source.read(wanted.tiles);
    check(wanted, bytes);
    await source.keep(wanted.tiles, bytes);
    return indexes.map((index) => {
      const { tile, from, to } = tileOf(height, index);
      const place = formatTilePath(requireTile(parentTile(tile, 0, tree.size)));
      return foldTile(bytes[wanted.places.get(place) ?? -1] ?? new Uint8Array(0), from, to).slice();
    });
  };
}
