import type { EvidenceBundle } from '#evidence';

type Text = EvidenceBundle['facts']['strings'][number];

/** Texts that are shown. */
const MOST = 6;
/** Operations that say little of how a text was hidden. */
const PLAIN = new Set(['concat', 'format', 'path', 'join', 'command', 'credential', 'bytes']);

/** Weight of what someone went to lengths to hide. */
const HIDDEN = 2;

/** How much a reader wants to see a text: commands first, then what someone went to lengths to hide. */
function weightOf({ how, uses = [] }: Text): number {
  const isHidden = how.some((operation) => !PLAIN.has(operation));
  return (how.includes('command') ? 4 : 0) + (isHidden ? HIDDEN : 0) + (uses.length > 0 ? 1 : 0);
}

/** A text in clear, and the code that it is the value of. */
export interface ClearText {
  readonly place: string;
  readonly code: string;
  readonly value: string;
  /** How it was made, and who gets it. */
  readonly origin: string;
}

/** The most telling of the texts that following the code found, each value once. */
export function textsInClear({ facts }: EvidenceBundle): {
  readonly texts: readonly ClearText[];
  readonly more: number;
} {
  const seen = new Set<string>();
  const found = facts.strings
    // What is plainly put together stands in the evidence.
    .filter((text) => text.code !== undefined && weightOf(text) >= HIDDEN)
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .filter(({ file, value }) => {
      const isNew = !seen.has(`${file} ${value}`);
      seen.add(`${file} ${value}`);
      return isNew;
    });
  const texts = found.slice(0, MOST).map(({ file, line, code = '', value, how, uses = [] }) => {
    const ways = how.filter((operation) => operation !== 'command');
    const users = [...new Set(uses.map((use) => use.function))];
    const origin = [
      ...(ways.length === 0 ? [] : [`by ${ways.join(', ')}`]),
      ...(users.length === 0 ? [] : [`for ${users.join(', ')}`]),
    ].join('; ');
    return { place: `${file}:${line}`, code, value, origin };
  });
  return { texts, more: found.length - texts.length };
}
