import {
  createTileReader,
  formatTilePath,
  HASH_SIZE,
  type HashReader,
  type Tile,
  type TileSource,
  TlogError,
  type TreeHead,
} from '#tlog';
import { SumdbError } from './errors.ts';
import type { LogCache, LogReader } from './log-reader.ts';

/** The height of the tiles that Go's checksum databases serve. */
export const TILE_HEIGHT = 8;

const FULL = 2 ** TILE_HEIGHT;
// 8 MiB of tiles: enough for a thousand lookups in a row, and bounded for any number.
const MOST_TILES = 1024;

/** The first hashes of the full tile, where it has its exact length; Go would take a longer one. */
function cut(tile: Tile, full: Uint8Array): Uint8Array | undefined {
  return full.length === FULL * HASH_SIZE ? full.subarray(0, tile.width * HASH_SIZE) : undefined;
}

/** The answer to a request, or why there is none. */
async function attempt(reader: LogReader, tile: Tile): Promise<Uint8Array | SumdbError> {
  const path = formatTilePath(tile);
  try {
    const bytes = await reader.read(path, tile.width * HASH_SIZE);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (error instanceof SumdbError) return error;
    throw error;
  }
  return new SumdbError('UNREACHABLE', `Cannot read ${path} from ${reader.place}: it is not there`);
}

/** A log may drop a partial tile once the full one exists: then it is cut out of that. */
async function fetchTile(reader: LogReader, tile: Tile): Promise<Uint8Array> {
  const exact = await attempt(reader, tile);
  if (!(exact instanceof SumdbError)) return exact;
  // Who is silent once is not asked for the same in another form.
  if (tile.width === FULL || exact.code === 'SILENT') throw exact;
  const wider = { ...tile, width: FULL };
  const full = await attempt(reader, wider);
  // As for Go, the first failure is the one that is told, unless the full tile itself is wrong.
  if (full instanceof SumdbError) throw full.code === 'TOO_LONG' ? full : exact;
  const found = cut(tile, full);
  if (found !== undefined) return found;
  throw new TlogError(
    'TILE_LENGTH',
    `${formatTilePath(wider)} has ${full.length} bytes, not ${FULL * HASH_SIZE}`,
  );
}

/**
 * Hashes of a log's trees through its tiles: from memory, from the cache, from the reader. Only proven
 * tiles are kept; where the cache has gone bad, the reader is asked instead.
 */
export function createTiles(
  reader: LogReader,
  cache: LogCache | undefined,
): (tree: TreeHead) => HashReader {
  const proven = new Map<string, Uint8Array>();

  async function readCached(tile: Tile, path: string): Promise<Uint8Array | undefined> {
    if (cache === undefined) return undefined;
    const length = tile.width * HASH_SIZE;
    const exact = await cache.read(path, FULL * HASH_SIZE);
    if (exact?.length === length) return exact;
    if (tile.width === FULL) return undefined;
    const full = await cache.read(formatTilePath({ ...tile, width: FULL }), FULL * HASH_SIZE);
    return full && cut(tile, full);
  }

  /** Adds what was taken out of the cache to `cached`. */
  async function readKept(tile: Tile, cached: Set<string>): Promise<Uint8Array> {
    const path = formatTilePath(tile);
    const known = proven.get(path);
    if (known !== undefined) return known;
    const kept = await readCached(tile, path);
    if (kept === undefined) return fetchTile(reader, tile);
    cached.add(path);
    return kept;
  }

  async function keep(path: string, content: Uint8Array, isCached: boolean): Promise<void> {
    if (proven.has(path)) return;
    if (proven.size >= MOST_TILES) proven.delete(proven.keys().next().value ?? '');
    proven.set(path, content);
    if (!isCached) await cache?.write(path, content);
  }

  function sourceOf(
    cached: ReadonlySet<string>,
    read: (tile: Tile) => Promise<Uint8Array>,
  ): TileSource {
    return {
      height: TILE_HEIGHT,
      read: (tiles) => Promise.all(tiles.map(read)),
      async keep(tiles, bytes) {
        for (const [i, tile] of tiles.entries()) {
          const path = formatTilePath(tile);
          const content = bytes[i];
          if (content !== undefined) await keep(path, content, cached.has(path));
        }
      },
    };
  }

  return (tree) => async (indexes) => {
    const cached = new Set<string>();
    try {
      const kept = sourceOf(cached, (tile) => readKept(tile, cached));
      return await createTileReader(tree, kept)(indexes);
    } catch (error) {
      if (!(error instanceof TlogError) || cached.size === 0) throw error;
      const fresh = sourceOf(new Set(), (tile) => fetchTile(reader, tile));
      return await createTileReader(tree, fresh)(indexes);
    }
  };
}
