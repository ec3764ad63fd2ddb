import type { Power } from '../facts.ts';
import type { Graph, Node } from './graph.ts';

/** A power that a function has, and the words for it. */
export interface Held {
  readonly power: Power;
  readonly detail: string;
  readonly start: number;
  /** False when it is a callee's. */
  readonly isOwn: boolean;
}

/** Two powers that meet in a function. */
export interface Combination {
  readonly node: Node;
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
export function findCombinations(graph: Graph, own: ReadonlyMap<Node, readonly Held[]>): readonly Combination[] {
  const calls = surelyCalled(graph);
  let held = new Map<Node, Holdings>();
  for (const [node, powers] of own) {
    const holdings = held.get(node.top) ?? new Map<Power, Held>();
    for (const power of powers) if (!holdings.has(power.power)) holdings.set(power.power, power);
    held.set(node.top, holdings);
  }
  for (let level = 0; level < LEVELS; level++) held = lift(held, calls);
  const found: Combination[] = [];
  for (const [node, holdings] of held) {
    for (const [one, other] of PAIRS) {
      const first = holdings.get(one);
      const second = holdings.get(other);
      if (first === undefined || second === undefined) continue;
      const isInner = (calls.get(node) ?? []).some((callee) => callee !== node && held.get(callee)?.has(one) && held.get(callee)?.has(other));
      if (!isInner) found.push({ node, first, second });
    }
  }
  return found.sort((a, b) => a.node.id - b.node.id);
}

/** The declared functions that each declared function, its literals included, surely calls. */
function surelyCalled({ nodes }: Graph): ReadonlyMap<Node, readonly Node[]> {
  const calls = new Map<Node, Set<Node>>();
  for (const node of nodes) {
    for (const { to, rank } of node.edges) {
      if (rank < 2 || to.top === node.top) continue;
      const callees = calls.get(node.top) ?? new Set();
      calls.set(node.top, callees.add(to.top));
    }
  }
  return new Map([...calls].map(([node, callees]) => [node, [...callees]]));
}

function lift(held: ReadonlyMap<Node, Holdings>, calls: ReadonlyMap<Node, readonly Node[]>): Map<Node, Holdings> {
  const lifted = new Map([...held].map(([node, holdings]) => [node, new Map(holdings)]));
  for (const [node, callees] of calls) {
    for (const callee of callees) {
      const holdings = held.get(callee);
      if (holdings === undefined) continue;
      const own = lifted.get(node) ?? new Map<Power, Held>();
      lifted.set(node, own);
      for (const [power, { detail }] of holdings) {
        if (!own.has(power)) own.set(power, { power, detail: `${detail} in ${callee.shown}`, start: node.fn.start, isOwn: false });
      }
    }
  }
  return lifted;
}
