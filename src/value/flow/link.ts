import { EDGE, ELEMENT } from './graph.ts';
import type { FlowFunction, FlowModel, PendingCall } from './model.ts';
import { Search } from './search.ts';

/** Methods of one name that a call may mean when types do not say. */
const MOST_METHODS = 12;
/** Rounds in which functions that flow to calls make new ways for others. */
const MOST_ROUNDS = 3;
/** Steps that one function is followed to calls of it. */
const MOST_STEPS = 500;

/** Joins a call with a function that it may run. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one argument after the other, spread or not.
function linkCall({ graph }: FlowModel, call: PendingCall, site: number, fn: FlowFunction): void {
  const first = fn.hasReceiver ? 1 : 0;
  const own = fn.hasReceiver && call.hasReceiver;
  if (own) {
    graph.edge(call.receiver, fn.parameters[0] ?? -1, EDGE.call, site);
    graph.edge(fn.outs[0] ?? -1, call.receiverOut, EDGE.result, site);
  }
  // `T.Method(value, …)`: the receiver is the first argument.
  const shift = fn.hasReceiver && !own ? 0 : first;
  const last = fn.parameters.length - 1;
  for (const [i, arg] of call.args.entries()) {
    const at = i + shift;
    const isRest = fn.isVariadic && at >= last && !(call.isSpread && i === call.args.length - 1);
    if (isRest) {
      const part = graph.node(call.fn, call.start);
      graph.edge(arg, part, EDGE.store, ELEMENT);
      graph.edge(part, fn.parameters[last] ?? -1, EDGE.call, site);
      continue;
    }
    graph.edge(arg, fn.parameters[at] ?? -1, EDGE.call, site);
    graph.edge(fn.outs[at] ?? -1, call.outs[i] ?? -1, EDGE.result, site);
  }
  for (const [i, result] of call.results.entries())
    graph.edge(fn.results[i] ?? -1, result, EDGE.result, site);
}

/** What is not known to be of the module: its result is made of what it is given, and its receiver keeps it. */
function linkUnknown(
  { graph }: FlowModel,
  { args, receiver, receiverOut, results }: PendingCall,
): void {
  for (const result of results)
    for (const arg of [...args, receiver]) graph.edge(arg, result, EDGE.made);
  for (const arg of args) graph.edge(arg, receiverOut, EDGE.made);
}

function methodsFor(
  { methods }: FlowModel,
  { method, args }: PendingCall,
): readonly FlowFunction[] {
  const found = (methods.get(method ?? '') ?? []).filter(
    (fn) => fn.isVariadic || fn.parameters.length === args.length + 1,
  );
  return found.length > MOST_METHODS ? [] : found;
}

/** What a value that is a function comes to: the calls of it. */
function linkValues(
  model: FlowModel,
  [steps, open]: readonly [steps: number, open: readonly number[]],
  link: (call: number, fn: FlowFunction) => void,
): void {
  const byValue = new Map<number, number[]>();
  for (const i of open) {
    const value = model.pending[i]?.value ?? -1;
    byValue.set(value, [...(byValue.get(value) ?? []), i]);
  }
  if (byValue.size === 0) return;
  const search = new Search(model.graph, byValue.keys(), { left: steps, most: MOST_STEPS });
  for (const { node, name, fn } of model.taken) {
    const own = model.functions[fn];
    const functions =
      name === undefined ? (own === undefined ? [] : [own]) : (model.byName.get(name) ?? []);
    search.from(node, (seen) => {
      if (seen.isTest) return;
      for (const call of byValue.get(seen.node) ?? [])
        for (const target of functions) link(call, target);
    });
  }
  if (search.left <= 0) model.isWhole = false;
}

/** Fields that methods of a type keep for each other: of those that nothing in the module calls. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one argument after the other, spread or not.
function linkKept({ graph, functions }: FlowModel, called: ReadonlySet<number>): void {
  const homes = new Map<string, number>();
  const homeOf = (type: string): number => {
    const known = homes.get(type) ?? graph.node(-1, 0);
    homes.set(type, known);
    return known;
  };
  const counts = new Map<string, number>();
  for (const { types } of functions)
    for (const type of types) if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const fn of functions) {
    if (called.has(fn.index) || !fn.isExported) continue;
    for (const [i, type] of fn.types.entries()) {
      if (type === undefined) continue;
      graph.edge(fn.outs[i] ?? -1, homeOf(type), EDGE.kept);
      graph.edge(homeOf(type), fn.parameters[i] ?? -1, EDGE.kept);
    }
    for (const [i, type] of fn.resultTypes.entries())
      if (type !== undefined && counts.has(type))
        graph.edge(fn.results[i] ?? -1, homeOf(type), EDGE.kept);
  }
}

/** What calls run. */
export interface Links {
  /** The functions that each call may run, by the number of the call. */
  readonly targets: readonly (readonly number[])[];
  /** Functions that something in the module calls. */
  readonly called: ReadonlySet<number>;
}

/** Joins all calls with what they may run. */
export function linkCalls(model: FlowModel, steps: number): Links {
  const targets: number[][] = model.pending.map(() => []);
  const called = new Set<number>();
  const link = (index: number, fn: FlowFunction): boolean => {
    const call = model.pending[index];
    const own = targets[index];
    if (call === undefined || own === undefined || own.includes(fn.index)) return false;
    own.push(fn.index);
    called.add(fn.index);
    linkCall(model, call, index + 1, fn);
    return true;
  };
  for (const [i, call] of model.pending.entries()) {
    const found =
      call.callee === undefined ? methodsFor(model, call) : (model.byName.get(call.callee) ?? []);
    if (found.length === 0 && call.value < 0) linkUnknown(model, call);
    for (const fn of found) link(i, fn);
  }
  // Of calls that are methods by their name, what a field of that name holds is not asked.
  const open = model.pending.flatMap(({ value }, i) =>
    value >= 0 && targets[i]?.length === 0 ? [i] : [],
  );
  for (let round = 0, isNew = true; isNew && round < MOST_ROUNDS; round++) {
    isNew = false;
    linkValues(model, [steps, open], (call, fn) => {
      if (link(call, fn)) isNew = true;
    });
  }
  // A field or a value that is called, and of which nothing is known.
  for (const [i, call] of model.pending.entries())
    if (call.value >= 0 && targets[i]?.length === 0) linkUnknown(model, call);
  linkKept(model, called);
  return { targets, called };
}
