import type { Grammar, KindName } from '#golang';

/** Readers by the names of kinds, as a table by the numbers that a grammar gives them; made once for each grammar. */
export function readerTable<Reader>(
  readers: Partial<Record<KindName, Reader>>,
): (grammar: Grammar) => readonly (Reader | undefined)[] {
  const tables = new WeakMap<Grammar, (Reader | undefined)[]>();
  return (grammar) => {
    const known = tables.get(grammar);
    if (known !== undefined) return known;
    const made: (Reader | undefined)[] = [];
    for (const [kind, reader] of Object.entries(readers))
      made[grammar.kind[kind as KindName]] = reader as Reader;
    tables.set(grammar, made);
    return made;
  };
}
