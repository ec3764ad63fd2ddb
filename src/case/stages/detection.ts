import { detect, type Facts, type Finding, type Judgment, judge } from '#detection';
import type { Gap } from '#golang';
import type { Profile } from '#sandbox';
import { createExcerpts } from '../excerpts.ts';
import type { SourceFiles } from '../source-files.ts';

/** The findings with their code, the verdict, and the rules that failed. */
export interface DetectionResult extends Judgment {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

const EXCERPT_LINES = 3;

/**
 * Applies the rules, judges, and puts the code beside each finding and each step that leads to it; no
 * code where there are no files.
 */
export function detectionStage(
  facts: Facts,
  openFiles: (() => SourceFiles) | undefined,
  { profile, gaps }: { readonly profile: Profile; readonly gaps: readonly Gap[] },
): DetectionResult {
  const detection = detect(facts, {
    settings: profile.rules,
    findingsPerRule: profile.limits.findingsPerRule,
  });
  const files = openFiles?.();
  const known = new Set(files?.list());
  const excerpts = createExcerpts((file) =>
    known.has(file) ? files?.read(file) : files?.readOther(file),
  );
  const findings = detection.findings.map((finding) => ({
    ...finding,
    excerpt:
      finding.file === null || finding.line === null
        ? null
        : excerpts.lines(finding.file, finding.line - 1, EXCERPT_LINES),
    callPath: finding.callPath.map(excerpts.beside),
  }));
  const all = [...gaps, ...detection.gaps];
  const judgment = judge(
    findings,
    { gaps: all, limits: facts.source.limits },
    profile.verdict.acceptedLimits,
  );
  return { ...judgment, findings, gaps: detection.gaps };
}
