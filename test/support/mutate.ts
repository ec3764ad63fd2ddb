/** A small generator with a seed (mulberry32): the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const INTERESTING = [0, 1, 2, 8, 0x7f, 0x80, 0xff, 0x50, 0x4b, 5, 6];

/** Changes a few bytes, or cuts, repeats or removes a piece. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const pick = (limit: number) => Math.floor(random() * limit);
  let mutated = new Uint8Array(bytes);
  for (let changes = 1 + pick(4); changes > 0 && mutated.length > 0; changes--) {
    const at = pick(mutated.length);
    const length = Math.min(1 + pick(16), mutated.length - at);
    switch (pick(8)) {
      case 0:
        mutated = mutated.slice(0, Math.max(1, at));
        break;
      case 1:
        mutated = new Uint8Array([...mutated.subarray(0, at), ...mutated.subarray(at + length)]);
        break;
      case 2:
        mutated = new Uint8Array([
          ...mutated.subarray(0, at),
          ...mutated.subarray(at, at + length),
          ...mutated.subarray(at),
        ]);
        break;
      case 3:
        mutated[at] = pick(256);
        break;
      case 4:
        mutated[at] = (mutated[at] ?? 0) ^ (1 << pick(8));
        break;
      default:
        mutated[at] = INTERESTING[pick(INTERESTING.length)] ?? 0;
    }
  }
  return mutated;
}
