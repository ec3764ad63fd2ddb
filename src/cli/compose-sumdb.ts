import { type Disk, encodeBase64, withoutCredentials } from '#base';
import type { SumdbPorts } from '#case';
import { createNetwork } from '#host';
import { filePathFault } from '#module';
import {
  createDirectoryReader,
  createNetworkReader,
  createStoredCache,
  createStoredLatest,
  createSumdbClient,
  GO_SUMDB_KEY,
  type LogReader,
  type SumdbClient,
} from '#sumdb';
import { parseTlogProof, parseVerifierKey, type VerifierKey } from '#tlog';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

const LARGEST_PROOF = 1024 * 1024;

/** The kinds of place that a checksum database can be asked at. */
export type SumdbPlace =
  | { readonly kind: 'network'; readonly url: string }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'proof'; readonly path: string };

/**
 * The key of the database: of sum.golang.org where none is given.
 *
 * @throws TlogError for one that is malformed; CliError `INPUT` for a name that is no host and path.
 */
export function composeSumdbKey(text: string | undefined): VerifierKey {
  const key = parseVerifierKey(text ?? GO_SUMDB_KEY);
  // The name becomes part of paths and addresses.
  if (filePathFault(key.name) !== undefined || !/^[\x21-\x7e]+$/.test(key.name)) {
    throw new CliError(
      'INPUT',
      `Cannot use the verifier key of ${JSON.stringify(key.name)}: the name of a checksum database is a host, or a host and a path`,
    );
  }
  return key;
}

/**
 * What stands behind `--sumdb WHERE`.
 *
 * @throws CliError `INPUT` for what is no address, folder or proof.
 */
export function findSumdb(disk: Disk, where: string): SumdbPlace {
  if (/^https?:\/\//i.test(where)) {
    const shown = withoutCredentials(where);
    // A third slash, and a URL takes what follows for user and host, where a reader sees a path.
    if (!URL.canParse(where) || /^https?:\/\/[/\\]/i.test(where))
      throw new CliError('INPUT', `Cannot ask ${shown}: it is no valid address`);
    if (/[?#]/.test(where))
      throw new CliError('INPUT', `Cannot ask ${shown}: the address of a database has no ? or #`);
    return { kind: 'network', url: where };
  }
  const path = /^file:\/\//i.test(where) ? pathOf(where) : where;
  const kind = disk.kindOf(path);
  if (kind === 'directory') return { kind: 'directory', path };
  if (kind === 'file') return { kind: 'proof', path };
  throw new CliError(
    'INPUT',
    `Cannot find the checksum database ${where}: give an https address, the folder of a saved one, or a .tlog-proof`,
  );
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch (error) {
    throw new CliError('INPUT', `Cannot open ${url}: it is no valid address`, { cause: error });
  }
}

function rootOf({ env, homeDirectory }: Console, variable: string, fallback: string): string {
  const value = env[variable];
  return `${value?.startsWith('/') ? value : `${homeDirectory}/${fallback}`}/glovebox/sumdb`;
}

/** GONOSUMDB, or else GOPRIVATE; set to nothing counts as not set, as for the go command. */
function patternsNotAsked({ env }: Console): string {
  return env['GONOSUMDB'] || env['GOPRIVATE'] || '';
}

/** A client of a server, with what stays between runs, and the reader that it asks with. */
export function composeNetworkClient(
  disk: Disk,
  console: Console,
  { key, url }: { readonly key: VerifierKey; readonly url: string },
): { readonly client: SumdbClient; readonly reader: LogReader } {
  const reader = createNetworkReader(createNetwork(), url, { name: key.name });
  const skipped = patternsNotAsked(console);
  const client = createSumdbClient({
    key,
    reader,
    skipped,
    ...composeSumdbStore(disk, console, key),
  });
  return { client, reader };
}

/** What stays between runs for a key: two databases of one name have nothing in common. */
function composeSumdbStore(disk: Disk, console: Console, key: VerifierKey) {
  const name = key.text.slice(0, key.text.indexOf('+', key.name.length + 1));
  const state = rootOf(console, 'XDG_STATE_HOME', '.local/state');
  const cache = rootOf(console, 'XDG_CACHE_HOME', '.cache');
  return {
    latest: createStoredLatest(disk, `${state}/${name}/latest`),
    cache: createStoredCache(disk, `${cache}/${name}`),
  };
}

/**
 * What the jailed side may ask for `--sumdb`; nothing where nobody was named.
 *
 * @throws CliError, TlogError, SumdbError for a key, a place or a proof that is none.
 */
export function composeSumdb(
  disk: Disk,
  console: Console,
  { sumdb, sumdbKey }: { readonly sumdb?: string; readonly sumdbKey?: string },
): SumdbPorts {
  if (sumdb === undefined) {
    if (sumdbKey === undefined) return { setup: { kind: 'none' } };
    throw new CliError(
      'USAGE',
      'Cannot use --sumdb-key alone: say with --sumdb where the checksum database is',
    );
  }
  const key = composeSumdbKey(sumdbKey);
  const place = findSumdb(disk, sumdb);
  if (place.kind === 'proof') {
    const bytes = disk.read(place.path, LARGEST_PROOF);
    parseTlogProof(bytes);
    return { setup: { kind: 'proof', key: key.text, proof: encodeBase64(bytes) } };
  }
  const log =
    place.kind === 'directory'
      ? createDirectoryReader(disk, place.path, key.name)
      : createNetworkReader(createNetwork(), place.url, { name: key.name });
  const skipped = place.kind === 'directory' ? '' : patternsNotAsked(console);
  const setup = {
    kind: 'log',
    key: key.text,
    source: log.source,
    place: log.place,
    skipped,
  } as const;
  if (place.kind === 'directory') return { setup, log };
  return { setup, log, ...composeSumdbStore(disk, console, key) };
}
