import type { Gap, LimitFact } from '#golang';
import type { Finding } from './finding.ts';

/** The answer, worst first. `clean`: all was seen and nothing found; never a promise of safety. */
export type Verdict = 'malicious' | 'suspicious' | 'inconclusive' | 'clean';

/** Which limits of the method a profile accepts in a clean module. */
export type AcceptedLimits = 'all' | 'off-import' | 'none';

/** A verdict with its reasons, most important first. */
export interface Judgment {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

const MOST_REASONS = 10;

function sentence({ title, message, file, line }: Finding): string {
  const place = file === null ? '' : ` (${file}${line === null ? '' : `:${line}`})`;
  return `${title}: ${message}${place}`;
}

function gapSentence({ code, file, line, detail }: Gap): string {
  const place = file === '' ? '' : ` in ${file}${line > 0 ? `:${line}` : ''}`;
  return `Not seen (${code})${place}: ${detail}`;
}

function limitSentence({ code, file, line, detail, onImport }: LimitFact): string {
  return `Cannot be followed (${code})${onImport ? ' on import' : ''} in ${file}:${line}: ${detail}`;
}

function firstOf(reasons: readonly string[]): readonly string[] {
  const distinct = [...new Set(reasons)];
  const left = distinct.length - MOST_REASONS;
  return left <= 0 ? distinct : [...distinct.slice(0, MOST_REASONS), `and ${left} more`];
}

/** Judges findings, gaps and limits. A gap turns `clean` into `inconclusive` and changes nothing else. */
export function judge(
  findings: readonly Finding[],
  { gaps, limits }: { readonly gaps: readonly Gap[]; readonly limits: readonly LimitFact[] },
  accepted: AcceptedLimits,
): Judgment {
  const certain = findings.filter(
    ({ severity, confidence }) => severity === 'critical' && confidence === 'high',
  );
  const grave = findings.filter(({ severity }) => severity === 'critical' || severity === 'high');
  if (certain.length > 0) {
    const others = grave.filter((finding) => !certain.includes(finding));
    return { verdict: 'malicious', reasons: firstOf([...certain, ...others].map(sentence)) };
  }
  if (grave.length > 0) return { verdict: 'suspicious', reasons: firstOf(grave.map(sentence)) };
  const refused = limits.filter(
    ({ onImport }) => accepted === 'none' || (accepted === 'off-import' && onImport),
  );
  const unseen = [...gaps.map(gapSentence), ...refused.map(limitSentence)];
  if (unseen.length > 0) return { verdict: 'inconclusive', reasons: firstOf(unseen) };
  return {
    verdict: 'clean',
    reasons: ['Everything was read, and no rule of high severity applies'],
  };
}
