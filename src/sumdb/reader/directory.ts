import { type Disk, HostError } from '#base';
import { formatTilePath, HASH_SIZE, parseTilePath } from '#tlog';
import { SumdbError } from '../errors.ts';
import type { LogReader } from '../log-reader.ts';

const WIDEST = 2 ** 8;

/** The folder of the log: given itself, or a module cache or proxy tree that holds it. */
function findLog(disk: Disk, directory: string, name: string): string {
  const root = directory.replace(/(?<=.)\/+$/, '');
  const candidates = ['', `/${name}`, `/sumdb/${name}`, `/cache/download/sumdb/${name}`].map(
    (below) => root + below,
  );
  const found = candidates.find((path) =>
    ['lookup', 'tile'].some((part) => disk.kindOf(`${path}/${part}`) === 'directory'),
  );
  if (found !== undefined) return found;
  throw new SumdbError(
    'NO_LOG',
    `Cannot find the checksum database ${name} in ${directory}: it has no folder lookup or tile`,
  );
}

function readFile(disk: Disk, path: string, limit: number): Uint8Array | undefined {
  try {
    return disk.read(path, limit);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === 'NOT_FOUND' || error.code === 'NOT_A_FILE') return undefined;
    const code = error.code === 'TOO_LARGE' ? 'TOO_LONG' : 'UNREACHABLE';
    throw new SumdbError(code, error.message, { cause: error });
  }
}

/** The first hashes of a wider part of the same tile: what a client saved when the tree was larger. */
function readWider(disk: Disk, root: string, path: string): Uint8Array | undefined {
  const tile = parseTilePath(path);
  if (tile === undefined || tile.width === WIDEST) return undefined;
  const folder = `${root}/${path.slice(0, path.lastIndexOf('/'))}`;
  if (disk.kindOf(folder) !== 'directory') return undefined;
  const widths = disk
    .list(folder)
    .map(({ name }) => (/^[1-9][0-9]{0,2}$/.test(name) ? Number(name) : 0))
    .filter((width) => width > tile.width)
    .sort((a, b) => a - b);
  for (const width of widths) {
    const wider = formatTilePath({ ...tile, width });
    const bytes = readFile(disk, `${root}/${wider}`, WIDEST * HASH_SIZE);
    if (bytes?.length === width * HASH_SIZE) return bytes.subarray(0, tile.width * HASH_SIZE);
  }
  return undefined;
}

/**
 * A log saved in the layout of its protocol: `lookup/`, `tile/`, `latest`; also a Go module cache.
 *
 * @throws SumdbError `NO_LOG` where there is none.
 */
export function createDirectoryReader(
  disk: Disk,
  directory: string,
  name: string,
): LogReader & { readonly root: string } {
  const root = findLog(disk, directory, name);
  return {
    root,
    source: 'directory',
    place: directory,
    async read(path, limit) {
      return readFile(disk, `${root}/${path}`, limit) ?? readWider(disk, root, path);
    },
  };
}
