import type { PathStep, Trigger } from '#golang';

/** How bad a finding is, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** How bad a finding is. */
export type Severity = (typeof SEVERITIES)[number];
/** How sure a rule is. */
export type Confidence = 'high' | 'medium' | 'low';

/** A step of a call path with the code it stands for. */
export interface FindingStep extends PathStep {
  readonly excerpt?: string;
}

/** A judgment over facts, with everything that a reader needs to check it. */
export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What was seen and why it matters. */
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  /** At most 5 lines and 400 bytes, printable; null where there is no code. */
  readonly excerpt: string | null;
  readonly trigger: Trigger | 'generate' | 'build';
  readonly callPath: readonly FindingStep[];
  readonly value: string | null;
  readonly attack: readonly string[];
  readonly cwe: readonly string[];
  /** What a responder should do next. */
  readonly advice: string;
}
