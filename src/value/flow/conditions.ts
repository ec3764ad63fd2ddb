import type { KindName } from '#golang';
import { evaluate, textsOf } from './expressions.ts';
import { EDGE } from './graph.ts';
import type { Value } from './model.ts';
import type { Walk } from './walk.ts';

const JUMPS: readonly KindName[] = ['break_statement', 'continue_statement', 'goto_statement'];

/** The code that runs only where a condition does not hold, as what it guards goes elsewhere. */
function restBehind(w: Walk, then: number, node: number): readonly [number, number] | undefined {
  const start = w.view.tree.end[node] ?? 0;
  const inner = w.view
    .children(then)
    .flatMap((part) => (w.view.is(part, 'statement_list') ? w.view.children(part) : [part]));
  const last = inner.filter((part) => !w.view.is(part, 'comment')).at(-1) ?? -1;
  const isCall = /^(?:panic|os\.Exit|log\.Fatal\w*|runtime\.Goexit|syscall\.Exit)\(/;
  if (w.view.is(last, 'return_statement') || isCall.test(w.view.textOf(last)))
    return [start, w.fn.end];
  const isJump = JUMPS.some((kind) => w.view.is(last, kind));
  return isJump && start < w.blockEnd ? [start, w.blockEnd] : undefined;
}

/** Notes a condition, and the code that runs by it. */
export function addCondition(
  w: Walk,
  at: number,
  [values, regions]: readonly [readonly Value[], readonly (readonly [number, number])[]],
): void {
  const nodes = values.map((value) => w.nodeOf(value)).filter((one) => one >= 0);
  if (nodes.length === 0 || regions.length === 0) return;
  const node = w.fresh(at);
  for (const one of nodes) w.edge(one, node, EDGE.test);
  const [fn, start] = w.place(at);
  w.model.conditions.push({ node, fn, start, regions, texts: textsOf(values) ?? [] });
}

/** Where a piece of code stands. */
export const regionOf = (w: Walk, node: number): readonly [number, number] => [
  w.view.tree.start[node] ?? 0,
  w.view.tree.end[node] ?? 0,
];

/** `if x { … } else { … }`. */
export const ifStatement = (w: Walk, node: number): void => {
  const { view } = w;
  w.open();
  const initializer = view.child(node, 'initializer');
  if (initializer >= 0) w.readers.statement(w, initializer);
  const condition = evaluate(w, view.child(node, 'condition'));
  const [then, otherwise] = [view.child(node, 'consequence'), view.child(node, 'alternative')];
  const rest = restBehind(w, then, node);
  const regions = [then, otherwise].filter((one) => one >= 0).map((one) => regionOf(w, one));
  addCondition(w, view.child(node, 'condition'), [
    [condition],
    rest === undefined ? regions : [...regions, rest],
  ]);
  const before = w.here;
  w.env = w.fork(before);
  w.readers.statement(w, then);
  const after = w.env;
  w.env = before;
  if (otherwise >= 0) w.readers.statement(w, otherwise);
  w.goOn(node, [after, w.env]);
  w.close();
};
