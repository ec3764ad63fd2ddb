import type { CallContext, Native } from '../compile/model.ts';
import { fromByteText, sliceOfBytes } from '../run/convert.ts';
import { asSlice, Items, type Reference, type Slice } from '../run/stores.ts';
import { BYTES, INT32, type NamedType, STRING, structOf, type Type } from '../run/types.ts';
import { intValue, NIL, Tuple, textValue, UNKNOWN, Value } from '../run/value.ts';
import * as codecs from './codecs.ts';
import type { LibraryPart } from './part.ts';
import { errorValue } from './strconv.ts';
import { bytes, count, howOf, made, receiver, text } from './support.ts';
import { byteText } from './text-kinds.ts';

/** A slice of bytes that a call made. */
export function madeBytes(
  context: CallContext,
  operation: string,
  [result, args]: readonly [Uint8Array, readonly (Value | undefined)[]],
): Value {
  const value = sliceOfBytes(context.m, BYTES, result);
  (value.v as Slice).items.how = howOf(operation, context, args);
  return value;
}

/** What a decoder gives: as many bytes as were good, and whether all were. */
type Decode = (from: string) => codecs.Decoded | undefined;

function readAny({ m }: CallContext, value: Value | undefined): string | undefined {
  if (typeof value?.v === 'string') return value.v;
  const found = bytes(m, value);
  return found === undefined ? undefined : byteText(found);
}

/** An error of which only that there is one is known. */
const someError = (context: CallContext) => errorValue(context, UNKNOWN);

/** `DecodeString(s) ([]byte, error)`. */
function decodeString(operation: string, decode: Decode): Native {
  return (context, args) => {
    const known = text(args[0]);
    const result = known === undefined ? undefined : decode(known);
    if (known === undefined || result === undefined) return UNKNOWN;
    context.m.step(known.length >> 5);
    const value = madeBytes(context, operation, [result.bytes, args]);
    return new Tuple([value, result.isWhole ? NIL : someError(context)]);
  };
}

/** `Decode(dst, src) (n int, err error)`. */
function decodeInto(operation: string, decode: Decode): Native {
  return (context, [to, from]) => {
    const known = readAny(context, from);
    const result = known === undefined ? undefined : decode(known);
    const target = asSlice(to?.v);
    if (target === undefined || target === null || !(target.items instanceof Items)) return UNKNOWN;
    if (result === undefined || !result.isWhole || result.bytes.length > target.length) {
      context.m.escape(target.items);
      return UNKNOWN;
    }
    writeInto(context, target, [result.bytes, howOf(operation, context, [from])]);
    return new Tuple([intValue(result.bytes.length), NIL]);
  };
}

/** Writes bytes over the front of a slice. */
export function writeInto(
  { m }: CallContext,
  target: Slice,
  [found, how]: readonly [Uint8Array, Value['how']],
): void {
  m.step(found.length >> 4);
  for (const [i, byte] of found.entries())
    m.put(target.items, target.offset + i, new Value(elementOf(target), byte, how));
}

function elementOf({ items }: Slice): Type {
  return items.read(0)?.t ?? INT32;
}

function encodeToString(operation: string, encode: (from: string) => string | undefined): Native {
  return (context, args) => {
    const known = readAny(context, args[0]);
    const result = known === undefined ? undefined : encode(known);
    return result === undefined ? UNKNOWN : made(context, operation, [result, args]);
  };
}

function encodeInto(operation: string, encode: (from: string) => string | undefined): Native {
  return (context, [to, from]) => {
    const known = readAny(context, from);
    const result = known === undefined ? undefined : encode(known);
    const target = asSlice(to?.v);
    if (target === undefined || target === null || !(target.items instanceof Items)) return UNKNOWN;
    if (result === undefined || result.length > target.length) {
      context.m.escape(target.items);
      return UNKNOWN;
    }
    writeInto(context, target, [fromByteText(result), howOf(operation, context, [from])]);
    return intValue(result.length);
  };
}

/** base32.Encoding and base64.Encoding: the alphabet and the padding, as two texts. */
function encodingType(path: string): NamedType {
  const field = (name: string) => ({ name, type: STRING, isEmbedded: false, tag: '' });
  const struct = structOf([field('alphabet'), field('padding'), field('strict')]);
  return { kind: 'named', path, name: 'Encoding', under: () => struct };
}

const BASE32 = encodingType('encoding/base32');
const BASE64 = encodingType('encoding/base64');

function encodingOf(type: NamedType, alphabet: string, padding: string): Value {
  const items = new Items([textValue(alphabet), textValue(padding), textValue('')], STRING, 0);
  const holder = new Items([new Value(type, items)], type, 0);
  return new Value({ kind: 'pointer', element: type }, {
    store: holder,
    key: 0,
  } satisfies Reference);
}

export interface Encoding {
  readonly alphabet: string;
  readonly padding: string;
  readonly isStrict: boolean;
}

export function readEncoding(
  context: CallContext,
  target: Value | undefined,
): Encoding | undefined {
  const items = receiver(context, target);
  const [alphabet, padding, strict] = [0, 1, 2].map((i) =>
    items === undefined ? undefined : text(context.m.get(items, i)),
  );
  if (alphabet === undefined || padding === undefined) return undefined;
  return { alphabet, padding, isStrict: strict === 'strict' };
}

/** A method of an encoding: the same as a function, once it is known which encoding. */
const withEncoding =
  (make: (encoding: Encoding) => Native): Native =>
  (context, [target, ...args]) => {
    const encoding = readEncoding(context, target);
    if (encoding === undefined) {
      for (const arg of args)
        if (arg.v !== null && typeof arg.v === 'object' && 'items' in arg.v)
          context.m.escape((arg.v as Slice).items);
      return UNKNOWN;
    }
    return make(encoding)(context, args);
  };

interface Base {
  readonly name: string;
  readonly path: string;
  readonly type: NamedType;
  readonly decode: (from: string, encoding: Encoding) => codecs.Decoded | undefined;
  readonly encode: (from: string, encoding: Encoding) => string | undefined;
  readonly decodedLength: (length: number, encoding: Encoding) => number;
  readonly encodedLength: (length: number, encoding: Encoding) => number;
}

function baseFunctions(base: Base): Readonly<Record<string, Native>> {
  const { name, path, type } = base;
  const own = `${path}.Encoding`;
  const length = (compute: Base['decodedLength']) =>
    withEncoding((encoding) => (_, [value]) => {
      const known = count(value);
      return known === undefined ? UNKNOWN : intValue(compute(known, encoding));
    });
  const change =
    (to: (encoding: Encoding, value: Value | undefined) => readonly Value[] | undefined): Native =>
    (context, [target, value]) => {
      const encoding = readEncoding(context, target);
      const fields = encoding && to(encoding, value);
      if (fields === undefined) return UNKNOWN;
      const items = new Items([...fields], STRING, context.m.epoch);
      const holder = new Items([new Value(type, items)], type, context.m.epoch);
      return new Value({ kind: 'pointer', element: type }, { store: holder, key: 0 });
    };
  return {
    [`${path}.NewEncoding`]: (context, [alphabet]) => {
      const known = text(alphabet);
      if (known === undefined) return UNKNOWN;
      const made = encodingOf(type, known, '=');
      context.m.step();
      return made;
    },
    [`${own}.DecodeString`]: withEncoding((e) => decodeString(name, (s) => base.decode(s, e))),
    [`${own}.Decode`]: withEncoding((e) => decodeInto(name, (s) => base.decode(s, e))),
    [`${own}.AppendDecode`]: () => UNKNOWN,
    [`${own}.EncodeToString`]: withEncoding((e) =>
      encodeToString(`to-${name}`, (s) => base.encode(s, e)),
    ),
    [`${own}.Encode`]: withEncoding((e) => encodeInto(`to-${name}`, (s) => base.encode(s, e))),
    [`${own}.DecodedLen`]: length(base.decodedLength),
    [`${own}.EncodedLen`]: length(base.encodedLength),
    [`${own}.WithPadding`]: change(({ alphabet, isStrict }, value) => {
      const rune = count(value);
      if (rune === undefined) return undefined;
      const padding = rune < 0 ? '' : String.fromCharCode(rune);
      return [alphabet, padding, isStrict ? 'strict' : ''].map((one) => textValue(one));
    }),
    [`${own}.Strict`]: change(({ alphabet, padding }) =>
      [alphabet, padding, 'strict'].map((one) => textValue(one)),
    ),
  };
}

const BASE64_LIBRARY = baseFunctions({
  name: 'base64',
  path: 'encoding/base64',
  type: BASE64,
  decode: (from, { alphabet, padding, isStrict }) =>
    codecs.decodeBase64(from, { alphabet, padding, isStrict }),
  encode: (from, { alphabet, padding }) => codecs.encodeBase64(from, { alphabet, padding }),
  decodedLength: (length, { padding }) =>
    padding === '' ? Math.floor((length * 6) / 8) : Math.floor(length / 4) * 3,
  encodedLength: (length, { padding }) =>
    padding === ''
      ? Math.floor(length / 3) * 4 + Math.floor(((length % 3) * 8 + 5) / 6)
      : Math.floor((length + 2) / 3) * 4,
});

const BASE32_LIBRARY = baseFunctions({
  name: 'base32',
  path: 'encoding/base32',
  type: BASE32,
  decode: (from, { alphabet, padding }) => codecs.decodeBase32(from, { alphabet, padding }),
  encode: (from, { alphabet, padding }) => codecs.encodeBase32(from, { alphabet, padding }),
  decodedLength: (length, { padding }) =>
    padding === '' ? Math.floor((length * 5) / 8) : Math.floor(length / 8) * 5,
  encodedLength: (length, { padding }) =>
    padding === ''
      ? Math.floor(length / 5) * 8 + Math.floor(((length % 5) * 8 + 4) / 5)
      : Math.floor((length + 4) / 5) * 8,
});

/** Packages that turn bytes into text and back. */
export const ENCODINGS_LIBRARY: LibraryPart = {
  functions: {
    ...BASE64_LIBRARY,
    ...BASE32_LIBRARY,
    'encoding/hex.DecodeString': decodeString('hex', codecs.decodeHex),
    'encoding/hex.Decode': decodeInto('hex', codecs.decodeHex),
    'encoding/hex.EncodeToString': encodeToString('to-hex', codecs.encodeHexText),
    'encoding/hex.Encode': encodeInto('to-hex', codecs.encodeHexText),
    'encoding/hex.DecodedLen': (_, [value]) => {
      const known = count(value);
      return known === undefined ? UNKNOWN : intValue(Math.trunc(known / 2));
    },
    'encoding/hex.EncodedLen': (_, [value]) => {
      const known = count(value);
      return known === undefined ? UNKNOWN : intValue(known * 2);
    },
    'encoding/ascii85.Decode': (context, [to, from]) => {
      const known = readAny(context, from);
      const target = asSlice(to?.v);
      if (target === undefined || target === null || !(target.items instanceof Items))
        return UNKNOWN;
      const result = known === undefined ? undefined : codecs.decodeAscii85(known);
      if (result === undefined || !result.isWhole || result.bytes.length > target.length) {
        context.m.escape(target.items);
        return UNKNOWN;
      }
      writeInto(context, target, [result.bytes, howOf('ascii85', context, [from])]);
      return new Tuple([intValue(result.bytes.length), intValue((known ?? '').length), NIL]);
    },
    'encoding/ascii85.Encode': encodeInto('to-ascii85', codecs.encodeAscii85),
    'encoding/ascii85.MaxEncodedLen': (_, [value]) => {
      const known = count(value);
      return known === undefined ? UNKNOWN : intValue(Math.floor((known + 3) / 4) * 5);
    },
  },
  types: { 'encoding/base64.Encoding': BASE64, 'encoding/base32.Encoding': BASE32 },
  values: {
    'encoding/base64.StdEncoding': encodingOf(BASE64, codecs.BASE64_STANDARD, '='),
    'encoding/base64.URLEncoding': encodingOf(BASE64, codecs.BASE64_URL, '='),
    'encoding/base64.RawStdEncoding': encodingOf(BASE64, codecs.BASE64_STANDARD, ''),
    'encoding/base64.RawURLEncoding': encodingOf(BASE64, codecs.BASE64_URL, ''),
    'encoding/base64.NoPadding': new Value(INT32, -1),
    'encoding/base64.StdPadding': new Value(INT32, 61),
    'encoding/base32.StdEncoding': encodingOf(BASE32, codecs.BASE32_STANDARD, '='),
    'encoding/base32.HexEncoding': encodingOf(BASE32, codecs.BASE32_HEX, '='),
    'encoding/base32.NoPadding': new Value(INT32, -1),
    'encoding/base32.StdPadding': new Value(INT32, 61),
  },
};
