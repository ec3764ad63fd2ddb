import type { Condition, Conditions } from '../build/platforms.ts';
import type { Edge, Fn, Outside } from '../types/model.ts';

/** How a function comes to a capability: by its own use, or by a call of one that does. */
export interface Way {
  readonly fn: Fn;
  readonly outside: Outside | undefined;
  readonly edge: Edge | undefined;
  readonly next: Way | undefined;
  /** Under which builds the whole way can be gone. */
  readonly condition: Condition;
}

/** Ways under other conditions that are kept for one function; more would say little. */
const MOST_WAYS = 8;

interface Caller {
  readonly fn: Fn;
  readonly edge: Edge;
}

/** Who may call whom, backwards. */
export type Callers = ReadonlyMap<Fn, readonly Caller[]>;

/** Turns the edges round. `isCounted` says which of them are calls. */
export function callersOf(fns: readonly Fn[], isCounted: (edge: Edge) => boolean): Callers {
  const callers = new Map<Fn, Caller[]>();
  for (const fn of fns) {
    for (const edge of fn.edges.values()) {
      if (!isCounted(edge)) continue;
      const known = callers.get(edge.to);
      if (known === undefined) callers.set(edge.to, [{ fn, edge }]);
      else known.push({ fn, edge });
    }
  }
  return callers;
}

/** True when a way under `known` makes one under `next` needless. */
function covers(known: Condition, next: Condition, conditions: Conditions): boolean {
  return known === next || conditions.both(known, next) === next;
}

/**
 * The shortest way of every function to a capability, backwards and breadth first from the functions
 * that use it themselves.
 *
 * A way whose steps can never be in one build is none; a function that is reached under several
 * conditions keeps the first as its own, and the others for those who call it.
 */
export function searchWays(
  sources: readonly { readonly fn: Fn; readonly outside: Outside | undefined }[],
  callers: Callers,
  conditions: Conditions,
): ReadonlyMap<Fn, Way> {
  const found = new Map<Fn, Way>();
  const ways = new Map<Fn, Way[]>();
  const queue: Way[] = [];

  function arrive(way: Way): void {
    const known = ways.get(way.fn);
    if (known === undefined) {
      found.set(way.fn, way);
      ways.set(way.fn, [way]);
    } else {
      const isNeedless =
        known.length >= MOST_WAYS ||
        known.some(({ condition }) => covers(condition, way.condition, conditions));
      if (isNeedless) return;
      known.push(way);
    }
    queue.push(way);
  }

  for (const { fn, outside } of sources) {
    arrive({ fn, outside, edge: undefined, next: undefined, condition: fn.condition });
  }
  for (let i = 0; i < queue.length; i++) {
    const next = queue[i] as Way;
    for (const { fn, edge } of callers.get(next.fn) ?? []) {
      const condition = conditions.both(fn.condition, next.condition);
      if (condition !== undefined) arrive({ fn, outside: undefined, edge, next, condition });
    }
  }
  return found;
}
