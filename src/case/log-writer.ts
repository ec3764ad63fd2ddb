import { concatBytes, createSha256 } from '#base';
import { type AuditTrail, createAuditTrail, type SealedFile, type Signer } from '#evidence';
import type { AuditRecord } from '#sandbox';
import type { OpenCase } from './store.ts';

/** The file of the signed head. */
export const HEAD_FILE = 'audit.checkpoint';

const RECORDS_A_HEAD = 256;

/** Writes the audit log of a case, and signs its head so often that a killed run proves what it did. */
export interface LogWriter {
  readonly trail: AuditTrail;
  /** False, and nothing written, where the log would outgrow its limit. */
  append(record: AuditRecord, timestamp: string): boolean;
  /** Signs the head over all that is written. */
  checkpoint(): void;
  /** Signs the last head and closes the files; gives them to be sealed. */
  close(): readonly SealedFile[];
}

/** Starts the log of a case: even an empty one has a signed head. */
export function createLogWriter(
  open: OpenCase,
  {
    zipSha256,
    signer,
    logBytes,
  }: { readonly zipSha256: string; readonly signer: Signer; readonly logBytes: number },
): LogWriter {
  const trail = createAuditTrail();
  const digests = { log: createSha256(), leaves: createSha256() };
  let pending: Uint8Array[] = [];
  let written = 0;
  let head: Uint8Array = new Uint8Array(0);

  function writeLeaves(): void {
    const leaves = concatBytes(...pending);
    pending = [];
    open.leaves.append(leaves);
    digests.leaves.update(leaves);
  }

  function checkpoint(): void {
    // In this order: whenever it is killed, what a head covers is there.
    writeLeaves();
    head = trail.head(zipSha256, signer);
    open.write(HEAD_FILE, head, { flush: false });
  }

  checkpoint();
  return {
    trail,
    checkpoint,
    append(record, timestamp) {
      const stored = trail.append(record, timestamp, logBytes - written);
      if (stored === undefined) return false;
      written += stored.line.length;
      open.log.append(stored.line);
      digests.log.update(stored.line);
      pending.push(stored.leaf);
      if (pending.length >= RECORDS_A_HEAD) checkpoint();
      return true;
    },
    close() {
      writeLeaves();
      // Flushed before the head that covers them is.
      open.log.close();
      open.leaves.close();
      head = trail.head(zipSha256, signer);
      open.write(HEAD_FILE, head);
      const sha256 = createSha256();
      sha256.update(head);
      return [
        { name: 'audit.jsonl', sha256: digests.log.hex() },
        { name: 'audit.leaves', sha256: digests.leaves.hex() },
        { name: HEAD_FILE, sha256: sha256.hex() },
      ];
    },
  };
}
