import { CodedError } from '#base';
import type { Verdict } from '#detection';
import { UsageError } from './usage-error.ts';

/** What the process ends with; the sysexits numbers where there is one. */
export const EXIT = {
  clean: 0,
  found: 1,
  inconclusive: 2,
  usage: 64,
  input: 65,
  missing: 69,
  bug: 70,
  output: 74,
  interrupted: 130,
} as const;

/** The verdict from which on a run fails; `never` for one that always succeeds. */
export type FailOn = 'malicious' | 'suspicious' | 'inconclusive' | 'never';

const ORDER: readonly Verdict[] = ['malicious', 'suspicious', 'inconclusive', 'clean'];

/** The exit code of a verdict; verdicts below the line count as success. */
export function exitCodeOf(verdict: Verdict, failOn: FailOn): number {
  const line = failOn === 'never' ? -1 : ORDER.indexOf(failOn);
  if (ORDER.indexOf(verdict) > line) return EXIT.clean;
  return verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.found;
}

const CODES: Readonly<Record<string, number>> = {
  USAGE: EXIT.usage,
  OUTPUT: EXIT.output,
  PARSER: EXIT.missing,
  UNREACHABLE: EXIT.inconclusive,
  STATE: EXIT.output,
  UNPROVEN: EXIT.found,
  FORK: EXIT.found,
};

/** The exit code of an error; every refusal that is not about usage or output is about an input. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CodedError) return CODES[error.code] ?? EXIT.input;
  return EXIT.bug;
}
