import { encodeUtf8, toByteString } from '#base';
import type { Machine } from './machine.ts';
import {
  type Fraction,
  fractionOf,
  fromDouble,
  type Int,
  toDouble,
  wholeOf,
  wrap,
} from './numbers.ts';
import { asSlice, Items, type Slice } from './stores.ts';
import {
  ANY,
  type ArrayType,
  type Basic,
  defaultType,
  holdsParameter,
  isBytes,
  isNilable,
  isSame,
  NIL_TYPE,
  PARAMETER,
  type StructType,
  type Type,
  UINT8,
  UNTYPED_FLOAT,
  under,
} from './types.ts';
import { NIL, type Site, UNKNOWN, Value } from './value.ts';

/** Structs and arrays inside each other. */
const DEEPEST = 60;

/** The value of a type that nothing was assigned to. */
export function zeroOf(m: Machine, type: Type, depth = 0): Value {
  const below = under(type);
  // Only a type that holds itself is nested so deep, which Go refuses.
  if (depth > DEEPEST) return UNKNOWN;
  switch (below.kind) {
    case 'basic':
      return zeroOfBasic(type, below);
    case 'struct':
      if (!m.hasRoom(STRUCT + below.fields.length * ELEMENT)) return UNKNOWN;
      return new Value(type, new Items(zeroFields(m, below, depth), UINT8, m.epoch));
    case 'array':
      return zeroArray(m, [type, below], depth);
    case 'interface':
      return below.isKnown ? NIL : UNKNOWN;
    default:
      return new Value(type, null);
  }
}

function zeroOfBasic(type: Type, below: Basic): Value {
  switch (below.class) {
    case 'string':
      return new Value(type, '');
    case 'bool':
      return new Value(type, false);
    case 'int':
    case 'uint':
    case 'float':
      return new Value(type, 0);
    default:
      return UNKNOWN;
  }
}

function zeroFields(m: Machine, { fields }: StructType, depth: number): Value[] {
  return fields.map((field) => zeroOf(m, field.type, depth + 1));
}

function zeroArray(
  m: Machine,
  [type, { element, length }]: readonly [Type, ArrayType],
  depth: number,
): Value {
  const items = zeroItems(m, element, length, depth);
  return items === undefined ? UNKNOWN : new Value(type, items);
}

/** What an array, a struct and one element take, roughly, in bytes. */
const ARRAY = 64;
const STRUCT = 64;
const ELEMENT = 8;

/** So many elements of a type, each with its zero value; undefined where there is no room for them. */
export function zeroItems(m: Machine, element: Type, length: number, depth = 0): Items | undefined {
  const isBytes = under(element) === UINT8;
  if (!m.hasRoom(isBytes ? length : ARRAY)) return undefined;
  if (isBytes) return new Items(new Uint8Array(length), element, m.epoch);
  // Values that nothing can write to are one.
  const shared = under(element).kind === 'basic' ? zeroOf(m, element) : undefined;
  const zero = () => shared ?? zeroOf(m, element, depth + 1);
  return new Items({ length, zero }, element, m.epoch);
}

function nilOf(type: Type): Value {
  if (under(type).kind === 'interface' || type === NIL_TYPE) return NIL;
  return isNilable(type) ? new Value(type, null) : UNKNOWN;
}

/** A constant without a type as a value of a type; UNKNOWN where Go would refuse it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each pair of kinds.
export function convertConstant(type: Type, value: Value): Value {
  const below = under(type);
  if (value.t === NIL_TYPE) return nilOf(type);
  if (below.kind === 'interface') {
    // Of a type that is not known, numbers may be of any width.
    if (below === ANY && typeof value.v !== 'string' && typeof value.v !== 'boolean')
      return UNKNOWN;
    const own = defaultType(value.t);
    return own === value.t ? value : convertConstant(own, value);
  }
  if (below.kind !== 'basic' || value.v === undefined) return UNKNOWN;
  switch (below.class) {
    case 'int':
    case 'uint': {
      const whole = value.t === UNTYPED_FLOAT ? wholeOf(value.v as Fraction) : (value.v as Int);
      if (whole === undefined || typeof whole === 'string' || typeof whole === 'boolean')
        return UNKNOWN;
      return new Value(type, wrap(below, whole), value.how);
    }
    case 'float':
      return constantFloat(type, below, value);
    case 'string':
    case 'bool':
      return typeof value.v === (below.class === 'bool' ? 'boolean' : 'string')
        ? new Value(type, value.v, value.how)
        : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function constantFloat(type: Type, below: Basic, value: Value): Value {
  if (typeof value.v === 'string' || typeof value.v === 'boolean') return UNKNOWN;
  const exact = value.t === UNTYPED_FLOAT ? (value.v as Fraction) : fractionOf(value.v as Int);
  if (below.isUntyped) return new Value(type, exact);
  const double = toDouble(exact);
  if (double === undefined) return UNKNOWN;
  return new Value(type, below.bits === 32 ? Math.fround(double) : double);
}

/** A copy where assigning copies: arrays and structs. */
export function copyOf(m: Machine, value: Value): Value {
  if (!(value.v instanceof Items)) return value;
  const items = value.v;
  const { length } = items;
  if (!m.hasRoom(items.bytes === undefined ? length * ELEMENT : length)) return UNKNOWN;
  const content =
    items.bytes !== undefined && !items.isEscaped
      ? items.bytes.slice()
      : Array.from({ length }, (_, i) => copyOf(m, m.get(items, i) ?? UNKNOWN));
  if (content instanceof Uint8Array) m.get(items, 0);
  const copy = new Items(content, UINT8, m.epoch);
  copy.how = items.how;
  return new Value(value.t, copy, value.how);
}

/** A nil pointer in an interface is not nil: what holds it does not say which of the two it is. */
const isTypedNil = ({ t, v }: Value): boolean =>
  v === null && t !== NIL_TYPE && under(t).kind !== 'interface';

/** A value as a variable of a type holds it. */
export function assignTo(m: Machine, type: Type, value: Value): Value {
  if (value === UNKNOWN) return value;
  if (value.t.kind === 'basic' && value.t.isUntyped)
    return type === PARAMETER && typeof value.v !== 'string'
      ? UNKNOWN
      : convertConstant(type, value);
  const own = value.v instanceof Items ? copyOf(m, value) : value;
  if (own.t === type || own === UNKNOWN) return own;
  const below = under(type);
  if (below.kind === 'interface') return below.isKnown && isTypedNil(own) ? UNKNOWN : own;
  if (!isHeldAs(below, under(own.t))) return UNKNOWN;
  // What it is made of says more than a type parameter does.
  return holdsParameter(type) ? own : new Value(type, own.v, own.how);
}

/** Whether values of two types look the same: of code that Go refuses they may not. */
function isHeldAs(to: Type, from: Type): boolean {
  if (to.kind !== from.kind) return false;
  if (to.kind === 'basic' || to.kind === 'array' || to.kind === 'struct') return isSame(to, from);
  return true;
}

/** A slice of bytes that are known; undefined where they are not. */
export function bytesOf(m: Machine, value: Value): Uint8Array | undefined {
  if (value === UNKNOWN || value.v === undefined) return undefined;
  if (value.v === null) return new Uint8Array(0);
  if (typeof value.v === 'string') return fromByteText(value.v);
  const { items, offset, length } =
    value.v instanceof Items
      ? { items: value.v, offset: 0, length: value.v.length }
      : (asSlice(value.v) ?? {});
  if (!(items instanceof Items) || offset === undefined || length === undefined) return undefined;
  if (length > 0 && m.get(items, offset) === UNKNOWN) return undefined;
  if (items.bytes !== undefined) return items.bytes.subarray(offset, offset + length);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const byte = m.get(items, offset + i)?.v;
    if (typeof byte !== 'number') return undefined;
    bytes[i] = byte;
  }
  return bytes;
}

/** Bytes from text that has one character for each. */
export function fromByteText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A slice of its own with these bytes; throws where there is no room for them. */
export function sliceOfBytes(m: Machine, type: Type, bytes: Uint8Array): Value {
  m.allocate(bytes.length);
  const items = new Items(bytes, UINT8, m.epoch);
  return sliceOf(type, items);
}

/** A slice of all of an array. */
export function sliceOf(type: Type, items: Items): Value {
  const { length } = items;
  return new Value(type, { items, offset: 0, length, capacity: length } satisfies Slice);
}

/** UTF-8 of a code point as Go writes it; what is none becomes U+FFFD. */
export function runeText(point: Int): string {
  const isValid =
    typeof point === 'number' &&
    point >= 0 &&
    point <= 0x10ffff &&
    !(point >= 0xd800 && point <= 0xdfff);
  return toByteString(encodeUtf8(String.fromCodePoint(isValid ? point : 0xfffd)));
}

/** The code points of a text with their offsets and lengths, read as Go does: bad bytes are U+FFFD. */
export function* runesOf(
  text: string,
): Generator<readonly [offset: number, rune: number, length: number]> {
  for (let at = 0; at < text.length; ) {
    const [rune, length] = decodeRune(text, at);
    yield [at, rune, length];
    at += length;
  }
}

const BAD: readonly [number, number] = [0xfffd, 1];

/** The code point at an offset, and its length in bytes. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each pair of kinds.
export function decodeRune(text: string, at: number): readonly [rune: number, length: number] {
  const first = text.charCodeAt(at);
  if (first < 0x80) return [first, 1];
  if (first < 0xc2 || first > 0xf4) return BAD;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let rune = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = text.charCodeAt(at + i);
    if (Number.isNaN(next) || (next & 0xc0) !== 0x80) return BAD;
    rune = (rune << 6) | (next & 0x3f);
  }
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isBad = rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff);
  return isBad ? BAD : [rune, length];
}

/** `T(x)`. */
export function convertTo(m: Machine, type: Type, value: Value, site?: Site): Value {
  if (value === UNKNOWN) return value;
  // How it counts, and whether a text becomes bytes, is not known.
  if (type === PARAMETER) return UNKNOWN;
  const to = under(type);
  const from = under(value.t);
  if (to.kind === 'basic' && to.class === 'string') return toText(m, [type, value], site);
  if (value.v === undefined) return UNKNOWN;
  if (value.t.kind === 'basic' && value.t.isUntyped && to.kind === 'basic') {
    const converted = convertConstant(type, value);
    return converted;
  }
  if (to.kind === 'slice' && from.kind === 'basic' && from.class === 'string')
    return fromText(m, [type, value]);
  if (to.kind === 'basic' && from.kind === 'basic') return convertNumber(type, to, value);
  const slice = to.kind === 'pointer' && from.kind === 'slice' ? asSlice(value.v) : null;
  // An array that shares the elements of a slice is not followed.
  if (slice) m.escape(slice.items);
  return assignTo(m, type, value);
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each pair of kinds.
function convertNumber(type: Type, to: Basic, value: Value): Value {
  const from = under(value.t) as Basic;
  const isWhole = (kind: Basic) => kind.class === 'int' || kind.class === 'uint';
  if (isWhole(to) && isWhole(from)) return new Value(type, wrap(to, value.v as Int), value.how);
  if (to.class === 'float') {
    if (isWhole(from)) {
      const double = toDouble(fractionOf(value.v as Int));
      return double === undefined ? UNKNOWN : new Value(type, round(to, double));
    }
    return from.class === 'float' ? new Value(type, round(to, value.v as number)) : UNKNOWN;
  }
  if (isWhole(to) && from.class === 'float') {
    // What does not fit is up to the processor.
    const whole = fromDouble(Math.trunc(value.v as number));
    const exact = whole && wholeOf(whole);
    return exact !== undefined && wrap(to, exact) === exact ? new Value(type, exact) : UNKNOWN;
  }
  return to.class === from.class ? new Value(type, value.v, value.how) : UNKNOWN;
}

function round({ bits }: Basic, value: number): number {
  return bits === 32 ? Math.fround(value) : value;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each pair of kinds.
function toText(m: Machine, [type, value]: readonly [Type, Value], site: Site | undefined): Value {
  const from = under(value.t);
  if (from.kind === 'basic') {
    if (value.v === undefined) return UNKNOWN;
    if (from.class === 'string') return new Value(type, value.v, value.how);
    if (from.class !== 'int' && from.class !== 'uint') return UNKNOWN;
    const how = { operation: 'bytes', site, from: value.how === undefined ? [] : [value.how] };
    return new Value(type, runeText(value.v as Int), how);
  }
  if (isBytes(value.t)) {
    const bytes = bytesOf(m, value);
    if (bytes === undefined) return UNKNOWN;
    if (!m.hasRoom(bytes.length)) return UNKNOWN;
    const before = value.how ?? (value.v as Slice | null)?.items.how;
    const how = { operation: 'bytes', site, from: before === undefined ? [] : [before] };
    return new Value(type, toByteString(bytes), how);
  }
  return from.kind === 'slice' ? fromRunes(m, [type, value], site) : UNKNOWN;
}

function fromRunes(
  m: Machine,
  [type, value]: readonly [Type, Value],
  site: Site | undefined,
): Value {
  const slice = asSlice(value.v);
  if (slice === undefined) return UNKNOWN;
  if (slice === null) return new Value(type, '');
  if (!m.hasRoom(slice.length)) return UNKNOWN;
  const parts: string[] = [];
  let before = slice.items.how;
  for (let i = 0; i < slice.length; i++) {
    const rune = m.get(slice.items, slice.offset + i);
    if (typeof rune?.v !== 'number') return UNKNOWN;
    before ??= rune.how;
    parts.push(runeText(rune.v));
  }
  return new Value(type, parts.join(''), {
    operation: 'bytes',
    site,
    from: before === undefined ? [] : [before],
  });
}

function fromText(m: Machine, [type, value]: readonly [Type, Value]): Value {
  const text = value.v as string;
  if (isBytes(type)) {
    if (!m.hasRoom(text.length)) return UNKNOWN;
    const items = new Items(fromByteText(text), UINT8, m.epoch);
    items.how = value.how;
    return new Value(type, sliceOf(type, items).v, value.how);
  }
  const element = to(type);
  if (!m.hasRoom(text.length * ELEMENT)) return UNKNOWN;
  const runes = Array.from(runesOf(text), ([, rune]) => new Value(element, rune, value.how));
  return sliceOf(type, new Items(runes, element, m.epoch));
}

function to(type: Type): Type {
  const below = under(type);
  return below.kind === 'slice' ? below.element : UINT8;
}
