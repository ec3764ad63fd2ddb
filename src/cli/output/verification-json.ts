import { cutText } from '#base';
import type { Verification } from '#case';
import { NO_GO_SUM } from '#module';
import { NOT_ASKED } from '#sumdb';

/** One line of `verify`: what came of an input, or why it could not be read. */
export type Outcome =
  | { readonly input: string; readonly verification: Verification }
  | { readonly input: string; readonly error: string };

// Ten thousand of them, every character escaped, still make a line that can be written.
const LONGEST_NAME = 2000;
const MOST_GAPS = 1000;

/** The JSON of one outcome, with the field names of the evidence. */
export function toJson(outcome: Outcome): string {
  if ('error' in outcome) {
    const { input, error } = outcome;
    const nothing = { path: null, version: null, accepted: false, faults: [], h1: null };
    const unchecked = { goModH1: null, goSum: NO_GO_SUM, sumdb: NOT_ASKED };
    return JSON.stringify({ input, ...nothing, ...unchecked, error });
  }
  const { input, verification } = outcome;
  const { inspection, zip, goSum, sumdb } = verification;
  const { subject, accepted, h1, goModH1, entries, gaps } = inspection;
  return JSON.stringify({
    input,
    path: subject?.path ?? null,
    version: subject?.version ?? null,
    accepted,
    faults: inspection.faults.map(({ code, index, detail }) => {
      const { name = null, nameBytes } = (index === null ? undefined : entries[index]) ?? {};
      return { code, entry: name && cutText(name, LONGEST_NAME), nameBytes, index, detail };
    }),
    h1,
    goModH1,
    goSum,
    sumdb,
    zip,
    // Only where there are some: what was not read, and for which entry.
    gaps: gaps.length === 0 ? undefined : gaps.slice(0, MOST_GAPS),
  });
}
