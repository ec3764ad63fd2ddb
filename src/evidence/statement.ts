import { decodeBase64, encodeHex } from '#base';
import type { AuditSummary, EvidenceBundle } from './bundle.ts';

/** What the statement says: an examination by this tool, in version 1 of our own terms. */
export const PREDICATE_TYPE = 'https://glovebox.example/attestation/examination/v1';
/** The in-toto statement's own type. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** A file that is sealed. */
export interface SealedFile {
  readonly name: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
}

/** An in-toto Statement v1 over the zip and every file of a case. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly {
    readonly name: string;
    readonly digest: Readonly<Record<string, string>>;
  }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: {
    readonly verdict: string;
    readonly tools: EvidenceBundle['tools'];
    readonly profile: EvidenceBundle['profile'];
    readonly audit: AuditSummary & { readonly root: string };
  };
}

/** The name under which a statement lists the zip. */
export function zipName({ path, version }: EvidenceBundle['subject']): string {
  return path === null ? 'unknown.zip' : `${path}@${version}.zip`;
}

/** The statement over a case's evidence and files. */
export function createStatement(
  evidence: EvidenceBundle,
  root: string,
  files: readonly SealedFile[],
): Statement {
  const { subject, verdict, tools, profile, audit } = evidence;
  const h1 = subject.h1 === null ? undefined : decodeBase64(subject.h1.slice('h1:'.length));
  const digest = {
    sha256: subject.zip.sha256,
    ...(h1 === undefined ? {} : { dirHash: encodeHex(h1) }),
  };
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: zipName(subject), digest },
      ...files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    ],
    predicateType: PREDICATE_TYPE,
    predicate: { verdict, tools, profile, audit: { ...audit, root } },
  };
}
