/** Picks one of a list. */
export function pick<Value>(random: () => number, list: readonly Value[]): Value {
  const value = list[Math.floor(random() * list.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Joins up to `most` random parts: near misses of a grammar, made of its own tokens. */
export function jumble(random: () => number, parts: readonly string[], most: number): string {
  const count = Math.floor(random() * (most + 1));
  return Array.from({ length: count }, () => pick(random, parts)).join('');
}
