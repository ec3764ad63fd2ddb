import { assignTo, sliceOf, zeroItems, zeroOf } from '../run/convert.ts';
import { keyOf } from '../run/equality.ts';
import type { Int } from '../run/numbers.ts';
import { parseInteger } from '../run/numbers.ts';
import { Box, Items, Pair, Table } from '../run/stores.ts';
import { ANY, type MapType, type StructType, type Type, UINT8, under } from '../run/types.ts';
import { UNKNOWN, Value } from '../run/value.ts';
import type { Compiler } from './compiler.ts';
import { runeOf } from './constants.ts';
import type { Context, Expression, Frame } from './model.ts';
import { fieldsOnceOf, noteField } from './set-once.ts';

/** Elements of a literal beyond which it is not followed. */
const MOST_ELEMENTS = 4_194_304;

/** `T{…}`. */
export function compositeLiteral(c: Compiler, at: Context, node: number): Expression {
  const { view } = at.file;
  const type = c.typeOf(at, view.child(node, 'type'));
  return literalOf(c, at, [type, view.child(node, 'body')]);
}

type Part = readonly [type: Type, body: number];

function literalOf(c: Compiler, at: Context, [type, body]: Part): Expression {
  const below = under(type);
  switch (below.kind) {
    case 'struct':
      return structLiteral(c, at, [type, below, body]);
    case 'slice':
    case 'array':
      return sequenceLiteral(c, at, [type, body]);
    case 'map':
      return mapLiteral(c, at, [type, below, body]);
    case 'pointer': {
      const made = literalOf(c, at, [below.element, body]);
      return (frame) => {
        const value = made(frame);
        if (value === UNKNOWN) return UNKNOWN;
        return new Value(type, { store: new Box(value, c.m.epoch), key: 0 });
      };
    }
    default:
      return unknownLiteral(c, at, body);
  }
}

/** What stands in it runs all the same. */
function unknownLiteral(c: Compiler, at: Context, body: number): Expression {
  const parts: Expression[] = [];
  const { view } = at.file;
  for (const part of view.children(body)) {
    const value = view.is(part, 'keyed_element') ? (view.children(part)[1] ?? -1) : part;
    parts.push(element(c, at, [ANY, value]));
  }
  return (frame) => {
    c.opaque(
      frame,
      parts.map((part) => part(frame)),
    );
    return UNKNOWN;
  };
}

/** An element; its type may be left out. */
function element(c: Compiler, at: Context, [type, start]: Part): Expression {
  const { view } = at.file;
  const node = view.is(start, 'literal_element') ? (view.children(start)[0] ?? -1) : start;
  if (view.is(node, 'literal_value')) return literalOf(c, at, [type, node]);
  const value = c.expression(at, node);
  return (frame) => assignTo(c.m, type, value(frame));
}

function partsOf({ file: { view } }: Context, body: number): readonly number[] {
  return view
    .children(body)
    .filter((part) => view.is(part, 'keyed_element') || view.is(part, 'literal_element'));
}

function structLiteral(
  c: Compiler,
  at: Context,
  [type, struct, body]: readonly [Type, StructType, number],
): Expression {
  const { view } = at.file;
  const parts = partsOf(at, body).map((part, i) => {
    if (!view.is(part, 'keyed_element')) return { place: i, node: part };
    const [key = -1, value = -1] = view.children(part);
    return { place: struct.places.get(view.textOf(key)) ?? -1, node: value };
  });
  const home = type.kind === 'named' ? c.packages.get(type.path) : undefined;
  const isOwn = home === at.file.home;
  const values = parts.map(({ place, node }) => {
    const field = struct.fields[place];
    const once = isOwn && field ? fieldsOnceOf(c, home).get(field.name) : undefined;
    return {
      place,
      value: element(c, at, [field?.type ?? ANY, node]),
      once: once?.owner === type ? once : undefined,
    };
  });
  return (frame) => {
    const made = zeroOf(c.m, type);
    for (const { place, value, once } of values) {
      const given = value(frame);
      if (once !== undefined) noteField(once, given);
      if (place >= 0 && made.v instanceof Items) made.v.write(place, given);
    }
    return made;
  };
}

/** The number that a plain literal is: tables of bytes are read without an expression for each. */
function plainNumber({ file: { view } }: Context, start: number): Int | undefined {
  const node = view.is(start, 'literal_element') ? start + 1 : start;
  if (view.is(node, 'int_literal')) return parseInteger(view.textOf(node));
  return view.is(node, 'rune_literal') ? runeOf(view.textOf(node)) : undefined;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
function sequenceLiteral(c: Compiler, at: Context, [type, body]: Part): Expression {
  const below = under(type);
  if (below.kind !== 'slice' && below.kind !== 'array') return () => UNKNOWN;
  const { view } = at.file;
  const parts = partsOf(at, body);
  const isBytes = under(below.element) === UINT8;
  const values: { readonly i: number; readonly value: Int | Expression }[] = [];
  let next = 0;
  let length = 0;
  for (const part of parts) {
    let node = part;
    if (view.is(part, 'keyed_element')) {
      const [key = -1, value = -1] = view.children(part);
      const place = c.constant(at, view.children(key)[0] ?? -1).v;
      if (typeof place !== 'number' || place < 0 || place > MOST_ELEMENTS)
        return unknownLiteral(c, at, body);
      next = place;
      node = value;
    }
    const byte = isBytes ? plainNumber(at, node) : undefined;
    values.push({ i: next++, value: byte ?? element(c, at, [below.element, node]) });
    length = Math.max(length, next);
  }
  const size = below.kind === 'array' && below.length >= 0 ? below.length : length;
  if (size > MOST_ELEMENTS || length > size) return () => UNKNOWN;
  const typed: Type = below.kind === 'array' ? { ...below, length: size } : type;
  const own = type.kind === 'named' ? type : typed;
  return (frame) => {
    const items = fillItems(c, frame, { element: below.element, size, values });
    if (items === undefined) return UNKNOWN;
    return below.kind === 'array' ? new Value(own, items) : sliceOf(type, items);
  };
}

function fillItems(
  c: Compiler,
  frame: Frame,
  literal: {
    readonly element: Type;
    readonly size: number;
    readonly values: readonly { readonly i: number; readonly value: Int | Expression }[];
  },
): Items | undefined {
  const items = zeroItems(c.m, literal.element, literal.size);
  for (const { i, value } of literal.values) {
    // What stands in it runs all the same.
    const given = typeof value === 'function' ? value(frame) : value;
    if (items === undefined) continue;
    if (given instanceof Value) items.write(i, given);
    else if (items.bytes !== undefined) items.bytes[i] = Number(given);
    else items.write(i, new Value(literal.element, given));
  }
  return items;
}

function mapLiteral(
  c: Compiler,
  at: Context,
  [type, map, body]: readonly [Type, MapType, number],
): Expression {
  const { view } = at.file;
  const parts = partsOf(at, body).map((part) => {
    const [key = -1, value = -1] = view.children(part);
    return { key: element(c, at, [map.key, key]), value: element(c, at, [map.element, value]) };
  });
  return (frame) => {
    const table = new Table(c.m.epoch);
    if (!c.m.hasRoom(parts.length * 8)) table.isEscaped = true;
    for (const part of parts) {
      const key = part.key(frame);
      const value = part.value(frame);
      const text = keyOf(c.m, key);
      if (text === undefined) table.isEscaped = true;
      else table.write(text, new Pair(key, value));
    }
    return new Value(type, table);
  };
}
