import { assignTo, convertTo, sliceOf, zeroOf } from '../run/convert.ts';
import { keyOf } from '../run/equality.ts';
import { GoPanic } from '../run/errors.ts';
import type { Machine } from '../run/machine.ts';
import {
  asSlice,
  Box,
  Items,
  type Reference,
  type Slice,
  type Store,
  Table,
} from '../run/stores.ts';
import {
  ANY,
  holdsParameter,
  isSame,
  type MapType,
  NIL_TYPE,
  PARAMETER,
  type Type,
  UINT8,
  under,
} from '../run/types.ts';
import { FALSE, TRUE, UNKNOWN, Value } from '../run/value.ts';
import type { Compiler } from './compiler.ts';
import type { Frame } from './model.ts';

/** The place of an index in an array or slice; throws where Go would. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
export function elementPlace(
  frame: Frame,
  value: Value,
  index: Value,
): { readonly store: Items; readonly key: number; readonly type: Type } | undefined {
  const target = value.v instanceof Box ? UNKNOWN : value;
  const found = target.v as Slice | Items | Reference | null | undefined;
  if (found === null) throw new GoPanic('index out of range');
  if (found === undefined || typeof found !== 'object') return undefined;
  if ('store' in found) {
    const pointed = frame.m.get(found.store, found.key);
    return pointed === undefined ? undefined : elementPlace(frame, pointed, index);
  }
  const below = under(value.t);
  const type = below.kind === 'slice' || below.kind === 'array' ? below.element : ANY;
  if (index === UNKNOWN || index.v === undefined) return undefined;
  const i = typeof index.v === 'object' ? undefined : Number(index.v);
  if (i === undefined) return undefined;
  if (found instanceof Items) {
    if (i < 0 || i >= found.length) throw new GoPanic('index out of range');
    return { store: found, key: i, type };
  }
  if (!('items' in found)) return undefined;
  if (i < 0 || i >= found.length) throw new GoPanic('index out of range');
  return { store: found.items, key: found.offset + i, type };
}

/** The store of a map's entries. */
export function tableOf(value: Value): Table | null | undefined {
  return value.v === null || value.v instanceof Table ? value.v : undefined;
}

/** `m[k]`: the value and whether it is there. */
export function lookUp(frame: Frame, map: Value, key: Value): readonly [Value, Value] {
  const { m } = frame;
  const table = tableOf(map);
  const type = under(map.t) as MapType;
  if (table === undefined || type.kind !== 'map') return [UNKNOWN, UNKNOWN];
  if (table === null) return [zeroOf(m, type.element), FALSE];
  const text = keyOf(m, asKey(m, type.key, key));
  if (text === undefined) return [UNKNOWN, UNKNOWN];
  const found = m.get(table, text);
  if (found === UNKNOWN) return [UNKNOWN, UNKNOWN];
  if (found === undefined) return [zeroOf(m, type.element), FALSE];
  return [(found as { value?: Value }).value ?? UNKNOWN, TRUE];
}

export function indexed(
  frame: Frame,
  value: Value,
  index: Value,
  site: ReturnType<Compiler['siteOf']>,
): Value {
  if (value === UNKNOWN) return UNKNOWN;
  const below = under(value.t);
  if (below.kind === 'map') return lookUp(frame, value, index)[0];
  if (typeof value.v === 'string') {
    if (typeof index.v !== 'number') return UNKNOWN;
    if (index.v < 0 || index.v >= value.v.length) throw new GoPanic('index out of range');
    return new Value(
      UINT8,
      value.v.charCodeAt(index.v),
      value.how ?? { operation: 'index', site, from: [] },
    );
  }
  const place = elementPlace(frame, value, index);
  if (place === undefined) return UNKNOWN;
  const found = frame.m.get(place.store, place.key) ?? UNKNOWN;
  if (found === UNKNOWN || found.how !== undefined || typeof found.v === 'object') return found;
  return new Value(found.t, found.v, { operation: 'index', site, from: [] });
}

/** `a[i:j]`. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
export function sliced(frame: Frame, value: Value, bounds: readonly (Value | undefined)[]): Value {
  if (value === UNKNOWN || value.v === undefined) return UNKNOWN;
  if (bounds.some((one) => one !== undefined && typeof one.v !== 'number')) return UNKNOWN;
  const [from = 0, to, most] = bounds.map((one) => one?.v as number | undefined);
  if (typeof value.v === 'string') {
    const end = to ?? value.v.length;
    if (from < 0 || from > end || end > value.v.length) throw new GoPanic('slice out of range');
    return new Value(value.t, value.v.slice(from, end), value.how);
  }
  if (value.v === null && under(value.t).kind === 'slice') {
    if (from !== 0 || (to ?? 0) !== 0) throw new GoPanic('slice out of range');
    return value;
  }
  let base = value;
  if (value.v !== null && typeof value.v === 'object' && 'store' in value.v) {
    const { store, key } = value.v as Reference;
    base = frame.m.get(store, key) ?? UNKNOWN;
  }
  if (base.v instanceof Items) {
    const below = under(base.t);
    if (below.kind !== 'array') return UNKNOWN;
    base = sliceOf({ kind: 'slice', element: below.element }, base.v);
  }
  const slice = asSlice(base.v);
  if (slice === null || slice === undefined || !('items' in slice)) return UNKNOWN;
  const end = to ?? slice.length;
  const capacity = most ?? slice.capacity;
  if (from < 0 || from > end || end > capacity || capacity > slice.capacity)
    throw new GoPanic('slice out of range');
  const { items, offset } = slice;
  const part: Slice = {
    items,
    offset: offset + from,
    length: end - from,
    capacity: capacity - from,
  };
  return new Value(base.t, part, base.how);
}

/** A value as a key of a map. */
export function asKey(m: Machine, type: Type, key: Value): Value {
  return type === PARAMETER ? assignTo(m, type, key) : convertTo(m, type, key);
}

/** True, false, or undefined for a condition that is not known. */
export function truth(value: Value): boolean | undefined {
  return typeof value.v === 'boolean' ? value.v : undefined;
}

/** Whether a value is of a type: what assertions and type switches ask. */
export function isOfType(c: Compiler, value: Value, type: Type): boolean | undefined {
  if (value === UNKNOWN || type === ANY) return undefined;
  if (value.t === NIL_TYPE) return false;
  const below = under(type);
  if (holdsParameter(value.t) || holdsParameter(type)) return undefined;
  if (below.kind !== 'interface') return isSame(value.t, type);
  if (!below.isKnown) return undefined;
  const isPointer = under(value.t).kind === 'pointer';
  const isMethod = (name: string) => {
    const found = c.methodOf(value.t, name);
    // A method of the pointer is none of the value.
    return found !== undefined && (isPointer || found.code?.isPointer !== true);
  };
  return [...below.methods].every(isMethod) || undefined;
}

/** The value that a pointer points to. */
export function pointed({ m }: Frame, value: Value): Value {
  if (value === UNKNOWN || value.v === undefined) return UNKNOWN;
  if (value.v === null) throw new GoPanic('nil pointer');
  const { store, key } = value.v as { store?: Store; key?: number };
  return store === undefined || key === undefined ? UNKNOWN : (m.get(store, key) ?? UNKNOWN);
}
