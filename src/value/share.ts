import { Items, type Store } from './run/stores.ts';
import type { Value } from './run/value.ts';

/** Everything that package variables lead to is one thing for all functions. */
export function share(boxes: readonly Store[]): void {
  const work: Store[] = [...boxes];
  for (let store = work.pop(); store !== undefined; store = work.pop()) {
    if (store.isShared) continue;
    store.isShared = true;
    if (store instanceof Items && store.bytes !== undefined) continue;
    for (const value of store.contents()) for (const inner of storesIn(value)) work.push(inner);
  }
}

function storesIn({ v }: Value): readonly Store[] {
  if (typeof v !== 'object' || v === null) return [];
  if ('born' in v) return [v as Store];
  if ('items' in v) return [(v as { items: Store }).items];
  if ('store' in v) return [(v as { store: Store }).store];
  if ('captured' in v) return (v as { captured: readonly Store[] }).captured;
  return [];
}
