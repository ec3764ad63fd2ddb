/**
 * Judgment: rules over facts, and the verdict over what they find. Pure functions.
 *
 * ```ts
 * const { findings, gaps } = detect(facts, { settings: {}, findingsPerRule: 200 });
 * judge(findings, { gaps, limits }, 'off-import'); // { verdict: 'malicious', reasons: […] }
 * ```
 *
 * @module
 */

export { RULES, rulesDigest } from './catalog.ts';
export { type Detection, type DetectionOptions, detect } from './detect.ts';
export type { ArchiveFacts, Facts, FileFact, FileUse } from './facts.ts';
export {
  type Confidence,
  type Finding,
  type FindingStep,
  SEVERITIES,
  type Severity,
} from './finding.ts';
export type { Observation, Rule } from './rule.ts';
export { type AcceptedLimits, type Judgment, judge, type Verdict } from './verdict.ts';
