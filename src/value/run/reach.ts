import type { Callable } from '../compile/model.ts';
import type { Machine } from './machine.ts';
import { Items, type Reference, type Slice, type Store } from './stores.ts';
import { UNKNOWN, type Value } from './value.ts';

/** The stores that a value leads to directly. */
function* storesOf({ v }: Value): Generator<Store> {
  if (typeof v !== 'object' || v === null) return;
  if ('entries' in v || v instanceof Items) yield v as Store;
  else if ('items' in v) yield (v as Slice).items;
  else if ('store' in v) yield (v as Reference).store;
  else if ('kind' in v && (v as Callable).kind === 'closure')
    yield* (v as Extract<Callable, { kind: 'closure' }>).captured;
}

/** The function that a value is. */
export function callableOf({ v }: Value): Callable | undefined {
  const found = v as Callable | null | undefined;
  if (typeof found !== 'object' || found === null || !('kind' in found)) return undefined;
  return found.kind === 'closure' || found.kind === 'native' ? found : undefined;
}

/**
 * Lets go of everything that can be reached through values: code that is not followed may change it, now
 * or later. Shows the functions among it, which that code may call.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk over what values lead to.
export function release(
  m: Machine,
  values: Iterable<Value>,
  onFunction: (found: Callable) => void,
): void {
  const work = [...values];
  const known = new Set<Store>();
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (value === UNKNOWN || typeof value.v !== 'object') continue;
    const callable = callableOf(value);
    if (callable !== undefined) {
      onFunction(callable);
      if (callable.receiver !== undefined) work.push(callable.receiver);
    }
    for (const store of storesOf(value)) {
      if (known.has(store)) continue;
      known.add(store);
      m.step();
      if (!store.isEscaped) for (const held of store.contents()) work.push(held);
      m.escape(store);
    }
  }
}
