import { equalBytes } from '#base';
import { escapeModulePath, escapeVersion, type ModuleVersion, matchesPrefixPattern } from '#module';
import {
  type Proof,
  proveInclusion,
  recordHash,
  type SignedTreeHead,
  storedIndex,
  TlogError,
  type TreeHead,
  type VerifierKey,
} from '#tlog';
import { ForkError, SumdbError } from './errors.ts';
import { createHeads } from './heads.ts';
import type { LatestTree, LogCache, LogReader } from './log-reader.ts';
import { hasLine, parseLookup } from './record.ts';
import { createTiles } from './tiles.ts';

/** The most bytes that a lookup or a head may have. */
export const LONGEST_LOOKUP = 1024 * 1024;

/** A record of the log, proven to be in the tree of `head`. */
export interface ProvenRecord {
  readonly id: number;
  /** The go.sum lines of one module version. */
  readonly text: Uint8Array;
  readonly head: SignedTreeHead;
}

/** A client of one checksum database: the algorithm of golang.org/x/mod/sumdb.Client. */
export interface SumdbClient {
  readonly key: VerifierKey;
  readonly source: LogReader['source'];
  /** Undefined where the database says that it has no record. */
  readonly lookup: (subject: ModuleVersion) => Promise<ProvenRecord | undefined>;
  /** The newest head, as far as it was told. */
  readonly head: () => Promise<SignedTreeHead | undefined>;
  /** Takes a signed head into account, as the one behind a lookup is. */
  readonly merge: (note: Uint8Array) => Promise<SignedTreeHead>;
  /** The proof that a record is in the tree of `head`. */
  readonly prove: (head: TreeHead, id: number) => Promise<Proof>;
}

/** What a client works with. */
export interface SumdbClientOptions {
  readonly key: VerifierKey;
  readonly reader: LogReader;
  readonly latest: LatestTree;
  readonly cache: LogCache | undefined;
  /** GONOSUMDB: patterns of modules whose names are not to be told to the log. */
  readonly skipped?: string;
}

/**
 * The path of a lookup below the log's address.
 *
 * @throws SumdbError `SUBJECT` for what cannot be escaped.
 */
export function lookupPath({ path, version }: ModuleVersion): string {
  const escapedPath = escapeModulePath(path);
  const escapedVersion = escapeVersion(version);
  if (escapedPath === undefined || escapedVersion === undefined) {
    throw new SumdbError('SUBJECT', `Cannot look up ${path}@${version}: it is no module version`);
  }
  return `lookup/${escapedPath}@${escapedVersion}`;
}

/** Opens a client; nothing is read before the first question. */
export function createSumdbClient({
  key,
  reader,
  latest,
  cache,
  skipped = '',
}: SumdbClientOptions): SumdbClient {
  const readerOf = createTiles(reader, cache);
  const heads = createHeads(key, latest, readerOf);

  async function authenticate(body: Uint8Array): Promise<ProvenRecord> {
    const { id, text, note } = parseLookup(body);
    if (note.length === 0) {
      throw new SumdbError(
        'NO_HEAD',
        `Cannot use the lookup: no signed tree head follows record ${id}`,
      );
    }
    const head = await heads.merge(note);
    if (id >= head.size) {
      throw new SumdbError(
        'UNPROVEN',
        `Cannot validate record ${id} in a tree of ${head.size} records`,
      );
    }
    const [hash] = await readerOf(head)([storedIndex(0, id)]);
    if (hash === undefined || !equalBytes(hash, recordHash(text))) {
      throw new SumdbError(
        'UNPROVEN',
        `Cannot authenticate record ${id}: the log has another one at that place`,
      );
    }
    return { id, text, head };
  }

  /** What is kept goes through the same checks as what is fetched; where it fails them, it is fetched. */
  async function readKept(path: string, subject: ModuleVersion): Promise<ProvenRecord | undefined> {
    const body = await cache?.read(path, LONGEST_LOOKUP);
    if (body === undefined || body.length === 0) return undefined;
    try {
      const record = await authenticate(body);
      return hasLine(record.text, subject) ? record : undefined;
    } catch (error) {
      const isSpoiled = error instanceof TlogError || error instanceof SumdbError;
      if (!isSpoiled || error instanceof ForkError) throw error;
      return undefined;
    }
  }

  return {
    key,
    source: reader.source,
    merge: heads.merge,
    head: heads.newest,
    prove: (head, id) => proveInclusion(head.size, id, readerOf(head)),
    async lookup(subject) {
      const path = lookupPath(subject);
      if (matchesPrefixPattern(skipped, subject.path))
        throw new SumdbError(
          'SKIPPED',
          'skipped (listed in GONOSUMDB or GOPRIVATE): its name was told to nobody',
        );
      const kept = await readKept(path, subject);
      if (kept !== undefined) return kept;
      const body = await reader.read(path, LONGEST_LOOKUP);
      if (body === undefined) return undefined;
      const record = await authenticate(body);
      // Go keeps a record of another module as well, and then never asks again.
      if (hasLine(record.text, subject)) await cache?.write(path, body);
      return record;
    },
  };
}
