import type { Graph } from '../check/check-module.ts';
import type { Power } from '../facts.ts';
import type { Edge, Fn, Site } from '../types/model.ts';

/** A power that a function has, and the words for it. */
export interface Held {
  readonly power: Power;
  readonly detail: string;
  readonly site: Site;
  /** False when it is a callee's. */
  readonly isOwn: boolean;
}

/** Two powers that meet in a function. */
export interface Combination {
  readonly node: Fn;
  readonly first: Held;
  readonly second: Held;
}

const PAIRS: readonly (readonly [Power, Power])[] = [
  ['credential', 'network'],
  ['environment', 'network'],
  ['file-write', 'exec'],
  ['network', 'exec'],
  ['assembled', 'exec'],
];
/** Calls that powers travel up: a helper that sends, one that reads. Further up, all programs meet. */
const LEVELS = 2;

type Holdings = Map<Power, Held>;

/**
 * Finds the functions in which two powers meet, their own or those of what they surely call.
 *
 * A function is left out when one of its callees already shows the pair: the innermost is named.
 */
export function findCombinations(
  graph: Graph,
  own: ReadonlyMap<Fn, readonly Held[]>,
): readonly Combination[] {
  let held = new Map<Fn, Holdings>();
  for (const [node, powers] of own) {
    const holdings = held.get(node.top) ?? new Map<Power, Held>();
    for (const power of powers) if (!holdings.has(power.power)) holdings.set(power.power, power);
    held.set(node.top, holdings);
  }
  for (let level = 0; level < LEVELS; level++) held = lift(held, graph);
  const inner = findInner(held, graph);
  const found: Combination[] = [];
  for (const [node, holdings] of held) {
    PAIRS.forEach(([one, other], pair) => {
      const first = holdings.get(one);
      const second = holdings.get(other);
      const isInner = inner.get(node)?.has(pair) === true;
      if (first !== undefined && second !== undefined && !isInner)
        found.push({ node, first, second });
    });
  }
  return found.sort((a, b) => a.node.id - b.node.id);
}

/** Callees of one place beyond which they say nothing any more. */
const MOST_CALLEES = 64;

/** The calls of a function, those through places among them. */
function callsOf(node: Fn): readonly Edge[] {
  return [...node.edges.values()].flatMap((edge) => {
    if (edge.to.kind !== 'hub') return [edge];
    return edge.to.edges.size > MOST_CALLEES ? [] : [...edge.to.edges.values()];
  });
}

/** Shows every sure call between declared functions, their literals included. */
function eachCall({ fns }: Graph, show: (caller: Fn, callee: Fn) => void): void {
  for (const node of fns) {
    if (node.kind === 'hub') continue;
    for (const { to, rank } of callsOf(node))
      if (rank >= 2 && to.top !== node.top) show(node.top, to.top);
  }
}

/** For each function, the pairs that one of its callees holds too. */
function findInner(
  held: ReadonlyMap<Fn, Holdings>,
  graph: Graph,
): ReadonlyMap<Fn, ReadonlySet<number>> {
  const inner = new Map<Fn, Set<number>>();
  eachCall(graph, (caller, callee) => {
    const holdings = held.get(callee);
    if (holdings === undefined || !held.has(caller)) return;
    PAIRS.forEach(([one, other], pair) => {
      if (holdings.has(one) && holdings.has(other))
        inner.set(caller, (inner.get(caller) ?? new Set()).add(pair));
    });
  });
  return inner;
}

function lift(held: ReadonlyMap<Fn, Holdings>, graph: Graph): Map<Fn, Holdings> {
  const lifted = new Map([...held].map(([node, holdings]) => [node, new Map(holdings)]));
  eachCall(graph, (caller, callee) => {
    const holdings = held.get(callee);
    if (holdings === undefined) return;
    const own = lifted.get(caller) ?? new Map<Power, Held>();
    lifted.set(caller, own);
    for (const [power, { detail }] of holdings) {
      if (!own.has(power))
        own.set(power, {
          power,
          detail: `${detail} in ${callee.shown}`,
          site: caller.site,
          isOwn: false,
        });
    }
  });
  return lifted;
}
