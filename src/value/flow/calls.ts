import { copyText } from '#base';
import { builtin } from './builtins.ts';
import { type Call, resultsOf } from './call.ts';
import { evaluate, evaluateAll, madeOf, packageOf, textsOf } from './expressions.ts';
import { EDGE } from './graph.ts';
import { NONE, type Value } from './model.ts';
import { outside } from './outside.ts';
import { putBack } from './places.ts';
import type { Walk } from './walk.ts';

/** What a call takes of the budget: its lists are as large as so many nodes. */
const CALL_COST = 8;

function stripped(w: Walk, node: number): number {
  let at = node;
  while (w.view.is(at, 'parenthesized_expression')) at = w.view.children(at)[0] ?? -1;
  if (w.view.is(at, 'type_instantiation_expression') || w.view.is(at, 'index_expression')) {
    const inner = w.view.children(at)[0] ?? -1;
    if (w.view.is(inner, 'identifier') || w.view.is(inner, 'selector_expression')) {
      const name = w.view.is(inner, 'identifier') ? inner : w.view.child(inner, 'field');
      if (w.file.callees.has(w.view.tree.start[name] ?? -1)) return inner;
    }
  }
  return at;
}

/** True for a method that an interface of the module declares. */
function isOfModule({ model, home }: Walk, method: string): boolean {
  const path = method.split('.').slice(0, -2).join('.');
  return path === home || model.packages.has(path);
}

/** How many values a function of the module takes: one call may give them all. */
function wantedBy({ model }: Walk, callee: string | undefined): number {
  const fn = callee === undefined ? undefined : model.byName.get(callee)?.[0];
  if (fn === undefined || fn.isVariadic) return 1;
  return fn.parameters.length - (fn.hasReceiver ? 1 : 0);
}

/** A call; with so many results, its parts. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one kind of callee after the other.
export function readCall(w: Walk, node: number, count: number): Value {
  const { view } = w;
  const callee = stripped(w, view.child(node, 'function'));
  const list = view.child(node, 'arguments');
  const nodes = list < 0 ? [] : view.children(list).filter((one) => !view.is(one, 'comment'));
  const isSelector = view.is(callee, 'selector_expression');
  const name = isSelector ? view.child(callee, 'field') : callee;
  const resolved = w.file.callees.get(view.tree.start[name] ?? -1);
  if (view.is(callee, 'identifier') && resolved === undefined) {
    const made = builtin(w, node, [view.textOf(callee), nodes]);
    if (made !== undefined) return made;
  }
  const operand = isSelector ? view.child(callee, 'operand') : -1;
  const isMethod = isSelector && packageOf(w, operand) === undefined;
  const receiver = isMethod ? evaluate(w, operand) : undefined;
  const args = evaluateAll(w, nodes, nodes.length === 1 ? wantedBy(w, resolved) : 1);
  const isSpread = view.is(nodes.at(-1) ?? -1, 'variadic_argument');
  const call: Call = {
    node,
    count,
    nodes,
    args,
    isSpread,
    receiver,
    operand: isMethod ? operand : -1,
  };
  if (view.is(callee, 'func_literal'))
    return pending(w, call, { value: w.readers.literal(w, callee) });
  if (resolved !== undefined) {
    if (w.model.byName.has(resolved)) return pending(w, call, { callee: resolved });
    if (!isMethod || !isOfModule(w, resolved)) return outside(w, call, resolved);
  }
  if (isMethod && receiver !== undefined) {
    const method = copyText(view.textOf(name));
    const field = w.load(receiver, [w.model.graph.label(method), callee]);
    if (w.nodeOf(field) < 0 && !w.model.methods.has(method)) return outside(w, call, `?.${method}`);
    return pending(w, call, { method, value: field });
  }
  if (isSelector) {
    const path = packageOf(w, operand) ?? '';
    return outside(w, call, `${path}.${view.textOf(name)}`);
  }
  const value = evaluate(w, callee);
  if (value.library !== undefined) return outside(w, call, value.library);
  if (w.nodeOf(value) >= 0) return pending(w, call, { value });
  // A conversion, or a function of which nothing is known.
  return args.length === 1 ? (args[0] ?? NONE) : madeOf(w, node, [args, EDGE.plain]);
}

/** What is written through arguments, behind the call. */
function outs(
  w: Walk,
  call: Call,
): { readonly args: readonly number[]; readonly receiver: number } {
  const back = (value: Value | undefined, node: number): number => {
    if (value === undefined) return -1;
    if (value.obj !== undefined && value.isCopied !== true) return after(w, value, call.node);
    const inner = w.view.is(node, 'unary_expression') ? w.view.child(node, 'operand') : -1;
    if (inner < 0) return -1;
    const out = w.fresh(call.node);
    putBack(w, inner, { node: out }, call.node);
    return out;
  };
  const args = call.args.map((value, i) => back(value, call.nodes[i] ?? -1));
  const { receiver, operand } = call;
  if (receiver === undefined) return { args, receiver: -1 };
  if (receiver.obj !== undefined) return { args, receiver: after(w, receiver, call.node) };
  const out = w.fresh(call.node);
  putBack(w, operand, { node: out }, call.node);
  return { args, receiver: out };
}

/** A node for what an object holds behind a call. */
function after(w: Walk, { obj }: Value, at: number): number {
  if (obj === undefined) return -1;
  if (obj.cell >= 0) return obj.cell;
  const out = w.fresh(at);
  w.edge(w.here.nodeOf(obj), out);
  w.here.objects.set(obj, out);
  return out;
}

/** A call of a function of the module, known by name, by its method's name, or as a value. */
function pending(
  w: Walk,
  call: Call,
  {
    callee,
    method,
    value,
  }: { readonly callee?: string; readonly method?: string; readonly value?: Value },
): Value {
  const before = call.args.map((arg) => w.nodeOf(arg));
  const receiver = call.receiver === undefined ? -1 : w.nodeOf(call.receiver);
  const { args: argOuts, receiver: receiverOut } = outs(w, call);
  const results = resultsOf(w, call);
  const [fn, start] = w.place(call.node);
  w.model.left -= CALL_COST;
  w.model.pending.push({
    fn,
    start,
    callee,
    method,
    value: value === undefined ? -1 : w.nodeOf(value),
    hasReceiver: call.receiver !== undefined,
    receiver,
    args: before,
    isSpread: call.isSpread,
    outs: argOuts,
    receiverOut,
    results: results.nodes,
  });
  const texts = textsOf(call.args);
  return texts === undefined ? results.value : { ...results.value, texts };
}
