import type { FlowGraph } from './graph.ts';
import type { Obj, Value, Variable } from './model.ts';
import { NONE } from './model.ts';

/** Texts of one value that are kept. */
const MOST_TEXTS = 8;

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

/** Texts of either value. */
function joinedTexts(a: Value, b: Value): Pick<Value, 'texts'> {
  const texts = [...new Set([...(a.texts ?? []), ...(b.texts ?? [])])].slice(0, MOST_TEXTS);
  return texts.length === 0 ? {} : { texts };
}

/** One value for one that holds after some ways, and one that holds after another. */
function joinValues(
  graph: FlowGraph,
  place: readonly [fn: number, start: number],
  [joined, a, other, b]: readonly [Environment, Value, Environment, Value],
): Value {
  if (a === b) return a;
  const nodeIn = (env: Environment, { obj, node }: Value): number => {
    const inner = obj === undefined ? -1 : env.nodeOf(obj);
    return inner < 0 ? node : inner;
  };
  const node = joinNodes(graph, place, nodeIn(joined, a), nodeIn(other, b));
  const texts = joinedTexts(a, b);
  const obj = a.obj ?? b.obj;
  const isCopied = a.isCopied === true || b.isCopied === true;
  // A value that is no reference on one way is what either holds, and nothing else refers to it.
  if (
    obj === undefined ||
    (isCopied && a.obj !== b.obj && (a.obj === undefined || b.obj === undefined))
  )
    return { node, ...texts };
  // Two objects under one name are one from here on: what is written to one may be in either.
  if (a.obj !== b.obj) {
    if (obj.cell < 0) joined.objects.set(obj, node);
    else graph.edge(node, obj.cell);
  }
  return { node, obj, isCopied, ...texts };
}

/** What holds after either of several ways; undefined where none goes on. */
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
      joined.variables.set(
        variable,
        joinValues(graph, place, [joined, before ?? NONE, other, value]),
      );
    }
    for (const [obj, node] of other.objects)
      joined.objects.set(obj, joinNodes(graph, place, joined.objects.get(obj) ?? -1, node));
  }
  return joined;
}
