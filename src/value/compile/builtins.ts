import { assignTo, copyOf, fromByteText, zeroItems, zeroOf } from '../run/convert.ts';
import { keyOf } from '../run/equality.ts';
import { GoPanic } from '../run/errors.ts';
import { grownCapacity } from '../run/grow.ts';
import { computeBinary, operatorAt } from '../run/operators.ts';
import { asSlice, Box, type Items, type Slice, Table } from '../run/stores.ts';
import { type Type, under } from '../run/types.ts';
import { intValue, type Site, UNKNOWN, Value } from '../run/value.ts';
import { tableOf, truth } from './access.ts';
import type { Compiler } from './compiler.ts';
import type { Context, Expression } from './model.ts';

type Parts = readonly [name: string, nodes: readonly number[], call: number];
type Maker = (c: Compiler, at: Context, parts: Parts) => Expression;
type Run = (c: Compiler, args: readonly Value[], site: Site) => Value;

/** Elements that one call makes. */
const MOST_MADE = 16_777_216;

/** A call of a predeclared function; undefined for other names. */
export function builtin(c: Compiler, at: Context, parts: Parts): Expression | undefined {
  return MAKERS[parts[0]]?.(c, at, parts);
}

const simple =
  (run: Run): Maker =>
  (c, at, [, nodes, call]) => {
    const args = nodes.map((node) => c.expression(at, node));
    const site = c.siteOf(at, call);
    return (frame) =>
      run(
        c,
        args.map((arg) => arg(frame)),
        site,
      );
  };

const length: Run = ({ m }, [value = UNKNOWN]) => {
  if (value === UNKNOWN) return UNKNOWN;
  const { v } = value;
  if (typeof v === 'string') return intValue(v.length);
  const below = under(value.t);
  if (below.kind === 'array') return intValue(below.length);
  if (v === null) return below.kind === 'basic' ? UNKNOWN : intValue(0);
  if (v instanceof Table) {
    // Known to be incomplete, or not.
    return v.isEscaped || m.spoiled.has(v) ? UNKNOWN : intValue(v.entries.size);
  }
  if (below.kind === 'pointer') {
    const array = under(below.element);
    return array.kind === 'array' ? intValue(array.length) : UNKNOWN;
  }
  return below.kind === 'slice' ? intValue(asSlice(v)?.length ?? 0) : UNKNOWN;
};

const capacity: Run = (_, [value = UNKNOWN]) => {
  if (value === UNKNOWN || value.v === undefined) return UNKNOWN;
  const below = under(value.t);
  if (below.kind === 'array') return intValue(below.length);
  if (below.kind !== 'slice') return UNKNOWN;
  return intValue(value.v === null ? 0 : (asSlice(value.v)?.capacity ?? 0));
};

const make: Maker = (c, at, [, [typeNode = -1, ...sizes]]) => {
  const type = c.typeOf(at, typeNode);
  const args = sizes.map((node) => c.expression(at, node));
  return (frame) => {
    const [size = 0, most = size] = args.map((arg) => arg(frame).v);
    const below = under(type);
    if (below.kind === 'map') return new Value(type, new Table(c.m.epoch));
    if (below.kind !== 'slice' || typeof size !== 'number' || typeof most !== 'number')
      return UNKNOWN;
    if (size < 0 || most < size) throw new GoPanic('makeslice: len out of range');
    const items = roomFor(c, below.element, most);
    if (items === undefined) return UNKNOWN;
    return new Value(type, { items, offset: 0, length: size, capacity: most } satisfies Slice);
  };
};

/** So many elements; undefined where there is no room for them. */
function roomFor({ m }: Compiler, element: Type, count: number): Items | undefined {
  if (count <= MOST_MADE) return zeroItems(m, element, count);
  m.hasRoom(Number.POSITIVE_INFINITY);
  return undefined;
}

const makeNew: Maker = (c, at, [, [node = -1]]) => {
  const type = c.typeNamedBy(at, node);
  const value = type === undefined ? c.expression(at, node) : undefined;
  return (frame) => {
    const given = value?.(frame);
    const made = type !== undefined ? zeroOf(c.m, type) : (given ?? UNKNOWN);
    const element = type ?? made.t;
    return new Value({ kind: 'pointer', element }, { store: new Box(made, c.m.epoch), key: 0 });
  };
};

/** Room for more elements, as append makes it. */
function grow(c: Compiler, element: Type, slice: Slice | null, wanted: number): Items | undefined {
  const { m } = c;
  const before = slice?.length ?? 0;
  const size = grownCapacity(element, slice?.capacity ?? 0, wanted);
  const items = roomFor(c, element, size);
  if (slice === null || items === undefined) return items;
  items.how = slice.items.how;
  const { bytes } = slice.items;
  if (
    bytes !== undefined &&
    items.bytes !== undefined &&
    m.get(slice.items, slice.offset) !== UNKNOWN
  )
    items.bytes.set(bytes.subarray(slice.offset, slice.offset + before));
  else
    for (let i = 0; i < before; i++)
      items.write(i, copyOf(m, m.get(slice.items, slice.offset + i) ?? UNKNOWN));
  return items;
}

/** Appends values to a slice: in place where it has room, as Go does. */
export function appendTo(c: Compiler, to: Value, values: readonly Value[]): Value {
  const below = under(to.t);
  if (below.kind !== 'slice' || to === UNKNOWN || to.v === undefined) return UNKNOWN;
  const slice = to.v as Slice | null;
  const start = slice?.length ?? 0;
  const wanted = start + values.length;
  if (values.length === 0) return to;
  const hasRoom = slice !== null && wanted <= slice.capacity;
  const items = hasRoom ? slice.items : grow(c, below.element, slice, wanted);
  if (items === undefined) return UNKNOWN;
  const offset = hasRoom ? slice.offset : 0;
  for (const [i, value] of values.entries()) {
    const given = assignTo(c.m, below.element, value);
    c.m.put(items, offset + start + i, given);
    if (given.how !== undefined) items.how = given.how;
  }
  const room = hasRoom ? slice.capacity : items.length;
  return new Value(to.t, { items, offset, length: wanted, capacity: room } satisfies Slice, to.how);
}

const append: Maker = (c, at, [, nodes]) => {
  const { view } = at.file;
  const last = nodes.at(-1) ?? -1;
  const isSpread = view.is(last, 'variadic_argument');
  const args = nodes.map((node) =>
    c.expression(at, view.is(node, 'variadic_argument') ? (view.children(node)[0] ?? -1) : node),
  );
  return (frame) => {
    const [to = UNKNOWN, ...rest] = args.map((arg) => arg(frame));
    if (to === UNKNOWN) {
      c.opaque(frame, rest);
      return UNKNOWN;
    }
    if (!isSpread) return appendTo(c, to, rest);
    const from = rest[0] ?? UNKNOWN;
    const values = elementsToAppend(c, to, from);
    if (values === undefined) {
      // It may have been written into the room behind.
      c.opaque(frame, [to]);
      return UNKNOWN;
    }
    c.m.step(values.length >> 4);
    const made = appendTo(c, to, values);
    const how = from.how ?? (from.v as Slice | null)?.items?.how;
    if (how !== undefined && made.v !== null && made !== UNKNOWN)
      (made.v as Slice).items.how ??= how;
    return made;
  };
};

function elementsToAppend(c: Compiler, to: Value, from: Value): readonly Value[] | undefined {
  if (from === UNKNOWN || from.v === undefined) return undefined;
  const below = under(to.t);
  if (below.kind !== 'slice') return undefined;
  if (typeof from.v === 'string')
    return Array.from(fromByteText(from.v), (byte) => new Value(below.element, byte, from.how));
  if (from.v === null) return [];
  const slice = asSlice(from.v);
  if (slice === null || slice === undefined) return undefined;
  return Array.from({ length: slice.length }, (_, i) =>
    copyOf(c.m, c.m.get(slice.items, slice.offset + i) ?? UNKNOWN),
  );
}

const copy: Run = (c, [to = UNKNOWN, from = UNKNOWN]) => {
  const { m } = c;
  const target = asSlice(to.v);
  if (to === UNKNOWN || target === undefined) return UNKNOWN;
  if (target === null) return intValue(0);
  const values = from === UNKNOWN ? undefined : elementsToAppend(c, to, from);
  if (values === undefined) {
    m.escape(target.items);
    return UNKNOWN;
  }
  const count = Math.min(target.length, values.length);
  m.step(count >> 4);
  for (let i = 0; i < count; i++) m.put(target.items, target.offset + i, values[i]);
  return intValue(count);
};

const remove: Run = ({ m }, [map = UNKNOWN, key = UNKNOWN]) => {
  const table = tableOf(map);
  if (table === undefined || table === null) return UNKNOWN;
  const below = under(map.t);
  const text = below.kind === 'map' ? keyOf(m, assignTo(m, below.key, key)) : undefined;
  if (text === undefined) m.escape(table);
  else m.put(table, text, undefined);
  return UNKNOWN;
};

const clear: Run = ({ m }, [value = UNKNOWN]) => {
  if (value.v instanceof Table)
    for (const key of [...value.v.entries.keys()]) m.put(value.v, key, undefined);
  else if (value.v !== null && typeof value.v === 'object' && 'items' in value.v) {
    const { items, offset, length: size } = value.v as Slice;
    const below = under(value.t);
    for (let i = 0; i < size; i++)
      m.put(items, offset + i, below.kind === 'slice' ? zeroOf(m, below.element) : UNKNOWN);
  }
  return UNKNOWN;
};

const extreme =
  (sign: '<' | '>'): Run =>
  ({ m }, args, site) => {
    let best = args[0] ?? UNKNOWN;
    for (const value of args.slice(1)) {
      const is = truth(computeBinary(m, operatorAt(sign, site), value, best));
      if (is === undefined) return UNKNOWN;
      // In the type that the two have together.
      const typed = value.t.kind === 'basic' && value.t.isUntyped ? best.t : value.t;
      best = assignTo(m, typed, is ? value : best);
    }
    return best;
  };

const MAKERS: Readonly<Record<string, Maker | undefined>> = {
  __proto__: null as never,
  len: simple(length),
  cap: simple(capacity),
  make,
  new: makeNew,
  append,
  copy: simple(copy),
  delete: simple(remove),
  clear: simple(clear),
  min: simple(extreme('<')),
  max: simple(extreme('>')),
  panic: simple(() => {
    throw new GoPanic('panic');
  }),
  recover: simple(() => UNKNOWN),
  print: simple(() => UNKNOWN),
  println: simple(() => UNKNOWN),
  close: simple(() => UNKNOWN),
  complex: simple(() => UNKNOWN),
  real: simple(() => UNKNOWN),
  imag: simple(() => UNKNOWN),
};
