import { encodeBase64, encodeCanonicalJson, encodeUtf8, formatCanonicalJson } from '#base';
import type { AuditRecord } from '#sandbox';
import { createTree, recordHash } from '#tlog';
import { signAuditHead } from './audit-head.ts';
import type { AuditSummary } from './bundle.ts';
import type { Signer } from './key.ts';

/** A record as it is stored. */
export interface StoredRecord {
  /** The line with its line feed. */
  readonly line: Uint8Array;
  /** Its leaf hash (RFC 6962 section 2.1), over the line without its line feed. */
  readonly leaf: Uint8Array;
}

/** An audit log as it grows: the lines to store, and the two roots over them. */
export interface AuditTrail {
  /** Undefined, and nothing taken, for a line that is longer than there is room for. */
  append(record: AuditRecord, timestamp: string, room: number): StoredRecord | undefined;
  summary(): AuditSummary;
  /** base64 of the RFC 6962 root over the lines as they are stored, without line feeds. */
  root(): string;
  /** The head over what is stored so far, as a signed C2SP checkpoint. */
  head(zipSha256: string, signer: Signer): Uint8Array;
}

/** An empty trail. */
export function createAuditTrail(): AuditTrail {
  const stored = createTree();
  const timeless = createTree();
  const stacks = new Set<string>();

  return {
    append(record, timestamp, room) {
      const line = encodeUtf8(`${formatCanonicalJson({ '@timestamp': timestamp, ...record })}\n`);
      if (line.length > room) return undefined;
      const body = line.subarray(0, -1);
      stored.append(body);
      timeless.append(encodeCanonicalJson(record));
      stacks.add(record['glovebox.stack_hash']);
      return { line, leaf: recordHash(body) };
    },
    summary: () => ({
      records: timeless.size(),
      stacks: stacks.size,
      digest: encodeBase64(timeless.root()),
    }),
    root: () => encodeBase64(stored.root()),
    head: (zipSha256, signer) =>
      signAuditHead({ size: stored.size(), root: stored.root() }, zipSha256, signer),
  };
}
