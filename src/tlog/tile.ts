import { parseDecimal } from '#base';
import { nodeHash } from './hash.ts';
import { splitStoredIndex } from './stored-index.ts';

/** `width` hashes of one level of a tree, side by side (golang.org/x/mod/sumdb/tlog). */
export interface Tile {
  /** Levels that a tile spans: a full one holds 2^height hashes. */
  readonly height: number;
  /** In units of `height`; -1 for the records themselves. */
  readonly level: number;
  /** Counted from 0 in units of 2^height hashes. */
  readonly index: number;
  /** 1 to 2^height. */
  readonly width: number;
}

/** The length of a hash. */
export const HASH_SIZE = 32;

const THOUSAND = 1000;
const HIGHEST = 30;

/** The tile's path below the log's address: `tile/8/0/x001/234.p/56`. */
export function formatTilePath({ height, level, index, width }: Tile): string {
  let path = String(index % THOUSAND).padStart(3, '0');
  for (let rest = Math.floor(index / THOUSAND); rest > 0; rest = Math.floor(rest / THOUSAND)) {
    path = `x${String(rest % THOUSAND).padStart(3, '0')}/${path}`;
  }
  const partial = width === 2 ** height ? '' : `.p/${width}`;
  return `tile/${height}/${level < 0 ? 'data' : level}/${path}${partial}`;
}

/** Parses a tile's path; undefined for anything but its one canonical form. */
export function parseTilePath(path: string): Tile | undefined {
  const match = /^tile\/([^/]+)\/([^/]+)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([^/]+))?$/.exec(path);
  if (match === null) return undefined;
  const [, h = '', l = '', digits = '', w] = match;
  const height = parseDecimal(h);
  const level = l === 'data' ? -1 : parseDecimal(l);
  if (height === undefined || level === undefined || height < 1 || height > HIGHEST)
    return undefined;
  const full = 2 ** height;
  const width = w === undefined ? full : parseDecimal(w);
  if (width === undefined || width < 1 || (w !== undefined && width >= full)) return undefined;
  const index = Number(digits.replace(/[x/]/g, ''));
  const tile = { height, level, index, width };
  return Number.isSafeInteger(index) && formatTilePath(tile) === path ? tile : undefined;
}

/** The tile, as narrow as it can be, that holds a stored index, and the leaves of it below that node. */
export interface TilePlace {
  readonly tile: Tile;
  readonly from: number;
  readonly to: number;
}

/** Where a stored index is found. */
export function tileOf(height: number, stored: number): TilePlace {
  const { level: nodeLevel, position } = splitStoredIndex(stored);
  const level = Math.floor(nodeLevel / height);
  const span = 2 ** (nodeLevel - level * height);
  const index = Math.floor((position * span) / 2 ** height);
  const inside = position - Math.floor((index * 2 ** height) / span);
  const to = (inside + 1) * span;
  return { tile: { height, level, index, width: to }, from: inside * span, to };
}

/**
 * The tile `up` levels above in a tree of `size` records, as wide as that tree has it; undefined where
 * there is none. With `up` 0 it is the tile itself, widened.
 */
export function parentTile(tile: Tile, up: number, size: number): Tile | undefined {
  const full = 2 ** tile.height;
  const level = tile.level + up;
  const index = Math.floor(tile.index / full ** up);
  const there = Math.floor(size / 2 ** (level * tile.height)) - index * full;
  if (there <= 0) return undefined;
  return { height: tile.height, level, index, width: Math.min(full, there) };
}

/** The root over the hashes [from, to) of a tile's bytes: a whole power of two. */
export function foldTile(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to - from === 1) return bytes.subarray(from * HASH_SIZE, to * HASH_SIZE);
  const middle = from + (to - from) / 2;
  return nodeHash(foldTile(bytes, from, middle), foldTile(bytes, middle, to));
}

/** The tiles that a log has to write when it grows. */
export function newTiles(height: number, oldSize: number, newSize: number): Tile[] {
  const tiles: Tile[] = [];
  const full = 2 ** height;
  for (let level = 0; Math.floor(newSize / full ** level) > 0; level++) {
    const before = Math.floor(oldSize / full ** level);
    const after = Math.floor(newSize / full ** level);
    if (before === after) continue;
    for (let index = Math.floor(before / full); index < Math.floor(after / full); index++) {
      tiles.push({ height, level, index, width: full });
    }
    const width = after % full;
    if (width > 0) tiles.push({ height, level, index: Math.floor(after / full), width });
  }
  return tiles;
}
