import type { Machine } from './machine.ts';
import { compareFractions, type Fraction } from './numbers.ts';
import type { Items, Reference } from './stores.ts';
import { isSame, NIL_TYPE, nameOf, type Type, under } from './types.ts';
import { UNKNOWN, type Value } from './value.ts';

/** The elements of an array or the fields of a struct, as they are known now. */
export function elementsOf(m: Machine, items: Items): readonly Value[] {
  return Array.from({ length: items.length }, (_, i) => m.get(items, i) ?? UNKNOWN);
}

function isNil(value: Value): boolean | undefined {
  if (value.t === NIL_TYPE) return true;
  return value.v === undefined ? undefined : value.v === null;
}

/** `a == b`; undefined where that is not known. */
export function compareValues(m: Machine, a: Value, b: Value): boolean | undefined {
  if (a === UNKNOWN || b === UNKNOWN) return undefined;
  if (a.t === NIL_TYPE) return isNil(b);
  if (b.t === NIL_TYPE) return isNil(a);
  if (a.v === undefined || b.v === undefined) return undefined;
  if (!isSame(a.t, b.t)) return false;
  const type = under(a.t);
  switch (type.kind) {
    case 'basic':
      if (type.class === 'float' && type.isUntyped)
        return compareFractions(a.v as Fraction, b.v as Fraction) === 0;
      return a.v === b.v;
    case 'pointer':
      return isSameReference(a.v as Reference | null, b.v as Reference | null);
    case 'struct':
    case 'array':
      return compareAll(m, elementsOf(m, a.v as Items), elementsOf(m, b.v as Items));
    default:
      return undefined;
  }
}

function isSameReference(a: Reference | null, b: Reference | null): boolean {
  if (a === null || b === null) return a === b;
  return a.store === b.store && a.key === b.key;
}

function compareAll(m: Machine, a: readonly Value[], b: readonly Value[]): boolean | undefined {
  let isKnown = true;
  for (const [i, one] of a.entries()) {
    const is = compareValues(m, one, b[i] ?? UNKNOWN);
    if (is === false) return false;
    isKnown &&= is === true;
  }
  return isKnown ? true : undefined;
}

/** A text that equal keys of maps share, and no others; undefined where the key is not known. */
export function keyOf(m: Machine, key: Value): string | undefined {
  if (key === UNKNOWN || key.v === undefined) return undefined;
  const type = under(key.t);
  if (type.kind === 'basic') {
    if (type.class === 'float' && typeof key.v !== 'number') return undefined;
    return Number.isNaN(key.v) ? undefined : `${label(key.t)}:${String(key.v)}`;
  }
  if (type.kind !== 'struct' && type.kind !== 'array') return undefined;
  const parts = elementsOf(m, key.v as Items).map((one) => keyOf(m, one));
  if (parts.includes(undefined)) return undefined;
  return `${label(key.t)}{${parts.map((part) => `${part?.length}:${part}`).join()}}`;
}

function label(type: Type): string {
  return type.kind === 'named' ? `${type.path}.${type.name}` : nameOf(type);
}
