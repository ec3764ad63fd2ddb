import { assignTo } from '../run/convert.ts';
import { keyOf } from '../run/equality.ts';
import { GoPanic } from '../run/errors.ts';
import { asReference, Items, Pair } from '../run/stores.ts';
import { ANY, isNilable, isSame, NIL_TYPE, under } from '../run/types.ts';
import { UNKNOWN, Value } from '../run/value.ts';
import { asKey, elementPlace, tableOf } from './access.ts';
import type { Compiler } from './compiler.ts';
import type { Context, Frame, Place, PlaceExpression } from './model.ts';
import { fieldPlace, packageMember, pathToField } from './selectors.ts';

/** Puts a value somewhere. */
export type Assign = (frame: Frame, value: Value) => void;
/** Finds a place now, to put a value there later. */
export type PrepareTarget = (frame: Frame) => (value: Value) => void;

/** The place that an expression stands for; undefined for what has none. */
export function placeOf(c: Compiler, at: Context, node: number): PlaceExpression | undefined {
  const { view } = at.file;
  if (view.is(node, 'parenthesized_expression'))
    return placeOf(c, at, view.children(node)[0] ?? -1);
  if (view.is(node, 'identifier')) return variablePlace(c, at, node);
  if (view.is(node, 'selector_expression')) return selectorPlace(c, at, node);
  if (view.is(node, 'index_expression')) return indexPlace(c, at, node);
  if (view.is(node, 'unary_expression') && view.textOf(view.child(node, 'operator')) === '*') {
    const pointer = c.expression(at, view.child(node, 'operand'));
    return (frame) => {
      const value = pointer(frame);
      if (value === UNKNOWN || value.v === undefined) return undefined;
      if (value.v === null) throw new GoPanic('nil pointer');
      const target = asReference(value.v);
      if (target === null || target === undefined) return undefined;
      const { store, key } = target;
      const below = under(value.t);
      return { store, key, type: below.kind === 'pointer' ? below.element : ANY };
    };
  }
  return undefined;
}

function variablePlace(c: Compiler, at: Context, node: number): PlaceExpression | undefined {
  const meaning = c.meaningOf(at, at.file.view.textOf(node));
  if (meaning?.kind !== 'variable') return undefined;
  if ('slot' in meaning) {
    const { slot } = meaning;
    return (frame) => {
      const store = frame.boxes[slot];
      return store === undefined ? undefined : { store, key: 0, type: store.type };
    };
  }
  return () => {
    meaning.initialise();
    return { store: meaning.box, key: 0, type: meaning.box.type };
  };
}

function selectorPlace(c: Compiler, at: Context, node: number): PlaceExpression | undefined {
  const { view } = at.file;
  const name = view.textOf(view.child(node, 'field'));
  const member = packageMember(c, at, node);
  if (member !== undefined) {
    const home = c.packages.get(member.path);
    const meaning = home && c.declarationIn(undefined, home, name);
    if (meaning?.kind !== 'variable' || !('box' in meaning)) return undefined;
    return () => {
      meaning.initialise();
      return { store: meaning.box, key: 0, type: meaning.box.type };
    };
  }
  const operandNode = view.child(node, 'operand');
  if (c.typeNamedBy(at, operandNode) !== undefined) return undefined;
  const operand = c.expression(at, operandNode);
  return (frame) => {
    const value = operand(frame);
    if (value === UNKNOWN) return undefined;
    const path = pathToField(value.t, name);
    return path && fieldPlace(frame, value, path);
  };
}

function indexPlace(c: Compiler, at: Context, node: number): PlaceExpression | undefined {
  const [operandNode = -1, indexNode = -1] = at.file.view.children(node);
  const operand = c.expression(at, operandNode);
  const index = c.expression(at, indexNode);
  return (frame) => {
    const value = operand(frame);
    const position = index(frame);
    if (value === UNKNOWN || under(value.t).kind === 'map') return undefined;
    return elementPlace(frame, value, position);
  };
}

/** A nil in the type of what was there, where the place itself has none that is known. */
function keptNil(before: Value | undefined, given: Value): Value {
  if (given.t !== NIL_TYPE || before === undefined || !isNilable(before.t)) return given;
  return new Value(before.t, null);
}

/** Writes a value into a place; arrays and structs in place, as pointers into them see it. */
export function putInto({ m }: Frame, { store, key, type }: Place, value: Value): void {
  const before = m.get(store, key);
  const assigned = assignTo(m, type, value);
  const given = type === ANY ? keptNil(before, assigned) : assigned;
  if (before?.v instanceof Items) {
    const { v } = given;
    if (v instanceof Items && v.length === before.v.length && isSame(given.t, before.t)) {
      for (let i = 0; i < v.length; i++) {
        const part = v.read(i) ?? UNKNOWN;
        putInto({ m } as Frame, { store: before.v, key: i, type: ANY }, part);
      }
      return;
    }
    m.escape(before.v);
  }
  m.put(store, key, given);
}

/** How an expression is assigned to. */
export function assignTarget(c: Compiler, at: Context, node: number): Assign {
  const prepare = prepareTarget(c, at, node);
  return (frame, given) => prepare(frame)(given);
}

/** Finds the place that an expression is, and gives what puts a value there. */
export function prepareTarget(c: Compiler, at: Context, node: number): PrepareTarget {
  const { view } = at.file;
  if (view.is(node, 'identifier') && view.textOf(node) === '_') return () => () => undefined;
  if (view.is(node, 'parenthesized_expression'))
    return prepareTarget(c, at, view.children(node)[0] ?? -1);
  if (view.is(node, 'index_expression')) return elementTarget(c, at, node);
  const place = c.place(at, node);
  return (frame) => {
    const found = place?.(frame);
    return (given) => {
      if (found !== undefined) putInto(frame, found, given);
      // Where it goes is not known: whoever has it may change what it leads to.
      else c.opaque(frame, [given]);
    };
  };
}

function elementTarget(c: Compiler, at: Context, node: number): PrepareTarget {
  const [operandNode = -1, indexNode = -1] = at.file.view.children(node);
  const operand = c.expression(at, operandNode);
  const index = c.expression(at, indexNode);
  return (frame) => {
    const { m } = frame;
    const target = operand(frame);
    const position = index(frame);
    if (target !== UNKNOWN && under(target.t).kind === 'map')
      return (given) => putEntry(c, frame, [target, position, given]);
    const found = target === UNKNOWN ? undefined : elementPlace(frame, target, position);
    if (found !== undefined) return (given) => putInto(frame, found, given);
    return (given) => {
      // Which element is not known: any of them.
      if (target.v !== null && typeof target.v === 'object' && 'items' in target.v)
        m.escape((target.v as { items: Items }).items);
      else if (target.v instanceof Items) m.escape(target.v);
      c.opaque(frame, target === UNKNOWN ? [given] : [target, given]);
    };
  };
}

function putEntry(
  c: Compiler,
  frame: Frame,
  [map, key, given]: readonly [Value, Value, Value],
): void {
  const { m } = frame;
  const table = tableOf(map);
  const below = under(map.t);
  if (table === null) throw new GoPanic('assignment to entry in nil map');
  if (table === undefined || below.kind !== 'map') return;
  const typed = asKey(m, below.key, key);
  const text = keyOf(m, typed);
  if (text === undefined) {
    m.escape(table);
    c.opaque(frame, [given]);
    return;
  }
  if (!m.hasRoom(8)) {
    m.escape(table);
    return;
  }
  m.put(table, text, new Pair(typed, assignTo(m, below.element, given)));
}
