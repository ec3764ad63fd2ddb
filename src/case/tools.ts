import type { AnalysisTools, GoParser, WhyQuestion } from '#golang';
import type { GoSumLine, ModuleVersion } from '#module';
import type { LoadedProfile } from '#sandbox';
import type { SumdbAsker } from '#sumdb';

/** Reads a file of another module; undefined where there is none. */
export type FetchModule = (
  module: ModuleVersion,
  file: 'zip' | 'mod',
) => Promise<Uint8Array | undefined>;

/** What is to be examined, and by which rules. */
export interface ExaminationRequest {
  readonly zip: Uint8Array;
  /** What the user says the zip is; undefined to take it from the entries. */
  readonly stated: ModuleVersion | undefined;
  /** Undefined when no go.sum was given. */
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly profile: LoadedProfile;
  /** Zips of other modules, to follow calls into. */
  readonly with?: readonly Uint8Array[] | undefined;
  /** What else is to be said; that is no evidence. */
  readonly why?: WhyQuestion | undefined;
  /** This program's version, for the record. */
  readonly version: string;
}

/** What an examination works with. */
export interface ExaminationTools {
  readonly openParser: () => Promise<GoParser>;
  /** A fresh parser after a crash; undefined when there were too many. */
  readonly reopenParser: () => Promise<GoParser | undefined>;
  readonly breathe: AnalysisTools['breathe'];
  /** Undefined where no checksum database is to be asked. */
  readonly sumdb: SumdbAsker | undefined;
  /** Reads of a module cache; undefined where there is none. */
  readonly fetchModule?: FetchModule | undefined;
}
