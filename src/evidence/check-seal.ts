import * as v from 'valibot';
import {
  checkEd25519,
  decodeBase64,
  decodeJson,
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  formatCanonicalJson,
  sha256Hex,
} from '#base';
import { TlogError } from '#tlog';
import { openAuditHead } from './audit-head.ts';
import { locateChange, readLog } from './check-log.ts';
import { EvidenceError } from './errors.ts';
import { formatPublicKey, keyIdOf, parsePublicKey } from './key.ts';

// Nothing is shared with what seals but the encodings: one mistake must not hide in both.

/** The name of the file that seals the others. */
export const SEAL_FILE = 'case.sigstore.json';
const AUDIT_FILE = 'audit.jsonl';
const HEAD_FILE = 'audit.checkpoint';
const LEAVES_FILE = 'audit.leaves';
const EMPTY = new Uint8Array(0);

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

/** The head that stands beside the log: signed by the examiner, and of this log. */
function checkHead(files: Files, publicKey: Uint8Array, zip: string): SealCheck {
  const name = 'audit checkpoint';
  const bytes = files.get(HEAD_FILE);
  if (bytes === undefined) return { name, ok: false, detail: `${HEAD_FILE} is missing` };
  try {
    const head = openAuditHead(bytes, zip, publicKey);
    const change = locateChange(files.get(AUDIT_FILE) ?? EMPTY, files.get(LEAVES_FILE), head);
    const detail =
      change === undefined
        ? `signed over ${head.size} lines`
        : `${AUDIT_FILE} is not the log that was signed: ${change}`;
    return { name, ok: change === undefined, detail };
  } catch (error) {
    if (error instanceof TlogError)
      return { name, ok: false, detail: `${HEAD_FILE}: ${error.message}` };
    throw error;
  }
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
    checkHead(files, opened.publicKey, opened.statement.subject[0]?.digest.sha256 ?? ''),
    ...checkContents(files, opened.statement),
  ];
  return { ok: checks.every(({ ok }) => ok), checks, signer };
}
