import { type Arbitrary, assert, property } from 'fast-check';

/** Checks a property over many values; the seed is fixed, so that a failure comes back. */
export function forAll<Value>(values: Arbitrary<Value>, holds: (value: Value) => boolean): void {
  assert(property(values, holds), {
    seed: 20261122,
    numRuns: Number(process.env['GLOVEBOX_RUNS'] ?? 1000),
  });
}
