import { printable } from '#base';
import type { Verification } from '#case';
import { NO_GO_SUM } from '#module';
import { databaseLinks } from '#report';
import { NOT_ASKED } from '#sumdb';

/** One line of `verify`: what came of an input, or why it could not be read. */
export type Outcome =
  | { readonly input: string; readonly verification: Verification }
  | { readonly input: string; readonly error: string };

/** The JSON of one outcome, with the field names of the evidence. */
export function toJson(outcome: Outcome): string {
  if ('error' in outcome) {
    const { input, error } = outcome;
    const nothing = { path: null, version: null, accepted: false, faults: [], h1: null };
    const unchecked = { goModH1: null, goSum: NO_GO_SUM, sumdb: NOT_ASKED };
    return JSON.stringify({ input, ...nothing, ...unchecked, error });
  }
  const { input, verification } = outcome;
  const { inspection, goSum, sumdb } = verification;
  const { subject, accepted, h1, goModH1, entries } = inspection;
  return JSON.stringify({
    input,
    path: subject?.path ?? null,
    version: subject?.version ?? null,
    accepted,
    faults: inspection.faults.map(({ code, index, detail }) => ({
      code,
      entry: index === null ? null : (entries[index]?.name ?? null),
      index,
      detail,
    })),
    h1,
    goModH1,
    goSum,
    sumdb,
  });
}

const MOST_FAULTS = 20;

function wordOf({ inspection, isSound, isConcluded, goSum, sumdb }: Verification): string {
  if (inspection.faults.length > 0) return 'REFUSED';
  if (!isSound) return 'MISMATCH';
  if (!isConcluded) return 'UNPROVEN';
  return goSum.status === 'unchecked' && sumdb.database === null ? 'accepted' : 'ok';
}

function faultLines({ inspection }: Verification): readonly string[] {
  const { faults, entries } = inspection;
  const shown = faults.slice(0, MOST_FAULTS).map(({ code, index, detail }) => {
    const name = index === null ? '' : `${entries[index]?.name ?? ''}: `;
    return `${code}: ${name}${detail}`;
  });
  const left = faults.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more; --json lists all`] : shown;
}

function sumLines({ goSum, sumdb }: Verification): readonly string[] {
  const sum =
    goSum.status === 'unchecked'
      ? []
      : [
          `go.sum: ${goSum.status}${goSum.source === null ? '' : ` (${goSum.source})`}, go.mod ${goSum.goMod}`,
        ];
  return [...sum, ...databaseLinks(sumdb).map((link) => link.join(': '))];
}

/** The lines of one outcome for people. Suspect text is printable. */
export function toText(outcome: Outcome): string {
  const line = (word: string, text: string) => `${word.padEnd(10)} ${printable(text)}\n`;
  if ('error' in outcome) return line('UNREADABLE', outcome.error);
  const { input, verification } = outcome;
  const { subject, h1 } = verification.inspection;
  const name = subject === null ? input : `${subject.path}@${subject.version}`;
  const first = line(wordOf(verification), `${name}  ${h1 ?? 'no h1: Go computes none'}`);
  const more = [...faultLines(verification), ...sumLines(verification)];
  return first + more.map((text) => line('', text)).join('');
}
