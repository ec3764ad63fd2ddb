import {
  formatTreeHead,
  formatVerifierKey,
  openTreeHead,
  parseVerifierKey,
  type SignedTreeHead,
  signerKeyOf,
  signNote,
  type TreeHead,
} from '#tlog';
import type { Signer } from './key.ts';

/**
 * The origin of a case's audit log, which is also the name of the key (C2SP tlog-checkpoint): one for
 * each zip, so that a head of one case says nothing of another.
 */
export function auditOrigin(zipSha256: string): string {
  return `glovebox.example/audit/${zipSha256}`;
}

/** The key that a case's audit log is verified with, in the form of golang.org/x/mod/sumdb/note. */
export function auditVerifierKey(zipSha256: string, publicKey: Uint8Array): string {
  return formatVerifierKey(auditOrigin(zipSha256), publicKey);
}

/** Signs the head of an audit log as a C2SP checkpoint. */
export function signAuditHead(head: TreeHead, zipSha256: string, signer: Signer): Uint8Array {
  const origin = auditOrigin(zipSha256);
  return signNote(formatTreeHead(head, origin), [signerKeyOf(origin, signer)]);
}

const ORIGIN = /^glovebox\.example\/audit\/([0-9a-f]{64})\n/;

/** The zip that a head claims to be of; only a name until the head is opened. */
export function claimedZip(text: string): string | undefined {
  return ORIGIN.exec(text)?.[1];
}

/**
 * Opens the head of an audit log.
 *
 * @throws TlogError what `openTreeHead` throws.
 */
export function openAuditHead(
  bytes: Uint8Array,
  zipSha256: string,
  publicKey: Uint8Array,
): SignedTreeHead {
  const key = parseVerifierKey(auditVerifierKey(zipSha256, publicKey));
  return openTreeHead(bytes, [key], auditOrigin(zipSha256));
}
