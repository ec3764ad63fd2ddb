import type { ModuleVersion } from '#module';
import {
  checkInclusion,
  openTreeHead,
  parseTlogProof,
  recordHash,
  TlogError,
  type TlogProof,
  type VerifierKey,
} from '#tlog';
import type { ProvenRecord, SumdbClient } from './client.ts';
import { SumdbError } from './errors.ts';
import { isRecordText } from './record.ts';
import {
  answerOf,
  expectedRecord,
  judgeRecord,
  lookupRecord,
  type Question,
  type SumdbResult,
} from './result.ts';

/**
 * Checks a `c2sp.org/tlog-proof@v1` of a record, which stands in its `extra` line or is given.
 *
 * @throws TlogError for a proof, a head or a signature that does not hold; SumdbError
 *   `MALFORMED_RECORD` where there is no record to check, `NOT_FITTING` where the given one is not proven.
 */
export function openSavedProof(
  bytes: Uint8Array,
  key: VerifierKey,
  given: Uint8Array | undefined,
): { readonly record: ProvenRecord; readonly proof: TlogProof } {
  const proof = parseTlogProof(bytes);
  const head = openTreeHead(proof.checkpoint, [key]);
  const text = proof.extra ?? given;
  if (text === undefined || !isRecordText(text)) {
    throw new SumdbError(
      'MALFORMED_RECORD',
      'Cannot check the tlog-proof alone: it has no extra line with the record that it proves; give it to verify with the zip',
    );
  }
  try {
    checkInclusion(proof.hashes, head, { index: proof.index, leaf: recordHash(text) });
  } catch (error) {
    if (proof.extra !== undefined || !(error instanceof TlogError)) throw error;
    // Not the proof need be wrong: it may be of another record than the one that was guessed.
    throw new SumdbError(
      'NOT_FITTING',
      'The tlog-proof has no extra line with its record, and the hashes of this module make none that it proves',
      { cause: error },
    );
  }
  return { record: { id: proof.index, text, head }, proof };
}

/** Asks a saved proof about a module. Never throws on content. */
export function askSavedProof(
  bytes: Uint8Array,
  key: VerifierKey,
  question: Question,
): SumdbResult {
  try {
    const { record, proof } = openSavedProof(bytes, key, expectedRecord(question));
    return judgeRecord(record, question, { source: 'tlog-proof', proof: proof.hashes });
  } catch (error) {
    return answerOf(error, { name: key.name, source: 'tlog-proof' });
  }
}

/**
 * Makes the proof of a module's record.
 *
 * @throws SumdbError, TlogError where the log does not give a proven one.
 */
export async function createSavedProof(
  client: SumdbClient,
  subject: ModuleVersion,
): Promise<TlogProof> {
  const { id, text, head } = await lookupRecord(client, subject);
  const hashes = await client.prove(head, id);
  checkInclusion(hashes, head, { index: id, leaf: recordHash(text) });
  return { index: id, hashes, extra: text, checkpoint: head.bytes };
}
