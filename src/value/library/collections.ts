import type { CallContext, Native } from '../compile/model.ts';
import { fromByteText, runeText, sliceOf } from '../run/convert.ts';
import { compareValues } from '../run/equality.ts';
import type { Machine } from '../run/machine.ts';
import { asSlice, Items, type Slice } from '../run/stores.ts';
import { INT32, type NamedType, structOf, type Type, UINT8, UINT32, UINT64 } from '../run/types.ts';
import { boolValue, intValue, NIL, Tuple, UNKNOWN, Value } from '../run/value.ts';
import { madeBytes } from './encodings.ts';
import type { LibraryPart } from './part.ts';
import { bytes, elements, made, text } from './support.ts';

/** Writes elements over those of a slice. */
function putBack(m: Machine, value: Value | undefined, list: readonly Value[]): void {
  const slice = value?.v as Slice;
  for (const [i, one] of list.entries()) m.put(slice.items, slice.offset + i, one);
}

function lose({ m }: CallContext, value: Value | undefined): Value {
  const slice = asSlice(value?.v);
  if (slice !== null && slice !== undefined && 'items' in slice) m.escape(slice.items);
  return UNKNOWN;
}

type Order = (a: Value, b: Value) => number | undefined;

const natural: Order = ({ v: a }, { v: b }) => {
  if (typeof a !== typeof b || (typeof a !== 'string' && typeof a !== 'number')) return undefined;
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
};

/** A merge sort, which asks for no more than it needs; undefined where the order of two is not known. */
function sorted(list: readonly Value[], order: Order): readonly Value[] | undefined {
  if (list.length < 2) return list;
  const middle = list.length >> 1;
  const a = sorted(list.slice(0, middle), order);
  const b = sorted(list.slice(middle), order);
  if (a === undefined || b === undefined) return undefined;
  const out: Value[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const by = order(b[j] ?? UNKNOWN, a[i] ?? UNKNOWN);
    if (by === undefined) return undefined;
    out.push((by < 0 ? b[j++] : a[i++]) ?? UNKNOWN);
  }
  return [...out, ...a.slice(i), ...b.slice(j)];
}

const sortBy =
  (orderOf: (context: CallContext, args: readonly Value[]) => Order): Native =>
  (context, args) => {
    const list = elements(context.m, args[0]);
    context.m.step((list?.length ?? 0) * 4);
    const result = list && sorted(list, orderOf(context, args));
    if (result === undefined) return lose(context, args[0]);
    if (result.length > 0) putBack(context.m, args[0], result);
    return UNKNOWN;
  };

const byFunction = (context: CallContext, [, compare = UNKNOWN]: readonly Value[]): Order => {
  return (a, b) => {
    const by = context.call(compare, [a, b]).v;
    return typeof by === 'number' ? by : undefined;
  };
};

const reverse: Native = (context, [value]) => {
  const list = elements(context.m, value);
  if (list === undefined) return lose(context, value);
  if (list.length > 0) putBack(context.m, value, list.toReversed());
  return UNKNOWN;
};

function indexOf(m: Machine, list: readonly Value[], wanted: Value): number | undefined {
  for (const [i, one] of list.entries()) {
    const is = compareValues(m, one, typed(wanted, one.t));
    if (is === undefined) return undefined;
    if (is) return i;
  }
  return -1;
}

/** A constant in the type of what it is compared with. */
function typed(value: Value, type: Type): Value {
  return value.t.kind === 'basic' && value.t.isUntyped ? new Value(type, value.v) : value;
}

const search =
  (give: (index: number) => Value): Native =>
  ({ m }, [value, wanted = UNKNOWN]) => {
    const list = elements(m, value);
    const index = list && wanted !== UNKNOWN ? indexOf(m, list, wanted) : undefined;
    return index === undefined ? UNKNOWN : give(index);
  };

const ORDER_STRUCT = structOf([]);
const LITTLE: NamedType = {
  kind: 'named',
  path: 'encoding/binary',
  name: 'littleEndian',
  under: () => ORDER_STRUCT,
};
const BIG: NamedType = {
  kind: 'named',
  path: 'encoding/binary',
  name: 'bigEndian',
  under: () => ORDER_STRUCT,
};

const readNumber =
  (size: number, type: Type, isLittle: boolean): Native =>
  ({ m }, [, value]) => {
    const found = bytes(m, value);
    if (found === undefined || found.length < size) return UNKNOWN;
    let number = 0n;
    for (let i = 0; i < size; i++)
      number = number * 256n + BigInt(found[isLittle ? size - 1 - i : i] ?? 0);
    const isSafe = number <= 9007199254740991n;
    return new Value(type, isSafe ? Number(number) : number);
  };

const writeNumber =
  (size: number, isLittle: boolean): Native =>
  (context, [, to, value]) => {
    const target = asSlice(to?.v);
    const known = value?.v;
    if (target === null || target === undefined || !('items' in target)) return UNKNOWN;
    if ((typeof known !== 'number' && typeof known !== 'bigint') || target.length < size)
      return lose(context, to);
    const number = BigInt(known);
    for (let i = 0; i < size; i++) {
      const shift = BigInt(8 * (isLittle ? i : size - 1 - i));
      const byte = Number((number >> shift) & 255n);
      context.m.put(target.items, target.offset + i, new Value(UINT8, byte));
    }
    return UNKNOWN;
  };

function byteOrder(name: string, isLittle: boolean): Readonly<Record<string, Native>> {
  const own = `encoding/binary.${name}`;
  return {
    [`${own}.Uint16`]: readNumber(2, { ...UINT32, name: 'uint16', bits: 16 }, isLittle),
    [`${own}.Uint32`]: readNumber(4, UINT32, isLittle),
    [`${own}.Uint64`]: readNumber(8, UINT64, isLittle),
    [`${own}.PutUint16`]: writeNumber(2, isLittle),
    [`${own}.PutUint32`]: writeNumber(4, isLittle),
    [`${own}.PutUint64`]: writeNumber(8, isLittle),
  };
}

const appendRune: Native = (context, args) => {
  const before = bytes(context.m, args[0]);
  const rune = args[1]?.v;
  if (before === undefined || typeof rune !== 'number') return UNKNOWN;
  const all = Uint8Array.from([...before, ...fromByteText(runeText(rune))]);
  return madeBytes(context, 'concat', [all, args]);
};

const decodeUtf16: Native = (context, [value]) => {
  const units = elements(context.m, value)?.map(({ v }) => v);
  if (units === undefined || !units.every((unit) => typeof unit === 'number')) return UNKNOWN;
  const whole = (units as number[]).map((unit) => String.fromCharCode(unit)).join('');
  const how = elements(context.m, value)?.find((one) => one.how !== undefined)?.how;
  const runes = Array.from(whole, (one) => {
    const point = one.codePointAt(0) ?? 0;
    return new Value(INT32, point >= 0xd800 && point <= 0xdfff ? 0xfffd : point, how);
  });
  return sliceOf({ kind: 'slice', element: INT32 }, new Items(runes, INT32, context.m.epoch));
};

/** Patterns that JavaScript and RE2 read alike, on plain text. */
const PLAIN_PATTERN =
  /^(?:[\w\s.\-,:;@/#!%&=<>"'~`]|\\[.\-+*?()[\]{}^$|\\/dws]|\[\^?[\w\s.\-+*/:;,@#!%&=<>"'~`]+\]|[+*?](?!\?)|\((?!\?)|\)|\||\^|\$)*$/;
const ASCII = /^[\t\n\r -~]*$/;

/** RE2 takes time in proportion; here repetitions inside and behind each other do not. */
function isCheap(pattern: string, known: string): boolean {
  const repetitions = pattern.match(/[+*?]/g)?.length ?? 0;
  return repetitions <= 2 && !/\)[+*?]/.test(pattern) && known.length <= LONGEST_MATCHED;
}

const LONGEST_MATCHED = 1024;

const REGEXP: NamedType = {
  kind: 'named',
  path: 'regexp',
  name: 'Regexp',
  under: () => structOf([]),
};

const compile =
  (hasError: boolean): Native =>
  (context, [pattern]) => {
    const known = text(pattern);
    if (known === undefined || !PLAIN_PATTERN.test(known)) return UNKNOWN;
    const items = new Items([pattern ?? UNKNOWN], INT32, context.m.epoch);
    const holder = new Items([new Value(REGEXP, items)], INT32, context.m.epoch);
    const value = new Value({ kind: 'pointer', element: REGEXP }, { store: holder, key: 0 });
    return hasError ? new Tuple([value, NIL]) : value;
  };

const replaceMatches: Native = (context, args) => {
  const [target, value, by] = args;
  const holder = (target?.v as { store?: Items } | null | undefined)?.store;
  const items = holder?.read(0)?.v;
  const pattern = items instanceof Items ? text(items.read(0)) : undefined;
  const [known, to] = [text(value), text(by)];
  if (pattern === undefined || known === undefined || to === undefined) return UNKNOWN;
  if (!ASCII.test(known) || to.includes('$') || !isCheap(pattern, known)) return UNKNOWN;
  const result = known.replace(new RegExp(pattern, 'g'), () => to);
  return made(context, 'replace', [result, [value]]);
};

/** Packages sort, slices, encoding/binary, unicode/utf16 and regexp. */
export const COLLECTIONS_LIBRARY: LibraryPart = {
  functions: {
    'sort.Strings': sortBy(() => natural),
    'sort.Ints': sortBy(() => natural),
    'slices.Sort': sortBy(() => natural),
    'slices.SortFunc': sortBy(byFunction),
    'slices.SortStableFunc': sortBy(byFunction),
    'sort.Slice': (context, args) => lose(context, args[0]),
    'slices.Reverse': reverse,
    'slices.Contains': search((index) => boolValue(index >= 0)),
    'slices.Index': search((index) => intValue(index)),
    ...byteOrder('littleEndian', true),
    ...byteOrder('bigEndian', false),
    'unicode/utf8.AppendRune': appendRune,
    'unicode/utf16.Decode': decodeUtf16,
    'regexp.MustCompile': compile(false),
    'regexp.Compile': compile(true),
    'regexp.Regexp.ReplaceAllString': replaceMatches,
    'regexp.Regexp.ReplaceAllLiteralString': replaceMatches,
  },
  types: { 'regexp.Regexp': REGEXP },
  values: {
    'encoding/binary.LittleEndian': new Value(LITTLE, new Items([], INT32, 0)),
    'encoding/binary.BigEndian': new Value(BIG, new Items([], INT32, 0)),
  },
};
