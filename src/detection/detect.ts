import { compareUtf8 } from '#base';
import type { Gap } from '#golang';
import { RULES } from './catalog.ts';
import type { Facts } from './facts.ts';
import { type Finding, SEVERITIES, type Severity } from './finding.ts';
import { type Rule, toFinding } from './rule.ts';

/** What a profile says of one rule. */
export interface RuleSetting {
  readonly enabled: boolean;
  readonly severity?: Severity | undefined;
}

/** How the rules are to be applied. */
export interface DetectionOptions {
  readonly settings: Readonly<Record<string, RuleSetting>>;
  /** Findings of one rule beyond this are counted in the last one, not listed. */
  readonly findingsPerRule: number;
}

/** What the rules found, worst first, and the rules that failed. */
export interface Detection {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

const CONFIDENCES = ['high', 'medium', 'low'];

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    compareUtf8(a.rule, b.rule) ||
    compareUtf8(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareUtf8(a.message, b.message)
  );
}

function apply(rule: Rule, facts: Facts, options: DetectionOptions): readonly Finding[] {
  const setting = options.settings[rule.id];
  const found = rule
    .check(facts)
    .map((observation) => toFinding(rule, observation))
    .map((finding) =>
      setting?.severity === undefined ? finding : { ...finding, severity: setting.severity },
    )
    .sort(compareFindings);
  const listed = found.slice(0, options.findingsPerRule);
  const last = listed.at(-1);
  const left = found.length - listed.length;
  if (left === 0 || last === undefined) return listed;
  return [
    ...listed.slice(0, -1),
    { ...last, message: `${last.message} (and ${left} more of this rule)` },
  ];
}

/** Applies every rule. A rule that throws is a gap that names it: it may have missed anything. */
export function detect(
  facts: Facts,
  options: DetectionOptions,
  rules: readonly Rule[] = RULES,
): Detection {
  const findings: Finding[] = [];
  const gaps: Gap[] = [];
  for (const rule of rules) {
    if (options.settings[rule.id]?.enabled === false) continue;
    try {
      for (const finding of apply(rule, facts, options)) findings.push(finding);
    } catch (error) {
      gaps.push({ code: 'rule-failed', file: '', line: 0, detail: `${rule.id}: ${String(error)}` });
    }
  }
  return { findings: findings.sort(compareFindings), gaps };
}
