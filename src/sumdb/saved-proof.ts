import type { ModuleVersion } from '#module';
import {
  checkInclusion,
  openTreeHead,
  parseTlogProof,
  recordHash,
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
  missingRecord,
  type Question,
  type SumdbResult,
} from './result.ts';

/**
 * Checks a `c2sp.org/tlog-proof@v1` of a record, which stands in its `extra` line or is given.
 *
 * @throws TlogError for a proof, a head or a signature that does not hold; SumdbError
 *   `MALFORMED_RECORD` where there is no record to check.
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
      'Cannot check the tlog-proof: it has no extra line with the record that it proves',
    );
  }
  checkInclusion(proof.hashes, head, { index: proof.index, leaf: recordHash(text) });
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
  const record = await client.lookup(subject);
  if (record === undefined) {
    throw new SumdbError(
      'UNPROVEN',
      `Cannot prove ${subject.path}@${subject.version}: ${missingRecord(client, subject)}`,
    );
  }
  const { id, text, head } = record;
  const hashes = await client.prove(head, id);
  checkInclusion(hashes, head, { index: id, leaf: recordHash(text) });
  return { index: id, hashes, extra: text, checkpoint: head.bytes };
}
