import type { Disk, Network } from '#base';
import type { VerifierKey } from '#tlog';
import { createSumdbClient, type SumdbClient } from './client.ts';
import {
  createMemoryLatest,
  type LatestTree,
  type LogCache,
  type LogReader,
} from './log-reader.ts';
import { createDirectoryReader } from './reader/directory.ts';
import { createNetworkReader } from './reader/network.ts';
import { answerOf, askSumdb, type SumdbAsker } from './result.ts';
import { askSavedProof } from './saved-proof.ts';

const LONGEST_HEAD = 1024 * 1024;

/** What a server is asked with. */
export interface NetworkAskerOptions {
  readonly key: VerifierKey;
  readonly latest: LatestTree;
  readonly cache: LogCache;
  /** GONOSUMDB: patterns of modules whose names are not to be told to the server. */
  readonly skipped: string;
}

/** Asks a server. The newest head and what was proven stay for the next time. */
export function createNetworkAsker(
  network: Network,
  url: string,
  { key, latest, cache, skipped }: NetworkAskerOptions,
): SumdbAsker {
  const reader = createNetworkReader(network, url, { name: key.name });
  const client = createSumdbClient({ key, reader, latest, cache, skipped });
  return {
    database: key.name,
    source: 'network',
    ask: (question) => askSumdb(client, question),
  };
}

/**
 * A client of a saved log that starts from its saved head, if there is one.
 *
 * @throws SumdbError, TlogError where that head does not hold.
 */
export async function openDirectoryClient(
  reader: LogReader,
  key: VerifierKey,
): Promise<SumdbClient> {
  const client = createSumdbClient({
    key,
    reader,
    latest: createMemoryLatest(),
    cache: undefined,
  });
  const head = await reader.read('latest', LONGEST_HEAD);
  if (head !== undefined) await client.merge(head);
  return client;
}

/**
 * Asks a folder. Each question starts anew: an answer does not depend on what was asked before it, and
 * nothing outside of the folder has a part in it.
 *
 * @throws SumdbError `NO_LOG` where the folder holds none.
 */
export function createDirectoryAsker(disk: Disk, directory: string, key: VerifierKey): SumdbAsker {
  const reader = createDirectoryReader(disk, directory, key.name);
  return {
    database: key.name,
    source: 'directory',
    async ask(question) {
      try {
        return await askSumdb(await openDirectoryClient(reader, key), question);
      } catch (error) {
        return answerOf(error, { name: key.name, source: 'directory' });
      }
    },
  };
}

/** Asks one saved proof. */
export function createProofAsker(bytes: Uint8Array, key: VerifierKey): SumdbAsker {
  return {
    database: key.name,
    source: 'tlog-proof',
    ask: async (question) => askSavedProof(bytes, key, question),
  };
}
