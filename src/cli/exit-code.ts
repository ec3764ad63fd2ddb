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

/** Everything else that is refused is an input that cannot be used. */
const CODES: Readonly<Record<string, number>> = {
  USAGE: EXIT.usage,
  OUTPUT: EXIT.output,
  STATE: EXIT.output,
  PARSER: EXIT.missing,
  ISOLATION: EXIT.missing,
  // Nothing was concluded.
  STOPPED: EXIT.inconclusive,
  UNREACHABLE: EXIT.inconclusive,
  SILENT: EXIT.inconclusive,
  NO_RECORD: EXIT.inconclusive,
  SKIPPED: EXIT.inconclusive,
  UNKNOWN_KEYS: EXIT.inconclusive,
  // What was given does not hold.
  BROKEN: EXIT.found,
  FORK: EXIT.found,
  UNPROVEN: EXIT.found,
  NO_LINE: EXIT.found,
  INVALID_SIGNATURE: EXIT.found,
  INVALID_PROOF: EXIT.found,
  NOT_IN_TREE: EXIT.found,
  INCONSISTENT_TILE: EXIT.found,
  TILE_LENGTH: EXIT.found,
};

/** The exit code of an error; every refusal that is not about usage or output is about an input. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CodedError) return CODES[error.code] ?? EXIT.input;
  return EXIT.bug;
}
