import { encodeBase64, encodeCanonicalJson, encodeUtf8, formatCanonicalJson } from '#base';
import type { AuditRecord } from '#sandbox';
import { createTree } from '#tlog';
import type { AuditSummary } from './bundle.ts';

/** An audit log as it grows: the lines to store, and the two roots over them. */
export interface AuditTrail {
  /** Takes a record; gives the line to store, with its line feed. */
  append(record: AuditRecord, timestamp: string): Uint8Array;
  summary(): AuditSummary;
  /** base64 of the RFC 6962 root over the lines as they are stored, without line feeds. */
  root(): string;
}

/** An empty trail. */
export function createAuditTrail(): AuditTrail {
  const stored = createTree();
  const timeless = createTree();
  const stacks = new Set<string>();

  return {
    append(record, timestamp) {
      const line = formatCanonicalJson({ '@timestamp': timestamp, ...record });
      const bytes = encodeUtf8(`${line}\n`);
      stored.append(bytes.subarray(0, -1));
      timeless.append(encodeCanonicalJson(record));
      stacks.add(record['glovebox.stack_hash']);
      return bytes;
    },
    summary: () => ({
      records: timeless.size(),
      stacks: stacks.size,
      digest: encodeBase64(timeless.root()),
    }),
    root: () => encodeBase64(stored.root()),
  };
}
