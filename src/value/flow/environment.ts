import type { FlowGraph } from './graph.ts';
import type { Obj, Value, Variable } from './model.ts';
import { NONE } from './model.ts';

/** What variables and objects hold at one place of a function. */
export class Environment {
  readonly variables: Map<Variable, Value>;
  readonly objects: Map<Obj, number>;

  constructor(variables = new Map<Variable, Value>(), objects = new Map<Obj, number>()) {
    this.variables = variables;
    this.objects = objects;
  }

  copy(): Environment {
    return new Environment(new Map(this.variables), new Map(this.objects));
  }

  /** The node of what an object holds now. */
  nodeOf(obj: Obj): number {
    return obj.cell >= 0 ? obj.cell : (this.objects.get(obj) ?? -1);
  }
}

/** One node for two. */
export function joinNodes(
  graph: FlowGraph,
  place: readonly [fn: number, start: number],
  a: number,
  b: number,
): number {
  if (a === b || b < 0) return a;
  if (a < 0) return b;
  const node = graph.node(...place);
  graph.edge(a, node);
  graph.edge(b, node);
  return node;
}

function joinValues(
  graph: FlowGraph,
  place: readonly [fn: number, start: number],
  [a, b]: readonly [Value, Value],
): Value {
  if (a === b) return a;
  const texts = [...new Set([...(a.texts ?? []), ...(b.texts ?? [])])].slice(0, 8);
  const more = texts.length === 0 ? {} : { texts };
  // What either may refer to is one of the two; the other is reached by its node alone.
  const obj = a.obj ?? b.obj;
  const isCopied = a.isCopied === true || b.isCopied === true;
  const node = joinNodes(graph, place, a.node, b.node);
  return obj === undefined ? { node, ...more } : { node, obj, isCopied, ...more };
}

/** What holds after either of several ways; undefined where none goes on. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: variables and objects, each of every way.
export function join(
  graph: FlowGraph,
  place: readonly [fn: number, start: number],
  ways: readonly (Environment | undefined)[],
): Environment | undefined {
  const [first, ...others] = ways.filter((way) => way !== undefined);
  if (first === undefined || others.length === 0) return first;
  const joined = first.copy();
  for (const other of others) {
    for (const [variable, value] of other.variables) {
      const before = joined.variables.get(variable);
      if (before === value) continue;
      const [a, b] = [before ?? NONE, value];
      if (a.obj !== undefined && b.obj !== undefined && a.obj !== b.obj) {
        // Two objects under one name are one from here on: what is written to one may be in either.
        const node = joinNodes(graph, place, joined.nodeOf(a.obj), other.nodeOf(b.obj));
        if (a.obj.cell < 0) joined.objects.set(a.obj, node);
        else graph.edge(node, a.obj.cell);
      }
      joined.variables.set(variable, joinValues(graph, place, [a, b]));
    }
    for (const [obj, node] of other.objects)
      joined.objects.set(obj, joinNodes(graph, place, joined.objects.get(obj) ?? -1, node));
  }
  return joined;
}
