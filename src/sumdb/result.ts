import { cutText, decodeUtf8, encodeBase64, encodeUtf8 } from '#base';
import { compareHashes, type GoSumStatus, type ModuleHashes, type ModuleVersion } from '#module';
import { formatTlogProof, type Proof, TlogError } from '#tlog';
import type { ProvenRecord, SumdbClient } from './client.ts';
import { type Fork, ForkError, SumdbError } from './errors.ts';
import { loggedHashes, requireLine } from './record.ts';

/** What the checksum database says of a module's hashes, and how far that is proven. */
export interface SumdbResult {
  readonly status: GoSumStatus | 'fork';
  /** The same for go.mod. */
  readonly goMod: GoSumStatus;
  /** The database's name; null where none was asked. */
  readonly database: string | null;
  readonly record: number | null;
  readonly treeSize: number | null;
  readonly source: 'network' | 'directory' | 'tlog-proof' | null;
  /** The root of the signed tree, in base64. */
  readonly root: string | null;
  /** The verifier key that signed it. */
  readonly key: string | null;
  /** The hashes in the authenticated record. */
  readonly logged: { readonly h1: string | null; readonly goModH1: string | null } | null;
  /** The module's own hashes that were compared with them. */
  readonly actual: { readonly h1: string | null; readonly goModH1: string | null } | null;
  /** Everything above as one `c2sp.org/tlog-proof@v1`, for other tools. */
  readonly proof: string | null;
  readonly fork: Fork | null;
  /** Why there is no answer; null where there is one. */
  readonly detail: string | null;
  /** The code of that reason, in kebab-case; null where nothing was refused. */
  readonly refusal: string | null;
}

/** The answer when nobody asked. */
export const NOT_ASKED: SumdbResult = {
  status: 'unchecked',
  goMod: 'unchecked',
  database: null,
  record: null,
  treeSize: null,
  source: null,
  root: null,
  key: null,
  logged: null,
  actual: null,
  proof: null,
  fork: null,
  detail: null,
  refusal: null,
};

/** True for an answer that was asked for and not had: nothing is proven by it. */
export function isUnproven({ status, database }: SumdbResult): boolean {
  return database !== null && (status === 'unchecked' || status === 'absent' || status === 'fork');
}

const decisive = (logged: readonly string[], hash: string | null) =>
  logged.find((other) => other !== hash) ?? logged[0] ?? null;

/** The module that a record is of, by its first line; suspect text like any other. */
function nameOf(text: Uint8Array): string {
  const [path = '', version = ''] = (decodeUtf8(text) ?? '').split('\n', 1)[0]?.split(' ') ?? [];
  return cutText(`${path} ${version.replace(/\/go\.mod$/, '')}`, 300);
}

/** Compares a proven record with the hashes of a module. */
export function judgeRecord(
  record: ProvenRecord,
  { subject, hashes }: Question,
  { source, proof }: { readonly source: SumdbResult['source']; readonly proof: Proof },
): SumdbResult {
  const logged = loggedHashes(record.text, subject);
  const { zip, goMod } = compareHashes(logged, subject, hashes);
  const { head } = record;
  const hasLine = logged.zip.length > 0;
  const absent = `record ${record.id} has no line for ${subject.path} ${subject.version}: it is of ${nameOf(record.text)}`;
  const unhashed = 'the module has no h1 that could be compared';
  return {
    status: zip,
    goMod,
    database: head.note.signers[0]?.name ?? null,
    record: record.id,
    treeSize: head.size,
    source,
    root: encodeBase64(head.root),
    key: head.note.signers[0]?.text ?? null,
    // Of two lines that contradict each other, the one that speaks against the module.
    logged: {
      h1: decisive(logged.zip, hashes.h1),
      goModH1: decisive(logged.goMod, hashes.goModH1),
    },
    actual: { h1: hashes.h1, goModH1: hashes.goModH1 },
    proof:
      decodeUtf8(
        formatTlogProof({
          index: record.id,
          hashes: proof,
          extra: record.text,
          checkpoint: head.bytes,
        }),
      ) ?? null,
    fork: null,
    detail: hasLine ? (zip === 'unchecked' ? unhashed : null) : absent,
    refusal: null,
  };
}

/** What is asked. */
export interface Question {
  readonly subject: ModuleVersion;
  readonly hashes: ModuleHashes;
}

/** Somebody who can be asked: a server, a saved folder, a saved proof. */
export interface SumdbAsker {
  readonly database: string;
  readonly source: NonNullable<SumdbResult['source']>;
  /** Never rejects over content: what cannot be believed is an answer. */
  readonly ask: (question: Question) => Promise<SumdbResult>;
}

/** An answer that is none, and why. */
export function unanswered(
  database: string,
  source: SumdbResult['source'],
  detail: string,
): SumdbResult {
  return { ...NOT_ASKED, database, source, detail };
}

const kebab = (code: string) => code.toLowerCase().replaceAll('_', '-');

/** What a failure is for the evidence: trust that was not had, or a log that contradicts itself. */
export function answerOf(
  error: unknown,
  { name, source }: { readonly name: string; readonly source: SumdbResult['source'] },
): SumdbResult {
  if (error instanceof ForkError) {
    const detail = error.message;
    const refusal = kebab(error.code);
    return { ...unanswered(name, source, detail), status: 'fork', fork: error.fork, refusal };
  }
  if (error instanceof SumdbError || error instanceof TlogError)
    return { ...unanswered(name, source, error.message), refusal: kebab(error.code) };
  throw error;
}

/** Says who has no record: a copy that lacks one shows nothing of the log. */
function missingRecord({ key, source }: SumdbClient, { path, version }: ModuleVersion): string {
  const who = source === 'directory' ? `the saved copy of ${key.name}` : key.name;
  return `${who} has no record of ${path}@${version}`;
}

/**
 * A module's proven record.
 *
 * @throws SumdbError `NO_RECORD`, `NO_LINE`, and what the client refuses with.
 */
export async function lookupRecord(
  client: SumdbClient,
  subject: ModuleVersion,
): Promise<ProvenRecord> {
  const record = await client.lookup(subject);
  if (record === undefined) throw new SumdbError('NO_RECORD', missingRecord(client, subject));
  requireLine(record, subject);
  return record;
}

/** Asks the database for a module's record, proves it, and compares the hashes. Never throws on content. */
export async function askSumdb(client: SumdbClient, question: Question): Promise<SumdbResult> {
  const { key, source } = client;
  try {
    const record = await client.lookup(question.subject);
    if (record === undefined) {
      const detail = missingRecord(client, question.subject);
      return { ...unanswered(key.name, source, detail), status: 'absent', goMod: 'absent' };
    }
    const proof = await client.prove(record.head, record.id);
    return judgeRecord(record, question, { source, proof });
  } catch (error) {
    return answerOf(error, { name: key.name, source });
  }
}

/** The record that a module's hashes would make: how a proof without its record is checked. */
export function expectedRecord({ subject, hashes }: Question): Uint8Array | undefined {
  if (hashes.h1 === null || hashes.goModH1 === null) return undefined;
  const name = `${subject.path} ${subject.version}`;
  return encodeUtf8(`${name} ${hashes.h1}\n${name}/go.mod ${hashes.goModH1}\n`);
}
