/**
 * The sealed record of a case: evidence as canonical JSON (RFC 8785), an in-toto Statement v1 over
 * every file, in a DSSE envelope in a Sigstore bundle v0.3, signed with Ed25519 (RFC 8032).
 *
 * ```ts
 * const seal = sealStatement(createStatement(evidence, trail.root(), files), signer);
 * checkSeal(new Map([...files, ['case.sigstore.json', seal]])).ok; // true
 * ```
 *
 * @module
 */

export { auditVerifierKey, claimedZip, openAuditHead } from './audit-head.ts';
export { type AuditTrail, createAuditTrail } from './audit-trail.ts';
export {
  type AuditSummary,
  type DependencyFact,
  EVIDENCE_FORMAT,
  type EvidenceBundle,
  type EvidenceFacts,
  type EvidenceSubject,
  type EvidenceTools,
} from './bundle.ts';
export { checkPrefix, locateChange, type PrefixReport, readRecord, splitLog } from './check-log.ts';
export { checkSeal, SEAL_FILE, type SealCheck, type SealReport } from './check-seal.ts';
export { EvidenceError, type EvidenceErrorCode } from './errors.ts';
export {
  formatPublicKey,
  formatSecretKey,
  keyIdOf,
  openSigner,
  parsePublicKey,
  type Signer,
} from './key.ts';
export { sealStatement } from './seal.ts';
export { createStatement, type SealedFile } from './statement.ts';
