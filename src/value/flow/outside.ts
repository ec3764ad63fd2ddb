import { type Call, resultsOf } from './call.ts';
import { madeOf, textsOf } from './expressions.ts';
import { EDGE } from './graph.ts';
import { NONE, type Value } from './model.ts';
import { putBack } from './places.ts';
import {
  CARRIERS,
  gateOfVariable,
  guardedBy,
  isDebuggerText,
  isEnd,
  isFiller,
  isSecretPath,
  isStop,
  isWriter,
  SINKS,
  type SinkRule,
  SOURCES,
  type SourceRule,
} from './tables.ts';
import type { Walk } from './walk.ts';

function addSink(
  w: Walk,
  { node, args, receiver }: Call,
  [name, rule]: readonly [string, SinkRule],
): void {
  const { model } = w;
  const sink = w.fresh(node);
  const values = rule.fields === undefined ? args : [receiver ?? NONE];
  for (const value of values) w.edge(w.nodeOf(value), sink);
  const fields = rule.fields && new Set(rule.fields.map((field) => model.graph.label(field)));
  model.sinks.push({ node: sink, kind: rule.sink, name, fields });
}

/** What the texts of a call say of the source that it is. */
function ruleFor(rule: SourceRule, texts: readonly string[]): SourceRule {
  if (rule.flow === 'environment') return { ...rule, gate: gateOfVariable(texts) };
  if (rule.flow !== 'file') return rule;
  const isDebugger = texts.some(isDebuggerText);
  return {
    flow: texts.some(isSecretPath) || isSecretPath(texts.join('/')) ? 'credential' : 'file',
    ...(isDebugger ? { gate: 'debugger' as const } : {}),
  };
}

function origin(w: Walk, call: Call, [name, rule]: readonly [string, SourceRule]): Value {
  const { nodes, value } = resultsOf(w, call);
  const [first = -1] = nodes;
  const own = ruleFor(rule, textsOf(call.args) ?? []);
  w.model.origins.push({ ...own, node: first, name, isParameter: false });
  // Whether there is one is asked for as well.
  const [, found = -1] = nodes;
  if (name === 'os.LookupEnv' || name === 'syscall.Getenv') w.edge(first, found, EDGE.test);
  return value;
}

/** Writing to something by hand: what it is, its makers say. */
function addWriting(w: Walk, { node, nodes, args, receiver }: Call, name: string): void {
  const [first] = args;
  // Templates and buffers write what they hold to an argument.
  const isGiven = receiver !== undefined && /\.(?:Execute\w*|WriteTo)$/.test(name);
  const isTarget = (receiver === undefined || isGiven) && first !== undefined;
  const data = isTarget ? [...args.slice(1), ...(isGiven ? [receiver ?? NONE] : [])] : args;
  const targets = [receiver, first].filter((one) => one !== undefined).map((one) => w.nodeOf(one));
  const written = w.fresh(node);
  for (const value of data) w.edge(w.nodeOf(value), written);
  if (isTarget && data.some((value) => w.nodeOf(value) >= 0)) {
    if (first.obj !== undefined) w.pass(first.obj, written, [EDGE.made, node]);
    else putBack(w, nodes[0] ?? -1, { node: written }, node);
  }
  const known = targets.filter((one) => one >= 0);
  if (known.length > 0) w.model.writings.push({ node: written, targets: known, name });
}

/** A call outside of the module, by rules. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one rule after the other.
export function outside(w: Walk, call: Call, name: string): Value {
  const { model } = w;
  const { node, args, receiver } = call;
  const [fn, start] = w.place(node);
  const what = guardedBy(name);
  if (what !== undefined) model.guarded.push({ fn, start, what });
  const sink = SINKS.get(name);
  if (sink !== undefined) addSink(w, call, [name, sink]);
  const source = SOURCES.get(name);
  const carrier = CARRIERS.get(name);
  if (source !== undefined || carrier !== undefined) {
    const value = origin(w, call, [name, source ?? {}]);
    if (carrier !== undefined)
      model.carriers.push({ node: w.nodeOf(value.parts?.[0] ?? value), kind: carrier });
    return value;
  }
  if (isEnd(name)) {
    w.env = undefined;
    return NONE;
  }
  if (isDebuggerText((textsOf(args) ?? []).join(' '))) {
    return origin(w, call, [name, { gate: 'debugger' }]);
  }
  if (isStop(name)) return madeOf(w, node, [[...args, receiver ?? NONE], EDGE.test]);
  if (isWriter(name)) addWriting(w, call, name);
  callBack(w, call);
  const all = receiver === undefined ? args : [receiver, ...args];
  const made = madeOf(w, node, [all, EDGE.made]);
  const given = args.map((arg) => w.nodeOf(arg));
  if (isFiller(name)) fill(w, call, all);
  if (receiver !== undefined && !/^net\/http\.Client\.|^os\/exec\.Cmd\./.test(name))
    keep(w, call, given);
  const value = wrapper(w, call, made);
  if (name === 'io.TeeReader') tee(w, call);
  if (name === 'io.Pipe') return pipe(w, node);
  return call.count === 1
    ? value
    : {
        node: made.node,
        parts: Array.from({ length: call.count }, (_, i) => (i === call.count - 1 ? NONE : value)),
      };
}

/** What a call makes of things that can be written to may write to them. */
function wrapper(w: Walk, { args, receiver }: Call, made: Value): Value {
  const wraps = [receiver, ...args].flatMap((value) =>
    value?.obj === undefined || value.isCopied === true ? [] : [value.obj],
  );
  if (made.node < 0 && wraps.length === 0) return made;
  const obj = w.object(made.node);
  if (wraps.length > 0) obj.wraps = wraps.slice(0, 4);
  return { ...made, obj };
}

/** What is read through it is written to its other side. */
function tee(w: Walk, { node, args: [from = NONE, to = NONE] }: Call): void {
  const written = w.fresh(node);
  w.edge(w.nodeOf(from), written, EDGE.made);
  const target = w.nodeOf(to);
  if (target >= 0)
    w.model.writings.push({ node: written, targets: [target], name: 'io.TeeReader' });
  if (to.obj !== undefined) w.pass(to.obj, written, [EDGE.plain, node]);
}

/** What is written to one end is read from the other, whoever comes first. */
function pipe(w: Walk, node: number): Value {
  const both = w.fresh(node);
  const obj = w.object(both);
  obj.cell = both;
  const end: Value = { node: both, obj };
  return { node: both, parts: [end, end] };
}

/** A receiver may keep what its methods are given. */
function keep(w: Walk, { node, receiver, operand }: Call, given: readonly number[]): void {
  const nodes = given.filter((one) => one >= 0);
  if (nodes.length === 0 || receiver === undefined) return;
  const kept = w.fresh(node);
  for (const one of nodes) w.edge(one, kept, EDGE.made);
  if (receiver.obj !== undefined) w.pass(receiver.obj, kept, [EDGE.plain, node]);
  else putBack(w, operand, { node: kept }, node);
}

/** What is given by pointer gets what the others hold. */
function fill(w: Walk, { node, args, nodes }: Call, all: readonly Value[]): void {
  for (const [i, arg] of args.entries()) {
    const others = all
      .filter((one) => one !== arg)
      .map((one) => w.nodeOf(one))
      .filter((one) => one >= 0);
    if (others.length === 0) continue;
    const filled = w.fresh(node);
    for (const one of others) w.edge(one, filled, EDGE.made);
    if (arg.obj !== undefined) w.add(arg.obj, filled, [EDGE.plain, node]);
    else {
      const at = nodes[i] ?? -1;
      const inner = w.view.is(at, 'unary_expression') ? w.view.child(at, 'operand') : at;
      putBack(w, inner, { node: filled }, node);
    }
  }
}

/** Functions that are given to a call may get what else it is given. */
function callBack(w: Walk, { node, args, receiver }: Call): void {
  const others = receiver === undefined ? args : [receiver, ...args];
  for (const [i, arg] of args.entries()) {
    const value = w.nodeOf(arg);
    if (!w.model.takenNodes.has(value)) continue;
    const given = others.filter((one) => one !== arg).map((one) => w.nodeOf(one));
    const [fn, start] = w.place(node);
    const each = madeOf(w, node, [others.filter((one) => one !== arg), EDGE.made]).node;
    w.model.pending.push({
      fn,
      start,
      callee: undefined,
      method: undefined,
      value,
      hasReceiver: false,
      receiver: -1,
      args: given.length === 0 ? [] : Array.from({ length: 4 }, () => each),
      isSpread: false,
      outs: [],
      receiverOut: -1,
      results: [],
    });
    if (i > 3) return;
  }
}
