import { addCondition, regionOf } from './conditions.ts';
import { join } from './environment.ts';
import { evaluate } from './expressions.ts';
import { ELEMENT, KEY } from './graph.ts';
import { NONE, type Obj, type Value } from './model.ts';
import { assign } from './places.ts';
import type { Target, Walk } from './walk.ts';

/** Names that a piece of code writes. */
function writtenIn(w: Walk, node: number): ReadonlySet<string> {
  const { view } = w;
  const { kind, skip } = view.tree;
  const {
    assignment_statement: set,
    inc_statement: inc,
    dec_statement: dec,
    short_var_declaration: short,
    range_clause: range,
  } = view.grammar.kind;
  const names = new Set<string>();
  for (let i = node; i < (skip[node] as number); i++) {
    const own = kind[i];
    if (own === inc || own === dec) names.add(view.textOf(view.children(i)[0] ?? -1));
    if (own === set || own === short || own === range)
      for (const target of w.listOf(view.child(i, 'left')))
        names.add(/^[\p{L}_][\p{L}\p{N}_]*/u.exec(view.textOf(target))?.[0] ?? '');
  }
  return names;
}

/** Runs code that may run again: what it writes is joined with what was there. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: what goes in, comes round and goes out, of variables and objects.
function loop(w: Walk, node: number, turn: (target: Target) => void): void {
  const written = writtenIn(w, node);
  const entry = w.here;
  const head = w.fork(entry);
  const values = new Map<string, number>();
  for (const scope of w.scopes)
    for (const [name, variable] of scope) {
      if (!written.has(name) || variable.shared !== undefined) continue;
      const value = entry.variables.get(variable);
      if (value === undefined) continue;
      const phi = w.fresh(node);
      w.edge(value.obj === undefined ? value.node : entry.nodeOf(value.obj), phi);
      values.set(name, phi);
      head.variables.set(
        variable,
        value.obj === undefined ? { ...value, node: phi } : { ...value, node: phi, obj: value.obj },
      );
      if (value.obj !== undefined && value.obj.cell < 0) head.objects.set(value.obj, phi);
    }
  const objects = new Map<Obj, number>();
  for (const [obj, version] of head.objects) {
    if (obj.cell >= 0) continue;
    const phi = w.fresh(node);
    w.edge(version, phi);
    objects.set(obj, phi);
    head.objects.set(obj, phi);
  }
  w.env = w.fork(head);
  const target: Target = { label: w.label, isLoop: true, breaks: [], continues: [] };
  w.label = '';
  w.targets.push(target);
  turn(target);
  w.targets.pop();
  const ends = [w.env, ...target.continues];
  for (const end of ends) {
    if (end === undefined) continue;
    for (const [obj, phi] of objects) w.edge(end.nodeOf(obj), phi);
    for (const scope of w.scopes)
      for (const [name, variable] of scope) {
        const phi = values.get(name);
        const value = phi === undefined ? undefined : end.variables.get(variable);
        if (phi !== undefined && value !== undefined)
          w.edge(value.obj === undefined ? value.node : end.nodeOf(value.obj), phi);
      }
  }
  w.env = join(w.model.graph, w.place(node), [head, ...ends, ...target.breaks]);
}

/** The condition of a loop that has no range. */
function condition(w: Walk, node: number, [clause, body]: readonly [number, number]): void {
  const { view } = w;
  const [alone = -1] = view
    .children(node)
    .filter((part) => part !== body && !view.is(part, 'comment'));
  const test = clause >= 0 ? view.child(clause, 'condition') : alone;
  if (test < 0) return;
  // What stands behind a loop that waits runs when it has waited.
  const rest = clause < 0 ? [[view.tree.end[node] ?? 0, w.fn.end] as const] : [];
  addCondition(w, test, [[evaluate(w, test)], [regionOf(w, body), ...rest]]);
}

/** `for … { … }`, in all its forms. */
export const forStatement = (w: Walk, node: number): void => {
  const { view } = w;
  w.open();
  const body = view.child(node, 'body');
  const parts = view.children(node);
  const clause = parts.find((part) => view.is(part, 'for_clause')) ?? -1;
  const range = parts.find((part) => view.is(part, 'range_clause')) ?? -1;
  const initializer = view.child(clause, 'initializer');
  if (clause >= 0 && initializer >= 0) w.readers.statement(w, initializer);
  const over = range >= 0 ? evaluate(w, view.child(range, 'right')) : NONE;
  loop(w, node, () => {
    w.open();
    if (range >= 0) rangeVariables(w, range, over);
    if (range < 0) condition(w, node, [clause, body]);
    w.readers.statement(w, body);
    const later = clause >= 0 ? view.child(clause, 'update') : -1;
    if (later >= 0 && w.env !== undefined) w.readers.statement(w, later);
    w.close();
  });
  w.close();
};

function rangeVariables(w: Walk, range: number, over: Value): void {
  const { view } = w;
  const targets = w.listOf(view.child(range, 'left'));
  const isNew = view.textOf(range).slice(0, view.textOf(range).indexOf('range')).includes(':=');
  const element = w.load(over, [ELEMENT, range]);
  // A key is a number, but for maps: only what was put in as a key comes out as one.
  const key = over.obj?.isChannel === true ? element : w.load(over, [KEY, range]);
  for (const [i, target] of targets.entries()) {
    const value = i === 0 ? key : element;
    if (isNew) w.declare(view.textOf(target), w.copied(value, target), target);
    else assign(w, target, value);
  }
}
