import type { Finding, Verdict } from '#detection';
import type { EvidenceBundle } from '#evidence';
import type { Why } from '#golang';
import type { AuditRecord } from '#sandbox';

/** The parts of an examination, in their order. */
export type Stage = 'intake' | 'integrity' | 'analysis' | 'detection' | 'sealing';

/**
 * What the side that reads hostile bytes says to the side that seals. Plain JSON: it may come over a
 * pipe.
 */
export type ExaminationEvent =
  | { readonly type: 'stage.started'; readonly stage: Stage }
  | { readonly type: 'stage.finished'; readonly stage: Stage }
  | { readonly type: 'stage.failed'; readonly stage: Stage; readonly detail: string }
  | {
      readonly type: 'progress';
      readonly stage: Stage;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'access'; readonly record: AuditRecord }
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'why'; readonly why: Why }
  /** Said twice: after integrity, with nothing of the analysis, and at the end. The last one counts. */
  | { readonly type: 'examined'; readonly evidence: UnsealedEvidence };

/** Evidence before the audit log is closed and the zip's digest is put in by who seals. */
export type UnsealedEvidence = Omit<EvidenceBundle, 'audit' | 'subject'> & {
  readonly subject: Omit<EvidenceBundle['subject'], 'zip'>;
};

/** What a case says while it runs; the last event is `case.closed`. */
export type CaseEvent = { readonly caseId: string; readonly at: string } & (
  | Exclude<ExaminationEvent, { readonly type: 'examined' }>
  | { readonly type: 'case.closed'; readonly verdict: Verdict; readonly directory: string }
);
