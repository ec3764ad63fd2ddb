import { ANY_FIELD, EDGE, ELEMENT, type FlowGraph, KEY } from './graph.ts';

/** Lists that share their tails, as numbers: fields inside of each other, calls inside of each other. */
class Chains {
  private readonly known = new Map<number, Map<number, number>>();
  readonly parent: number[] = [0];
  readonly top: number[] = [-1];
  readonly depth: number[] = [0];

  push(chain: number, item: number): number {
    const inner = this.known.get(chain) ?? new Map<number, number>();
    this.known.set(chain, inner);
    const before = inner.get(item);
    if (before !== undefined) return before;
    this.parent.push(chain);
    this.top.push(item);
    this.depth.push((this.depth[chain] ?? 0) + 1);
    inner.set(item, this.parent.length - 1);
    return this.parent.length - 1;
  }
}

/** Fields inside of each other, and calls inside of each other, that are told apart. */
const MOST_FIELDS = 3;
const MOST_CALLS = 4;
/** Ways in which one value is looked at in one node: the nearest count. */
const MOST_WAYS = 8;
/** One more than the numbers that chains of one search can have. */
const CHAINS = 32_768;

/** One way that a value came to a node. */
export interface Visit {
  readonly node: number;
  /** The outermost field that holds it; -1 where it is the value itself. */
  readonly field: number;
  /** True where only something that depends on it is there. */
  readonly isTest: boolean;
}

/** Fields inside of each other, calls inside of each other, and 1 where only something that depends on the value is there. */
type State = readonly [fields: number, calls: number, test: number];

const isSame = (a: number, b: number): boolean => a === b || a === ANY_FIELD || b === ANY_FIELD;

/** The nodes from which some others can be reached, whatever the way. */
export function nodesBefore(graph: FlowGraph, goals: Iterable<number>): Uint8Array {
  const first = new Int32Array(graph.fn.length).fill(-1);
  const next = new Int32Array(graph.to.length);
  const from = new Int32Array(graph.to.length);
  for (let node = 0; node < graph.fn.length; node++)
    for (let edge = graph.first[node] ?? -1; edge >= 0; edge = graph.next[edge] ?? -1) {
      const to = graph.to[edge] as number;
      from[edge] = node;
      next[edge] = first[to] as number;
      first[to] = edge;
    }
  const reached = new Uint8Array(graph.fn.length);
  const work = [...goals].filter((node) => node >= 0);
  for (const node of work) reached[node] = 1;
  for (let node = work.pop(); node !== undefined; node = work.pop())
    for (let edge = first[node] as number; edge >= 0; edge = next[edge] as number) {
      const before = from[edge] as number;
      if (reached[before] === 1) continue;
      reached[before] = 1;
      work.push(before);
    }
  return reached;
}

/** Follows values through a graph: out of functions by the call that led in, out of fields by the one that was written. */
export class Search {
  private readonly graph: FlowGraph;
  private fields = new Chains();
  private calls = new Chains();
  private readonly useful: Uint8Array;
  private readonly most: number;
  /** In how many ways each node was looked at, for the value that is followed now. */
  private readonly ways: Uint8Array;
  /** Steps that are left. */
  left: number;

  /** A search for some nodes: what leads to none of them is not looked at. */
  constructor(
    graph: FlowGraph,
    goals: Iterable<number>,
    { left, most }: { readonly left: number; readonly most: number },
  ) {
    this.graph = graph;
    this.most = Math.min(most, CHAINS - 1);
    this.ways = new Uint8Array(graph.fn.length);
    this.useful = nodesBefore(graph, goals);
    this.left = left;
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one kind of edge after the other.
  private step(kind: number, data: number, [fields, calls, test]: State): State | undefined {
    const top = this.fields.top[fields] ?? -1;
    switch (kind) {
      case EDGE.store:
        return [
          (this.fields.depth[fields] ?? 0) >= MOST_FIELDS ? fields : this.fields.push(fields, data),
          calls,
          test,
        ];
      case EDGE.load:
        if (top < 0) return data === KEY ? undefined : [0, calls, test];
        return isSame(top, data) && !(top === KEY && data === ELEMENT)
          ? [this.fields.parent[fields] ?? 0, calls, test]
          : undefined;
      case EDGE.keep:
        return top === data ? undefined : [fields, calls, test];
      case EDGE.made:
        return [0, calls, test];
      case EDGE.test:
        return [0, calls, 1];
      case EDGE.call:
        return [
          fields,
          this.calls.push((this.calls.depth[calls] ?? 0) >= MOST_CALLS ? 0 : calls, data),
          test,
        ];
      case EDGE.result:
        if (calls === 0) return [fields, 0, test];
        return this.calls.top[calls] === data
          ? [fields, this.calls.parent[calls] ?? 0, test]
          : undefined;
      case EDGE.kept:
        return top < 0 ? undefined : [fields, 0, test];
      case EDGE.shared:
        return [fields, 0, test];
      default:
        return [fields, calls, test];
    }
  }

  /** Visits what a value comes to, nearest first; each node with the shortest way to it. */
  from(start: number, visit: (seen: Visit, wayTo: () => readonly number[]) => void): void {
    const { graph } = this;
    if (this.useful[start] !== 1) return;
    const nodes = [start];
    const states: State[] = [[0, 0, 0]];
    const before = [-1];
    this.fields = new Chains();
    this.calls = new Chains();
    const seen = new Set<number>();
    const isNew = (node: number, [fields, calls, test]: State): boolean => {
      if ((this.ways[node] as number) >= MOST_WAYS) return false;
      const key = ((node * CHAINS + fields) * CHAINS + calls) * 2 + test;
      if (seen.has(key)) return false;
      seen.add(key);
      this.ways[node] = (this.ways[node] as number) + 1;
      return true;
    };
    isNew(start, [0, 0, 0]);
    for (let i = 0; i < nodes.length && i < this.most && this.left > 0; i++) {
      this.left--;
      const node = nodes[i] as number;
      const state = states[i] ?? [0, 0, 0];
      const wayTo = () => {
        const way: number[] = [];
        for (let at = i; at >= 0; at = before[at] ?? -1) way.push(nodes[at] as number);
        return way.reverse();
      };
      visit({ node, field: this.fields.top[state[0]] ?? -1, isTest: state[2] === 1 }, wayTo);
      for (let edge = graph.first[node] ?? -1; edge >= 0; edge = graph.next[edge] ?? -1) {
        const next = this.step(graph.kind[edge] as number, graph.data[edge] as number, state);
        const to = graph.to[edge] as number;
        if (next === undefined || this.useful[to] !== 1 || !isNew(to, next)) continue;
        nodes.push(to);
        states.push(next);
        before.push(i);
      }
    }
    for (const node of nodes) this.ways[node] = 0;
  }
}
