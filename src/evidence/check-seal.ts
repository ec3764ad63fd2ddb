import * as v from 'valibot';
import {
  checkEd25519,
  decodeBase64,
  decodeJson,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  equalBytes,
  formatCanonicalJson,
  sha256Hex,
} from '#base';
import { createTree } from '#tlog';
import { EvidenceError } from './errors.ts';
import { formatPublicKey, keyIdOf, parsePublicKey } from './key.ts';

// Nothing is shared with what seals but the encodings: one mistake must not hide in both.

/** The name of the file that seals the others. */
export const SEAL_FILE = 'case.sigstore.json';
const AUDIT_FILE = 'audit.jsonl';

/** One thing that was checked. */
export interface SealCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What was checked, and who signed; undefined where no signature holds. */
export interface SealReport {
  readonly ok: boolean;
  readonly checks: readonly SealCheck[];
  readonly signer: string | undefined;
}

const digests = v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });
const bundleSchema = v.strictObject({
  mediaType: v.literal('application/vnd.dev.sigstore.bundle.v0.3+json'),
  verificationMaterial: v.strictObject({ publicKey: v.strictObject({ hint: v.string() }) }),
  dsseEnvelope: v.strictObject({
    payload: v.string(),
    payloadType: v.literal('application/vnd.in-toto+json'),
    signatures: v.tuple([v.strictObject({ keyid: v.string(), sig: v.string() })]),
  }),
});
const statementSchema = v.object({
  _type: v.literal('https://in-toto.io/Statement/v1'),
  subject: v.pipe(v.array(v.object({ name: v.string(), digest: digests })), v.minLength(1)),
  predicateType: v.literal('https://glovebox.example/attestation/examination/v1'),
  predicate: v.object({
    verdict: v.string(),
    audit: v.object({ records: v.number(), digest: v.string(), root: v.string() }),
  }),
});
const evidenceSchema = v.object({
  format: v.literal('glovebox-evidence/1'),
  verdict: v.string(),
  subject: v.object({ zip: v.object({ sha256: v.string() }) }),
  audit: v.object({ records: v.number(), digest: v.string() }),
});
const caseSchema = v.object({
  verdict: v.string(),
  subject: v.object({ zip: v.object({ sha256: v.string() }) }),
  audit: v.object({ records: v.number(), root: v.string() }),
});

type Files = ReadonlyMap<string, Uint8Array>;
type Statement = v.InferOutput<typeof statementSchema>;

/** Parses JSON that must be its own canonical encoding and keep a schema; a text says what is wrong. */
function readCanonical<Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Uint8Array | undefined,
): v.InferOutput<Schema> | string {
  if (bytes === undefined) return 'the file is missing';
  const text = decodeUtf8(bytes);
  const value = text === undefined ? undefined : decodeJson(text);
  if (text === undefined || value === undefined) return 'it is not JSON';
  if (!value || isNotCanonical(value, text)) return 'it is not canonical JSON';
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return `it does not keep its format: ${v.getDotPath(issue) ?? ''} ${issue.message}`.trim();
}

function isNotCanonical(value: unknown, text: string): boolean {
  try {
    return formatCanonicalJson(value) !== text;
  } catch {
    return true; // What cannot be encoded, such as a lone surrogate, was never canonical.
  }
}

interface Opened {
  readonly statement: Statement;
  readonly publicKey: Uint8Array;
}

function readPublicKey(pem: Uint8Array | undefined): Uint8Array | string {
  if (pem === undefined) return 'examiner.pub is missing';
  try {
    const key = parsePublicKey(pem, 'examiner.pub');
    return equalBytes(formatPublicKey(key), pem)
      ? key
      : 'examiner.pub is not in its canonical form';
  } catch (error) {
    if (error instanceof EvidenceError) return error.message; // The fault is the check's answer.
    throw error;
  }
}

/** The statement behind the signature, or why it cannot be trusted. */
function openSeal(files: Files): Opened | string {
  const bundle = readCanonical(bundleSchema, files.get(SEAL_FILE));
  if (typeof bundle === 'string') return `${SEAL_FILE}: ${bundle}`;
  const publicKey = readPublicKey(files.get('examiner.pub'));
  if (typeof publicKey === 'string') return publicKey;
  const { payload, payloadType, signatures } = bundle.dsseEnvelope;
  const [{ keyid, sig }] = signatures;
  const keyId = keyIdOf(publicKey);
  if (keyid !== keyId || bundle.verificationMaterial.publicKey.hint !== keyId)
    return `${SEAL_FILE}: the key id is not that of examiner.pub`;
  const body = decodeBase64(payload);
  const signature = decodeBase64(sig);
  if (body === undefined || signature === undefined)
    return `${SEAL_FILE}: payload or signature is not canonical base64`;
  const head = encodeUtf8(
    `DSSEv1 ${encodeUtf8(payloadType).length} ${payloadType} ${body.length} `,
  );
  const message = new Uint8Array([...head, ...body]);
  if (!checkEd25519(signature, message, publicKey))
    return `${SEAL_FILE}: the signature does not fit the statement`;
  const statement = readCanonical(statementSchema, body);
  return typeof statement === 'string'
    ? `${SEAL_FILE}: the statement: ${statement}`
    : { statement, publicKey };
}

function checkDigests(files: Files, { subject }: Statement): readonly SealCheck[] {
  const named = new Map(subject.slice(1).map(({ name, digest }) => [name, digest.sha256]));
  const checks: SealCheck[] = [];
  for (const [name, digest] of named) {
    const bytes = files.get(name);
    const ok = bytes !== undefined && sha256Hex(bytes) === digest;
    const detail =
      bytes === undefined ? 'missing' : ok ? `sha256 ${digest}` : 'changed since it was sealed';
    checks.push({ name, ok, detail });
  }
  for (const name of files.keys()) {
    if (name === SEAL_FILE || named.has(name)) continue;
    checks.push({ name, ok: false, detail: 'not part of the sealed case' });
  }
  return checks;
}

interface LogRoots {
  readonly records: number;
  readonly digest: string;
  readonly root: string;
}

/** The roots over an audit log, or the first line that is not what it should be. */
function readLog(bytes: Uint8Array | undefined): LogRoots | string {
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (text === undefined) return 'missing or not UTF-8';
  if (text !== '' && !text.endsWith('\n')) return 'the last line is cut';
  const stored = createTree();
  const timeless = createTree();
  for (const line of text.split('\n').slice(0, -1)) {
    const value = decodeJson(line);
    const number = stored.size() + 1;
    if (
      typeof value !== 'object' ||
      value === null ||
      Array.isArray(value) ||
      isNotCanonical(value, line)
    ) {
      return `line ${number} is not canonical JSON`;
    }
    const { '@timestamp': _, ...record } = value as Record<string, unknown>;
    if (record['event.sequence'] !== number) return `line ${number} has another sequence number`;
    const stack = record['glovebox.stack'];
    if (
      typeof stack === 'string' &&
      sha256Hex(encodeUtf8(stack)) !== record['glovebox.stack_hash']
    ) {
      return `line ${number} has a stack that does not fit its hash`;
    }
    stored.append(encodeUtf8(line));
    timeless.append(encodeUtf8(formatCanonicalJson(record)));
  }
  return {
    records: stored.size(),
    digest: encodeBase64(timeless.root()),
    root: encodeBase64(stored.root()),
  };
}

function checkContents(files: Files, { subject, predicate }: Statement): readonly SealCheck[] {
  const evidence = readCanonical(evidenceSchema, files.get('evidence.json'));
  const record = readCanonical(caseSchema, files.get('case.json'));
  const log = readLog(files.get(AUDIT_FILE));
  if (typeof evidence === 'string')
    return [{ name: 'evidence', ok: false, detail: `evidence.json: ${evidence}` }];
  if (typeof record === 'string')
    return [{ name: 'case', ok: false, detail: `case.json: ${record}` }];
  if (typeof log === 'string')
    return [{ name: 'audit log', ok: false, detail: `${AUDIT_FILE}: ${log}` }];
  const { audit } = predicate;
  const logAgrees =
    [evidence.audit.records, record.audit.records, audit.records].every(
      (count) => count === log.records,
    ) &&
    [evidence.audit.digest, audit.digest].every((digest) => digest === log.digest) &&
    [record.audit.root, audit.root].every((root) => root === log.root);
  const verdictAgrees =
    evidence.verdict === predicate.verdict && record.verdict === predicate.verdict;
  const zip = subject[0]?.digest.sha256;
  const subjectAgrees = evidence.subject.zip.sha256 === zip && record.subject.zip.sha256 === zip;
  return [
    {
      name: 'audit log',
      ok: logAgrees,
      detail: logAgrees
        ? `${log.records} records under root ${log.root}`
        : 'the log does not lead to the sealed root',
    },
    {
      name: 'verdict',
      ok: verdictAgrees,
      detail: verdictAgrees ? predicate.verdict : 'the documents disagree',
    },
    {
      name: 'subject',
      ok: subjectAgrees,
      detail: subjectAgrees ? `zip sha256 ${zip}` : 'the documents disagree',
    },
  ];
}

/**
 * Checks a sealed case offline: signature, every file's digest, the audit log's roots, and that the
 * documents agree. `files` are all files of the folder.
 */
export function checkSeal(files: Files): SealReport {
  const opened = openSeal(files);
  if (typeof opened === 'string') {
    return {
      ok: false,
      checks: [{ name: 'signature', ok: false, detail: opened }],
      signer: undefined,
    };
  }
  const signer = keyIdOf(opened.publicKey);
  const checks = [
    { name: 'signature', ok: true, detail: `valid, by key ${signer}` },
    ...checkDigests(files, opened.statement),
    ...checkContents(files, opened.statement),
  ];
  return { ok: checks.every(({ ok }) => ok), checks, signer };
}
