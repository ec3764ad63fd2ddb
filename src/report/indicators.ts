import type { EvidenceBundle } from '#evidence';

type Indicator = EvidenceBundle['facts']['indicators'][number];

/** One value, where it stands first, and in how many places. */
export interface GroupedIndicator {
  readonly first: Indicator;
  readonly places: number;
}

/** Each value once: those that code hides first, then those of code that is built, then the rest. */
export function groupIndicators({ facts }: EvidenceBundle): readonly GroupedIndicator[] {
  const built = new Set(facts.files.filter(({ use }) => use === 'built').map(({ path }) => path));
  const weightOf = ({ decoded, file }: Indicator): number =>
    decoded ? 2 : built.has(file) ? 1 : 0;
  const groups = new Map<string, { first: Indicator; places: number }>();
  for (const one of facts.indicators) {
    const key = `${one.kind}\0${one.value}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: one, places: 1 });
    else {
      group.places++;
      if (weightOf(one) > weightOf(group.first)) group.first = one;
    }
  }
  return [...groups.values()].toSorted((a, b) => weightOf(b.first) - weightOf(a.first));
}
