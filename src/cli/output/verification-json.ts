import type { Verification } from '#case';
import { NO_GO_SUM } from '#module';
import { NOT_ASKED } from '#sumdb';

/** One line of `verify`: what came of an input, or why it could not be read. */
export type Outcome =
  | { readonly input: string; readonly verification: Verification }
  | {
      readonly input: string;
      readonly error: string;
      /** True where it was being read and could not be read to its end. */
      readonly isStopped?: boolean;
    };

/** The JSON of one outcome, with the field names of the evidence. */
export function toJson(outcome: Outcome): string {
  if ('error' in outcome) {
    const { input, error } = outcome;
    const nothing = { path: null, version: null, accepted: false, faults: [], h1: null };
    const unchecked = { goModH1: null, goSum: NO_GO_SUM, sumdb: NOT_ASKED };
    return JSON.stringify({ input, ...nothing, ...unchecked, error });
  }
  const { input, verification } = outcome;
  const { subject, accepted, faults, h1, goModH1, goSum, sumdb, zip, gaps } = verification;
  return JSON.stringify({
    input,
    path: subject?.path ?? null,
    version: subject?.version ?? null,
    accepted,
    faults: faults.map(({ code, entry, nameBytes, index, detail }) => ({
      code,
      entry,
      nameBytes,
      index,
      detail,
    })),
    h1,
    goModH1,
    goSum,
    sumdb,
    zip,
    // Only where there are some: what was not read, and for which entry.
    gaps: gaps.length === 0 ? undefined : gaps,
  });
}
