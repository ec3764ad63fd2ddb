import { evaluate, madeOf, packageOf } from './expressions.ts';
import { EDGE, ELEMENT, KEY } from './graph.ts';
import type { Value } from './model.ts';
import type { Walk } from './walk.ts';

/** Fields inside each other that are written. */
const DEEPEST = 200;

/** Makes a value what an expression names. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one kind of place after the other.
export function assign(w: Walk, place: number, value: Value): void {
  const target = w.bare(place);
  if (w.view.is(target, 'identifier')) {
    const name = w.view.textOf(target);
    const variable = w.lookup(name);
    if (variable !== undefined) w.write(variable, w.copied(value, target));
    else shared(w, [`${w.home}.${name}`, value, target]);
    return;
  }
  if (w.view.is(target, 'selector_expression')) {
    const operand = w.view.child(target, 'operand');
    const name = w.view.textOf(w.view.child(target, 'field'));
    const path = packageOf(w, operand);
    if (path !== undefined) shared(w, [`${path}.${name}`, value, target]);
    else
      storeInto(w, operand, {
        label: w.model.graph.label(name),
        value: w.copied(value, target),
        target,
      });
    return;
  }
  if (w.view.is(target, 'index_expression')) {
    const key = evaluate(w, w.view.children(target)[1] ?? -1);
    const operand = w.view.child(target, 'operand');
    if (w.nodeOf(key) >= 0) storeInto(w, operand, { label: KEY, value: key, target });
    storeInto(w, operand, { label: ELEMENT, value: w.copied(value, target), target });
    return;
  }
  if (w.view.is(target, 'unary_expression')) {
    const pointer = evaluate(w, w.view.child(target, 'operand'));
    const node = w.nodeOf(value);
    if (pointer.obj === undefined) w.edge(node, pointer.node);
    else if (pointer.obj.cell >= 0) w.edge(node, pointer.obj.cell);
    else w.here.objects.set(pointer.obj, node);
  }
}

/** A package variable is the same for every function, whatever the order. */
function shared(w: Walk, [name, value, at]: readonly [string, Value, number]): void {
  const global = w.model.globals.get(name);
  const node = w.nodeOf(value);
  if (global === undefined || node < 0) return;
  const through = w.fresh(at);
  w.edge(node, through);
  w.edge(through, global.node, EDGE.shared);
}

/** Writes a field of what an expression names, and of what that is a field of. */
export function storeInto(
  w: Walk,
  operand: number,
  {
    label,
    value,
    target,
  }: { readonly label: number; readonly value: Value; readonly target: number },
): void {
  const base = evaluate(w, operand);
  if (base.obj !== undefined) {
    w.store(base.obj, [label, value, target]);
    return;
  }
  const node = w.nodeOf(value);
  if (node < 0) return;
  if (w.depth >= DEEPEST) return;
  const part = w.fresh(target);
  w.edge(node, part, EDGE.store, label);
  w.depth++;
  putBack(w, operand, { node: part }, target);
  w.depth--;
}

/** Adds what a place holds from here on, beside what it held. */
export function putBack(w: Walk, place: number, value: Value, at: number): void {
  const operand = w.bare(place);
  if (w.view.is(operand, 'identifier')) {
    const variable = w.lookup(w.view.textOf(operand));
    if (variable === undefined) {
      shared(w, [`${w.home}.${w.view.textOf(operand)}`, value, at]);
      return;
    }
    const before = w.read(variable);
    if (before.obj !== undefined) w.add(before.obj, w.nodeOf(value), [EDGE.plain, at]);
    else w.write(variable, madeOf(w, at, [[before, value], EDGE.plain]));
    return;
  }
  if (w.view.is(operand, 'selector_expression')) {
    const inner = w.view.child(operand, 'operand');
    const path = packageOf(w, inner);
    const name = w.view.textOf(w.view.child(operand, 'field'));
    if (path !== undefined) shared(w, [`${path}.${name}`, value, at]);
    else storeInto(w, inner, { label: w.model.graph.label(name), value, target: at });
  } else if (w.view.is(operand, 'index_expression'))
    storeInto(w, w.view.child(operand, 'operand'), { label: ELEMENT, value, target: at });
  else if (w.view.is(operand, 'unary_expression')) {
    const pointer = evaluate(w, w.view.child(operand, 'operand'));
    if (pointer.obj !== undefined) w.add(pointer.obj, w.nodeOf(value), [EDGE.plain, at]);
  }
}
