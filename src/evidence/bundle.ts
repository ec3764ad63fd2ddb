import type { Indicator } from '#content';
import type { Facts, FileFact, Finding, Verdict } from '#detection';
import type {
  CapabilityFact,
  CombinationFact,
  DirectiveFact,
  FlowFact,
  Gap,
  GateFact,
  LimitFact,
  OnImportFact,
  PackageFact,
  StringFact,
  UseFact,
} from '#golang';
import type { GoSumResult } from '#module';
import type { SumdbResult } from '#sumdb';

/** The format of `evidence.json`. */
export const EVIDENCE_FORMAT = 'glovebox-evidence/1';

/** Which module this is, with the hashes that name it. */
export interface EvidenceSubject {
  readonly path: string | null;
  readonly version: string | null;
  readonly zip: { readonly size: number; readonly sha256: string };
  readonly h1: string | null;
  readonly goModH1: string | null;
}

/** What was examined with. */
export interface EvidenceTools {
  readonly glovebox: string;
  readonly rules: string;
  readonly grammar: string;
  readonly standardLibrary: { readonly go: string; readonly sha256: string };
}

/** The facts of a case, in the words of the contract. */
export interface EvidenceFacts {
  readonly files: readonly FileFact[];
  readonly packages: readonly PackageFact[];
  readonly capabilities: readonly CapabilityFact[];
  readonly uses: readonly UseFact[];
  readonly combinations: readonly CombinationFact[];
  readonly onImport: readonly OnImportFact[];
  readonly directives: readonly DirectiveFact[];
  readonly strings: readonly StringFact[];
  readonly invisible: Facts['invisible'];
  readonly indicators: readonly Indicator[];
  readonly flows: readonly FlowFact[];
  readonly gates: readonly GateFact[];
  readonly dependencies: readonly DependencyFact[];
  readonly sandbox: Facts['sandbox'];
}

/** A module that the go.mod requires. */
export interface DependencyFact {
  readonly path: string;
  readonly version: string;
  readonly direct: boolean;
  /** From a go.sum that was given; null where none has it. */
  readonly h1: string | null;
  /** What a replace directive puts in its place; null where none does. */
  readonly replace: string | null;
  /** The h1 of the zip that calls were followed into; only where one was given. */
  readonly followed?: string | null | undefined;
}

/** The sealed record: facts and findings, nothing of when, where or how fast. */
export interface EvidenceBundle {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly subject: EvidenceSubject;
  readonly profile: { readonly name: string; readonly sha256: string };
  readonly tools: EvidenceTools;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly integrity: {
    readonly zip: Facts['archive'];
    readonly goSum: GoSumResult;
    readonly sumdb: SumdbResult;
  };
  readonly facts: EvidenceFacts;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly limits: readonly LimitFact[];
  /** False where the examination was stopped, which another run may not be; left out otherwise. */
  readonly reproducible?: false;
  readonly audit: AuditSummary;
}

/** The audit log in numbers. */
export interface AuditSummary {
  readonly records: number;
  readonly stacks: number;
  /** base64 of the RFC 6962 root over the lines without their `@timestamp`. */
  readonly digest: string;
}
