/**
 * The Go checksum database (go.dev/ref/mod#checksum-database): the client of
 * golang.org/x/mod/sumdb with verified-only caching and a newest head that never moves back, readers
 * for the network, a saved directory and a single proof.
 *
 * A database that contradicts itself is a result with both signed heads and the proof, not only an
 * error; an answer that could not be had is `unchecked` and says why.
 *
 * ```ts
 * const client = createSumdbClient({ key: parseVerifierKey(GO_SUMDB_KEY), reader, latest, cache });
 * (await askSumdb(client, { subject, hashes })).status; // 'match'
 * ```
 *
 * @module
 */

export {
  createDirectoryAsker,
  createNetworkAsker,
  createProofAsker,
  openDirectoryClient,
} from './asker.ts';
export {
  createSumdbClient,
  LONGEST_LOOKUP,
  lookupPath,
  type ProvenRecord,
  type SumdbClient,
} from './client.ts';
export { type Fork, ForkError, SumdbError, type SumdbErrorCode } from './errors.ts';
export { GO_SUMDB_KEY } from './known-key.ts';
export {
  createMemoryLatest,
  type LatestTree,
  type LogCache,
  type LogReader,
} from './log-reader.ts';
export { createDirectoryReader } from './reader/directory.ts';
export { createNetworkReader } from './reader/network.ts';
export { formatLookup, type LookupBody, loggedHashes, parseLookup } from './record.ts';
export {
  askSumdb,
  isUnproven,
  NOT_ASKED,
  type Question,
  type SumdbAsker,
  type SumdbResult,
  unanswered,
} from './result.ts';
export { checkSavedLog, type SavedLogReport, type SavedModule, saveLog } from './saved-log.ts';
export { askSavedProof, createSavedProof, openSavedProof } from './saved-proof.ts';
export { createStoredCache, createStoredLatest } from './store.ts';
