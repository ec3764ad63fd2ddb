import { printable } from '#base';
import type { Verification } from '#case';
import { databaseLinks } from '#report';
import type { Outcome } from './verification-json.ts';

const MOST_FAULTS = 20;

function wordOf({ faults, h1, isSound, isConcluded, goSum, sumdb }: Verification): string {
  if (faults.length > 0) return 'REFUSED';
  // No fault of a file, but something that ends the hash: the go command refuses it all the same.
  if (h1 === null && !isSound) return 'REFUSED';
  if (sumdb.status === 'fork') return 'FORK';
  if (!isSound) return 'MISMATCH';
  if (!isConcluded) return 'UNPROVEN';
  return goSum.status === 'unchecked' && sumdb.database === null ? 'accepted' : 'ok';
}

function faultLines({ faults }: Verification): readonly string[] {
  const shown = faults
    .slice(0, MOST_FAULTS)
    .map(({ code, entry, detail }) => `${code}: ${entry === null ? '' : `${entry}: `}${detail}`);
  const left = faults.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more; --json lists all`] : shown;
}

/** What was not read, where nothing else says why there is no answer. */
function gapLines({ gaps, isConcluded }: Verification): readonly string[] {
  const cut = gaps.filter(({ code }) => code === 'over-budget');
  if (isConcluded || cut.length === 0) return [];
  const left = cut.length === 1 ? '' : `, and ${cut.length - 1} more`;
  return [`not read: ${cut[0]?.detail ?? ''}${left}`];
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
  if ('error' in outcome) return line(outcome.isStopped ? 'STOPPED' : 'UNREADABLE', outcome.error);
  const { input, verification } = outcome;
  const { subject, h1 } = verification;
  const name = subject === null ? input : `${subject.path}@${subject.version}`;
  const first = line(wordOf(verification), `${name}  ${h1 ?? 'no h1: Go computes none'}`);
  const { size, sha256 } = verification.zip;
  const more = [
    `zip: ${size} bytes, SHA-256 ${sha256}`,
    ...faultLines(verification),
    ...gapLines(verification),
    ...sumLines(verification),
  ];
  return first + more.map((text) => line('', text)).join('');
}
