import type { Flow, Slot, Type, Value } from '../types/model.ts';
import { ERROR, isCarrier, typeId } from '../types/types.ts';

/** What a value is told apart by. */
function keyOf({ fn, callee, type, origin }: Value): unknown {
  if (fn !== undefined) return type === undefined ? fn : `${fn.id} ${typeId(type)}`;
  if (callee !== undefined) return `${callee.path} ${callee.symbol} ${type && typeId(type)}`;
  return type === undefined ? origin : typeId(type);
}

/** An empty flow. `budget` counts arrivals, edges and what else is spent. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one small machine over one budget.
export function createFlow(budget: number): Flow {
  const elements = new Map<string, Slot>();
  const work: { readonly slot: Slot; readonly value: Value }[] = [];
  const arrived: { readonly run: (value: Value) => void; readonly value: Value }[] = [];
  let left = budget;
  const all: Slot[] = [];

  const slot = (): Slot => {
    const made: Slot = { id: all.length, has: undefined, to: undefined, sites: undefined };
    all.push(made);
    return made;
  };

  function put(target: Slot, key: unknown, value: Value): void {
    target.has ??= new Map();
    if (target.has.has(key) || left <= 0) return;
    left--;
    target.has.set(key, value);
    if (target.to !== undefined || target.sites !== undefined) work.push({ slot: target, value });
  }

  /** Shows one value to a site that came later than it; false when there is none. */
  function answerOne(): boolean {
    const waiting = arrived.pop();
    if (waiting !== undefined && left-- > 0) waiting.run(waiting.value);
    return waiting !== undefined;
  }

  /** Moves one value on; false when there is none. */
  function moveOne(): boolean {
    const next = work.pop();
    if (next === undefined) return false;
    const { slot: from, value } = next;
    const key = keyOf(value);
    for (const to of from.to ?? []) put(to, key, value);
    // Sites may grow while they run: what is added later sees the value by itself.
    const length = from.sites?.length ?? 0;
    for (let i = 0; i < length && left > 0; i++) {
      left--;
      from.sites?.[i]?.(value);
    }
    return true;
  }

  function element(type: Type | undefined): Slot {
    const id = typeId(type);
    let known = elements.get(id);
    if (known === undefined) {
      known = slot();
      elements.set(id, known);
    }
    return known;
  }

  const errors = element(ERROR);
  const panics = slot();

  return {
    slot,
    element,
    errors,
    panics,
    place(type) {
      if (!isCarrier(type)) return undefined;
      return type === ERROR ? errors : slot();
    },
    add(target, value) {
      if (target !== undefined) put(target, keyOf(value), value);
    },
    edge(from, to) {
      if (from === undefined || to === undefined || from === to || left <= 0) return;
      from.to ??= new Set();
      if (from.to.has(to)) return;
      left--;
      from.to.add(to);
      if (from.has !== undefined) for (const [key, value] of from.has) put(to, key, value);
    },
    watch(target, run) {
      if (target === undefined) return;
      target.sites ??= [];
      target.sites.push(run);
      // Not at once: a site may watch the next place, and that one the next, without end.
      for (const value of target.has?.values() ?? []) arrived.push({ run, value });
    },
    grant(steps) {
      left += steps;
    },
    spend(cost = 1) {
      left -= cost;
      return left > 0;
    },
    release() {
      for (const made of all) {
        made.to = undefined;
        made.sites = undefined;
      }
      all.length = 0;
      elements.clear();
    },
    solve() {
      while (answerOne() || moveOne());
      return left > 0;
    },
  };
}
