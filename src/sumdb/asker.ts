import type { VerifierKey } from '#tlog';
import { createSumdbClient, type SumdbClient } from './client.ts';
import { createMemoryLatest, type LogReader } from './log-reader.ts';
import { answerOf, askSumdb, type SumdbAsker } from './result.ts';
import { askSavedProof } from './saved-proof.ts';

const LONGEST_HEAD = 1024 * 1024;

/** Asks a server through its client. The newest head and what was proven stay for the next time. */
export function createNetworkAsker(client: SumdbClient): SumdbAsker {
  return {
    database: client.key.name,
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
 * Asks a folder through its reader. Each question starts anew: an answer does not depend on what was
 * asked before it, and nothing outside of the folder has a part in it.
 */
export function createDirectoryAsker(reader: LogReader, key: VerifierKey): SumdbAsker {
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
