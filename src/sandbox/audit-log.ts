import type { Emit } from '#base';
import type { Access, Decision } from './access.ts';
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
  recorderFor(stage: string): Emit<Access>;
  records(): number;
  stacks(): number;
  /** The first time that each decoy was read. */
  decoyReads(): readonly DecoyRead[];
}

type Optional = Partial<Record<keyof AuditRecord, string | number>>;

/** The fields that are there only where they say something. */
function optionalFields(access: Access): Optional {
  const fields: Record<string, string | number | undefined> = {
    'error.code': access.error,
    'file.size': access.size,
    'file.hash.sha256': access.sha256,
    'glovebox.layer': access.layer,
    'glovebox.requested_path': access.requested,
    'glovebox.target_path': access.target,
  };
  for (const name in fields) if (fields[name] === undefined) delete fields[name];
  return fields as Optional;
}

/** A log whose records go to `emit`, numbered from 1. */
export function createAuditLog(modulePath: string | null, emit: Emit<AuditRecord>): AuditLog {
  const identify = createStackIdentifier();
  const seen = new Set<string>();
  const decoys = new Map<string, number>();
  let sequence = 0;

  return {
    recorderFor: (stage) => (access) => {
      const { hash, text } = identify();
      const isNew = !seen.has(hash);
      seen.add(hash);
      sequence++;
      const { operation, decision, outcome, path, mode } = access;
      if (operation === 'read' && decision === 'decoy' && outcome === 'success')
        decoys.set(path, decoys.get(path) ?? sequence);
      emit({
        'event.sequence': sequence,
        'event.action': operation,
        'event.outcome': outcome,
        'glovebox.decision': decision,
        'file.path': path,
        'glovebox.module_path': modulePath,
        'glovebox.access_mode': mode,
        'glovebox.stage': stage,
        'glovebox.stack_hash': hash,
        ...optionalFields(access),
        ...(isNew ? { 'glovebox.stack': text } : {}),
      } as AuditRecord);
    },
    records: () => sequence,
    stacks: () => seen.size,
    decoyReads: () => [...decoys].map(([path, at]) => ({ path, sequence: at })),
  };
}
