import type { FileContent, Indicator, Inside, InvisibleCharacter } from '#content';
import type { FlowFact, GateFact, SourceFacts } from '#golang';
import type {
  GoSumResult,
  ModuleVersion,
  Replacement,
  Requirement,
  ZipDeviation,
  ZipFault,
  ZipRegion,
} from '#module';
import type { Change, Decoy, DecoyRead } from '#sandbox';
import type { SumdbResult } from '#sumdb';

/** What becomes of a file: nothing, where no code is seen to take it. */
export type FileUse = 'built' | 'tested' | 'embedded' | 'named' | 'none';

/** One file of the module, or an entry that the go command refuses. */
export interface FileFact extends Omit<FileContent, 'inside'> {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly constraint: string | null;
  readonly embeddedBy: readonly string[];
  readonly use: FileUse;
  /** The first files that it holds, and how many there are. */
  readonly inside?: Inside & { readonly count: number };
}

/** The entry that something concerns; its bytes in base64 where the name is not UTF-8. */
interface OfEntry {
  readonly entry: string | null;
  readonly nameBytes?: string;
}

/** What the archive shows. */
export interface ArchiveFacts {
  readonly accepted: boolean;
  readonly faults: readonly (ZipFault & OfEntry)[];
  readonly deviations: readonly (ZipDeviation & OfEntry)[];
  /** What every byte of the archive is. */
  readonly map: readonly (ZipRegion & OfEntry)[];
}

/** What happened in the sandbox. */
export interface SandboxFacts {
  /** What was planted. */
  readonly decoys: readonly Decoy[];
  readonly decoyReads: readonly DecoyRead[];
  /** What its writable layer changed. */
  readonly changes: readonly Change[];
}

/** Everything that was observed: plain JSON, no judgment. */
export interface Facts {
  readonly subject: ModuleVersion | null;
  /** The pair that the entries' names say; null where they say none. */
  readonly named: ModuleVersion | null;
  readonly archive: ArchiveFacts;
  readonly goSum: GoSumResult;
  readonly sumdb: SumdbResult;
  readonly source: SourceFacts;
  readonly files: readonly FileFact[];
  readonly flows: readonly FlowFact[];
  readonly gates: readonly GateFact[];
  readonly invisible: readonly InvisibleCharacter[];
  readonly indicators: readonly Indicator[];
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  readonly sandbox: SandboxFacts;
}
