import type { Emit } from '#base';
import type { Access, Decision } from './access.ts';
import { createStackIdentifier } from './stack.ts';

/** One line of the audit log without its time: ECS field names, and our own under `glovebox.`. */
export interface AuditRecord {
  readonly 'event.sequence': number;
  readonly 'event.action': string;
  readonly 'event.outcome': 'success' | 'failure';
  readonly 'glovebox.decision': Decision | 'absent';
  readonly 'file.path': string;
  readonly 'file.size'?: number;
  readonly 'file.hash.sha256'?: string;
  readonly 'glovebox.module_path': string | null;
  readonly 'glovebox.access_mode': 'read' | 'write' | 'exec' | 'import';
  readonly 'glovebox.layer'?: string;
  readonly 'glovebox.stage': string;
  readonly 'glovebox.stack_hash': string;
  /** Only in the first record that has the hash. */
  readonly 'glovebox.stack'?: string;
}

/** Writes accesses down; one for each case, so that sequences and stacks never mix. */
export interface AuditLog {
  /** A recorder for the accesses of one stage. */
  recorderFor(stage: string): Emit<Access>;
  records(): number;
  stacks(): number;
}

/** A log whose records go to `emit`, numbered from 1. */
export function createAuditLog(modulePath: string | null, emit: Emit<AuditRecord>): AuditLog {
  const identify = createStackIdentifier();
  const seen = new Set<string>();
  let sequence = 0;

  return {
    recorderFor: (stage) => (access) => {
      const { hash, text } = identify();
      const isNew = !seen.has(hash);
      seen.add(hash);
      sequence++;
      emit({
        'event.sequence': sequence,
        'event.action': access.operation,
        'event.outcome': access.outcome,
        'glovebox.decision': access.decision,
        'file.path': access.path,
        ...(access.size === undefined ? {} : { 'file.size': access.size }),
        ...(access.sha256 === undefined ? {} : { 'file.hash.sha256': access.sha256 }),
        'glovebox.module_path': modulePath,
        'glovebox.access_mode': access.mode,
        ...(access.layer === undefined ? {} : { 'glovebox.layer': access.layer }),
        'glovebox.stage': stage,
        'glovebox.stack_hash': hash,
        ...(isNew ? { 'glovebox.stack': text } : {}),
      });
    },
    records: () => sequence,
    stacks: () => seen.size,
  };
}
