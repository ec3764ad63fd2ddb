import { evaluate, madeOf, textsOf } from './expressions.ts';
import { EDGE, ELEMENT } from './graph.ts';
import { NONE, type Value } from './model.ts';
import { assign, putBack } from './places.ts';
import type { Walk } from './walk.ts';

const SIZES = new Set(['len', 'cap']);
const CONVERSIONS = new Set(
  'string bool byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 complex64 complex128 error any min max complex real imag'.split(
    ' ',
  ),
);
const SILENT = new Set(['close', 'delete', 'print', 'println', 'recover', 'clear']);

/** A function of the language; undefined where the name is none, or means another thing here. */
export function builtin(
  w: Walk,
  node: number,
  [name, nodes]: readonly [string, readonly number[]],
): Value | undefined {
  if (w.lookup(name) !== undefined || w.model.byName.has(`${w.home}.${name}`)) return undefined;
  const args = () => nodes.map((one) => evaluate(w, one));
  if (SIZES.has(name)) return madeOf(w, node, [args(), EDGE.test]);
  if (CONVERSIONS.has(name))
    return nodes.length === 1 ? args()[0] : madeOf(w, node, [args(), EDGE.plain]);
  if (SILENT.has(name)) {
    args();
    return NONE;
  }
  if (name === 'panic') {
    args();
    w.env = undefined;
    return NONE;
  }
  if (name === 'new') return { node: -1, obj: w.object(-1) };
  if (name === 'make') {
    const isChannel = w.view.is(nodes[0] ?? -1, 'channel_type');
    return { node: -1, obj: w.object(-1, isChannel) };
  }
  if (name === 'append') return append(w, node, args());
  if (name === 'copy') return copy(w, node, nodes, args());
  return undefined;
}

function append(w: Walk, node: number, args: readonly Value[]): Value {
  const [list = NONE, ...more] = args;
  const made = w.fresh(node);
  const from = w.nodeOf(list);
  w.edge(from, made);
  for (const value of more) {
    const one = w.nodeOf(value);
    w.edge(one, made, EDGE.store, ELEMENT);
    // `append(a, b...)`: what is in b. As either it reads the same.
    w.edge(one, made);
  }
  // It shares the array of the list where there is room; what is written to it later may be in both.
  const texts = textsOf(args);
  return { node: made, obj: w.object(made), ...(texts === undefined ? {} : { texts }) };
}

function copy(
  w: Walk,
  node: number,
  nodes: readonly number[],
  [to = NONE, from = NONE]: readonly Value[],
): Value {
  const data = w.nodeOf(from);
  const written = w.fresh(node);
  w.edge(data, written);
  const target = w.nodeOf(to);
  if (target >= 0) w.model.writings.push({ node: written, targets: [target], name: 'copy' });
  if (to.obj !== undefined) w.add(to.obj, data, [EDGE.plain, node]);
  else putBack(w, nodes[0] ?? -1, { node: data }, node);
  return NONE;
}

/** `x op= y`. */
export function update(w: Walk, node: number, [target, right]: readonly [number, number]): void {
  const values = [evaluate(w, target), evaluate(w, right)];
  assign(w, target, madeOf(w, node, [values, EDGE.made]));
}
