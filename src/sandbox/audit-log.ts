import type { Emit } from '#base';
import type { Access, Decision, Recorder } from './access.ts';
import { createStackIdentifier } from './stack.ts';

/** One line of the audit log without its time: ECS field names, and our own under `glovebox.`. */
export interface AuditRecord {
  readonly 'event.sequence': number;
  readonly 'event.action': string;
  readonly 'event.outcome': 'success' | 'failure';
  /** Why it failed, in the names of Linux. */
  readonly 'error.code'?: string;
  readonly 'glovebox.decision': Decision | 'absent';
  readonly 'file.path': string;
  readonly 'file.size'?: number;
  readonly 'file.hash.sha256'?: string;
  readonly 'glovebox.module_path': string | null;
  readonly 'glovebox.access_mode': 'read' | 'write' | 'exec' | 'import';
  readonly 'glovebox.layer'?: string;
  /** What was asked for, where that is not `file.path`. */
  readonly 'glovebox.requested_path'?: string;
  /** The other path of a rename or link. */
  readonly 'glovebox.target_path'?: string;
  readonly 'glovebox.stage': string;
  readonly 'glovebox.stack_hash': string;
  /** Only in the first record that has the hash. */
  readonly 'glovebox.stack'?: string;
}

/** A file that is bait, and was read. */
export interface DecoyRead {
  readonly path: string;
  /** Where the record of it stands in the log. */
  readonly sequence: number;
}

/** Writes accesses down; one for each case, so that sequences and stacks never mix. */
export interface AuditLog {
  /** A recorder for the accesses of one stage. */
  recorderFor(stage: string): Recorder;
  records(): number;
  stacks(): number;
  /** The first time that each decoy was read. */
  decoyReads(): readonly DecoyRead[];
}

/** The fields that are there only where they say something. */
function addOptional(record: Record<string, unknown>, access: Access): void {
  if (access.error !== undefined) record['error.code'] = access.error;
  if (access.size !== undefined) record['file.size'] = access.size;
  if (access.sha256 !== undefined) record['file.hash.sha256'] = access.sha256;
  if (access.layer !== undefined) record['glovebox.layer'] = access.layer;
  if (access.requested !== undefined) record['glovebox.requested_path'] = access.requested;
  if (access.target !== undefined) record['glovebox.target_path'] = access.target;
}

/** A log whose records go to `emit`, numbered from 1. */
export function createAuditLog(modulePath: string | null, emit: Emit<AuditRecord>): AuditLog {
  const identify = createStackIdentifier();
  const seen = new Set<string>();
  const decoys = new Map<string, number>();
  let sequence = 0;

  return {
    recorderFor: (stage) => (access, above) => {
      const { hash, text } = identify(above);
      const isNew = !seen.has(hash);
      seen.add(hash);
      sequence++;
      const { operation, decision, outcome, path, mode } = access;
      if (operation === 'read' && decision === 'decoy' && outcome === 'success')
        decoys.set(path, decoys.get(path) ?? sequence);
      const record = {
        'event.sequence': sequence,
        'event.action': operation,
        'event.outcome': outcome,
        'glovebox.decision': decision,
        'file.path': path,
        'glovebox.module_path': modulePath,
        'glovebox.access_mode': mode,
        'glovebox.stage': stage,
        'glovebox.stack_hash': hash,
      } as const;
      addOptional(record, access);
      emit(isNew ? { ...record, 'glovebox.stack': text } : record);
    },
    records: () => sequence,
    stacks: () => seen.size,
    decoyReads: () => [...decoys].map(([path, at]) => ({ path, sequence: at })),
  };
}
