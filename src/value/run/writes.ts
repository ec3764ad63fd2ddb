import { ESCAPED, type Key, Pair, type Store } from './stores.ts';
import { UNKNOWN, type Value } from './value.ts';

/** How a statement ends. */
export type Ending = 0 | 1 | 2 | 3;
export const ON = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const RETURN = 3;

/** What was written: by store and place. */
export type Writes = Map<Store, Map<Key, Value | undefined>>;

/** One way out of a loop, a switch or a function, of which it is not known whether it is taken. */
export interface Exit {
  readonly ending: Ending;
  readonly label: string;
  /** Equal for ways that come to the same place. */
  readonly goal: string;
  readonly results: readonly Value[] | undefined;
  /** What was written on this way since the fork. */
  writes: Writes;
  /** Where the fork is on the trail. */
  mark: number;
}

export function note(writes: Writes, store: Store, key: Key, value?: Value): void {
  const cells = writes.get(store);
  if (cells === undefined) writes.set(store, new Map([[key, value]]));
  else cells.set(key, value);
}

/** True when something was not there before. */
export function addAll(to: Writes, from: Writes): boolean {
  let isNew = false;
  for (const [store, cells] of from)
    for (const key of cells.keys()) {
      isNew ||= to.get(store)?.has(key) !== true;
      note(to, store, key);
    }
  return isNew;
}

export function blurred(writes: Writes): Writes {
  for (const cells of writes.values()) for (const key of cells.keys()) cells.set(key, UNKNOWN);
  return writes;
}

export function withoutValues(exit: Exit, written: Writes): Exit {
  const writes: Writes = new Map();
  for (const [store, cells] of written)
    for (const key of cells.keys()) note(writes, store, key, UNKNOWN);
  return { ...exit, writes, results: exit.results?.map(() => UNKNOWN) };
}

export function now(store: Store, key: Key): Value | undefined {
  return key === ESCAPED ? undefined : store.read(key);
}

export function valueIn(writes: Writes, store: Store, key: Key): Value | undefined {
  const cells = writes.get(store);
  return cells?.has(key) === true ? cells.get(key) : now(store, key);
}

/** True where two ways leave the same value behind. */
export function isAlike(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === UNKNOWN || b === UNKNOWN) return false;
  if (a instanceof Pair) return b instanceof Pair && isAlike(a.value, b.value);
  if (a.t !== b.t) return false;
  if (a.v === b.v) return typeof a.v !== 'number' || a.v !== 0 || Object.is(a.v, b.v);
  return isSameSlice(a.v, b.v);
}

function isSameSlice(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (!('items' in a && 'items' in b)) return false;
  const [x, y] = [a, b] as { items: unknown; offset: number; length: number; capacity: number }[];
  return (
    x?.items === y?.items &&
    x?.offset === y?.offset &&
    x?.length === y?.length &&
    x?.capacity === y?.capacity
  );
}
