import type { Clock } from '#base';

/** The machine's clock. */
export function createClock(): Clock {
  return { now: () => Date.now(), elapsed: () => performance.now() };
}

/** A clock that stands still at `seconds` since 1970 (SOURCE_DATE_EPOCH): runs repeat byte for byte. */
export function createFixedClock(seconds: number): Clock {
  return { now: () => seconds * 1000, elapsed: () => 0 };
}
