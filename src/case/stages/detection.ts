import { cutText, decodeUtf8, encodeUtf8, printable, toByteString } from '#base';
import { detect, type Facts, type Finding, type Judgment, judge } from '#detection';
import type { Gap, PathStep } from '#golang';
import type { Profile } from '#sandbox';
import type { SourceFiles } from '../source-files.ts';

/** The findings with their code, the verdict, and the rules that failed. */
export interface DetectionResult extends Judgment {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

const EXCERPT_LINES = 3;
const EXCERPT_BYTES = 400;
const LINE_LENGTH = 120;

/** Reads lines of files as code to show; each file is read once. */
function createExcerpts(
  files: SourceFiles | undefined,
): (file: string, first: number, count: number) => string | null {
  if (files === undefined) return () => null;
  const read = new Map<string, readonly string[]>();
  const known = new Set(files.list());

  function linesOf(file: string): readonly string[] {
    const before = read.get(file);
    if (before !== undefined) return before;
    const bytes = files?.read(file) ?? new Uint8Array(0);
    const lines = (decodeUtf8(bytes) ?? toByteString(bytes)).split('\n');
    read.set(file, lines);
    return lines;
  }

  return (file, first, count) => {
    if (!known.has(file)) return null;
    const lines = linesOf(file).slice(Math.max(0, first - 1), first - 1 + count);
    return cutBytes(
      lines.map((line) => cutText(printable(line.replaceAll('\t', '  ')), LINE_LENGTH)).join('\n'),
    );
  };
}

function cutBytes(text: string): string {
  let cut = text;
  while (encodeUtf8(cut).length > EXCERPT_BYTES) cut = cutText(cut, cut.length - 8);
  return cut;
}

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
  const excerptOf = createExcerpts(openFiles?.());
  const withExcerpt = (step: PathStep) => {
    const excerpt =
      step.file === undefined || step.line === undefined
        ? null
        : excerptOf(step.file, step.line, 1);
    return excerpt === null ? step : { ...step, excerpt };
  };
  const findings = detection.findings.map((finding) => ({
    ...finding,
    excerpt:
      finding.file === null || finding.line === null
        ? null
        : excerptOf(finding.file, finding.line - 1, EXCERPT_LINES),
    callPath: finding.callPath.map(withExcerpt),
  }));
  const all = [...gaps, ...detection.gaps];
  const judgment = judge(
    findings,
    { gaps: all, limits: facts.source.limits },
    profile.verdict.acceptedLimits,
  );
  return { ...judgment, findings, gaps: detection.gaps };
}
