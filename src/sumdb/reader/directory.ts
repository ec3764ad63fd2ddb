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

// Failures become evidence, which names no path of the host.
const PLACE = 'the saved copy';

interface Log {
  readonly disk: Disk;
  readonly root: string;
}

/** What an access gives; undefined where there is nothing. */
function attempt<Result>(path: string, access: () => Result): Result | undefined {
  try {
    return access();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === 'NOT_FOUND' || error.code === 'NOT_A_FILE') return undefined;
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2);
    const code = error.code === 'TOO_LARGE' ? 'TOO_LONG' : 'UNREACHABLE';
    throw new SumdbError(code, `Cannot read ${path} of ${PLACE}: ${reason}`, { cause: error });
  }
}

/** As for the go command, an empty file is none. */
function readFile({ disk, root }: Log, path: string, limit: number): Uint8Array | undefined {
  const bytes = attempt(path, () => disk.read(`${root}/${path}`, limit));
  return bytes?.length === 0 && path !== 'supported' ? undefined : bytes;
}

/** The first hashes of a wider part of the same tile: what a client saved when the tree was larger. */
function readWider(log: Log, path: string): Uint8Array | undefined {
  const tile = parseTilePath(path);
  if (tile === undefined || tile.width === WIDEST) return undefined;
  const { disk, root } = log;
  // The parts of a tile stand in one folder beside the full one.
  const part = `${formatTilePath({ ...tile, width: WIDEST })}.p`;
  const widths = (attempt(part, () => disk.list(`${root}/${part}`)) ?? [])
    .map(({ name }) => (/^[1-9][0-9]{0,2}$/.test(name) ? Number(name) : 0))
    .filter((width) => width > tile.width)
    .sort((a, b) => a - b);
  for (const width of widths) {
    const wider = formatTilePath({ ...tile, width });
    const bytes = readFile(log, wider, WIDEST * HASH_SIZE);
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
    place: PLACE,
    async read(path, limit) {
      return readFile({ disk, root }, path, limit) ?? readWider({ disk, root }, path);
    },
  };
}
