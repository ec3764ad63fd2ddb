import type { PathStep } from '#golang';
import type { Facts } from './facts.ts';
import type { Confidence, Finding, Severity } from './finding.ts';

/** What a rule says of one place; the rest of a finding is the rule's own. */
export interface Observation {
  readonly message: string;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly file?: string | null;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly trigger?: Finding['trigger'];
  readonly callPath?: readonly PathStep[];
  readonly value?: string;
}

/** A judgment: a pure function from facts to what it finds in them. */
export interface Rule {
  /** The name of its file. */
  readonly id: string;
  readonly title: string;
  /** What it looks for and what it cannot tell apart, in one or two sentences. */
  readonly description: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** ATT&CK techniques. */
  readonly attack: readonly string[];
  readonly cwe: readonly string[];
  readonly advice: string;
  check(facts: Facts): readonly Observation[];
}

/** The finding that a rule's observation stands for. */
export function toFinding(rule: Rule, observation: Observation): Finding {
  return {
    rule: rule.id,
    title: rule.title,
    severity: observation.severity ?? rule.severity,
    confidence: observation.confidence ?? rule.confidence,
    message: observation.message,
    file: observation.file ?? null,
    line: observation.line ?? null,
    column: observation.column ?? null,
    endLine: observation.endLine ?? null,
    endColumn: observation.endColumn ?? null,
    excerpt: null,
    trigger: observation.trigger ?? 'none',
    callPath: observation.callPath ?? [],
    value: observation.value ?? null,
    attack: rule.attack,
    cwe: rule.cwe,
    advice: rule.advice,
  };
}
