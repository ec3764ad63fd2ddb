import { decodeBzip2 } from '#base';
import type { CallContext, Native } from '../compile/model.ts';
import { fromByteText } from '../run/convert.ts';
import { asSlice, type Items } from '../run/stores.ts';
import { type NamedType, STRING, structOf } from '../run/types.ts';
import {
  boolValue,
  type How,
  intValue,
  NIL,
  Tuple,
  textValue,
  UNKNOWN,
  type Value,
} from '../run/value.ts';
import * as codecs from './codecs.ts';
import { madeBytes, readEncoding, writeInto } from './encodings.ts';
import { gunzip, inflate, MOST_UNPACKED, unlzw, unzlib } from './inflate.ts';
import type { LibraryPart } from './part.ts';
import { errorValue } from './strconv.ts';
import { count, howOf, pointerTo, receiver } from './support.ts';
import { byteText, readBytes } from './text-kinds.ts';

/** Damaged and cut streams are as good as unknown. */
function unbzip2(from: Uint8Array): Uint8Array | undefined {
  const { bytes, end } = decodeBzip2(from, MOST_UNPACKED);
  return end === 'whole' ? bytes : undefined;
}

/** A reader of which it is known what it will give: the first field is what is left of it. */
function readerType(path: string, name: string): NamedType {
  const field = { name: 'rest', type: STRING, isEmbedded: false, tag: '' };
  const struct = structOf([field]);
  return { kind: 'named', path, name, under: () => struct };
}

const READERS = [
  ['strings', 'Reader'],
  ['bytes', 'Reader'],
  ['bytes', 'Buffer'],
  ['compress/gzip', 'Reader'],
  ['compress/zlib', 'Reader'],
  ['compress/flate', 'Reader'],
  ['compress/bzip2', 'Reader'],
  ['compress/lzw', 'Reader'],
  ['encoding/base64', 'Reader'],
  ['encoding/base32', 'Reader'],
  ['encoding/hex', 'Reader'],
  ['mime/quotedprintable', 'Reader'],
  ['io', 'Reader'],
  ['bufio', 'Reader'],
] as const;
const KNOWN = new Set(READERS.map(([path, name]) => `${path}.${name}`));
const TYPES = new Map(READERS.map(([path, name]) => [`${path}.${name}`, readerType(path, name)]));

function typeNamed(name: string): NamedType {
  return TYPES.get(name) ?? readerType('io', 'Reader');
}

/** The fields of a reader whose content is known. */
function fieldsOf(context: CallContext, reader: Value | undefined): Items | undefined {
  const type = reader?.t.kind === 'pointer' ? reader.t.element : undefined;
  if (type?.kind !== 'named' || !KNOWN.has(`${type.path}.${type.name}`)) return undefined;
  return receiver(context, reader);
}

/** What a reader has left, and whether an error comes behind it. */
interface Rest {
  readonly value: Value;
  readonly known: string;
  readonly isFaulty: boolean;
}

/** What a reader has left, which is then read. */
export function drain(context: CallContext, reader: Value | undefined): Rest | undefined {
  const { m } = context;
  const items = fieldsOf(context, reader);
  const value = items && m.get(items, 0);
  if (items === undefined || typeof value?.v !== 'string') return undefined;
  m.put(items, 0, textValue(''));
  return { value, known: value.v, isFaulty: m.get(items, FAULT)?.v === true };
}

const FAULT = 1;

/** A reader that will give this, and then an error where it is faulty. */
export function newReader(
  context: CallContext,
  name: string,
  [rest, how, isFaulty]: readonly [string, How | undefined, boolean],
): Value {
  context.m.allocate(rest.length);
  const fields = [textValue(rest, how), ...(isFaulty ? [boolValue(true)] : [])];
  return pointerTo(context, typeNamed(name), fields);
}

const readerOf =
  (name: string): Native =>
  (context, [value]) => {
    const known = readBytes(context, value);
    if (known === undefined) return UNKNOWN;
    const how = value?.how ?? (value?.v as { items?: Items } | null | undefined)?.items?.how;
    return newReader(context, name, [known, how, false]);
  };

/** Unpacks all of another reader; undefined where it cannot begin, null where that is not known. */
type Unpack = (
  from: Uint8Array,
  context: CallContext,
  args: readonly Value[],
) => codecs.Decoded | null | undefined;

/** `NewReader(r)`, with an error beside it where `hasError` says so. */
function unpacking(
  name: string,
  [operation, hasError]: readonly [string, boolean],
  unpack: Unpack,
): Native {
  return (context, args) => {
    const rest = drain(
      context,
      args.find((arg) => fieldsOf(context, arg) !== undefined),
    );
    if (rest === undefined || rest.isFaulty) return UNKNOWN;
    const found = unpack(fromByteText(rest.known), context, args);
    if (found === undefined && hasError) return new Tuple([NIL, errorValue(context, UNKNOWN)]);
    if (found === undefined || found === null) return UNKNOWN;
    context.m.step(found.bytes.length >> 5);
    const how = howOf(operation, context, [rest.value]);
    const made = newReader(context, name, [byteText(found.bytes), how, !found.isWhole]);
    return hasError ? new Tuple([made, NIL]) : made;
  };
}

/** Of a format whose damaged streams are not followed, the whole ones. */
const whole = (bytes: Uint8Array | undefined): codecs.Decoded | null =>
  bytes === undefined ? null : { bytes, isWhole: true };

const readAll: Native = (context, [reader]) => {
  const rest = drain(context, reader);
  if (rest === undefined) return UNKNOWN;
  const { how } = rest.value;
  const value = madeBytes(context, 'read', [fromByteText(rest.known), [rest.value]]);
  const slice = asSlice(value.v);
  if (how !== undefined && slice) slice.items.how = how;
  return new Tuple([value, rest.isFaulty ? errorValue(context, UNKNOWN) : NIL]);
};

/** `io.Copy(w, r)` into a builder or buffer. */
const copyAll: Native = (context, [to, from]) => {
  const rest = drain(context, from);
  const type = to?.t.kind === 'pointer' ? to.t.element : undefined;
  const isText =
    type?.kind === 'named' &&
    /^(strings\.Builder|bytes\.Buffer)$/.test(`${type.path}.${type.name}`);
  const items = isText ? receiver(context, to) : undefined;
  const before = items && context.m.get(items, 0);
  if (rest === undefined || items === undefined || typeof before?.v !== 'string') {
    if (items !== undefined) context.m.put(items, 0, UNKNOWN);
    return UNKNOWN;
  }
  const { known, value, isFaulty } = rest;
  context.m.put(items, 0, textValue(before.v + known, howOf('concat', context, [before, value])));
  return new Tuple([intValue(known.length), isFaulty ? errorValue(context, UNKNOWN) : NIL]);
};

/** `r.Read(p)` and `io.ReadFull(r, p)`. */
const readInto: Native = (context, [reader, to]) => {
  const items = fieldsOf(context, reader);
  const rest = items && context.m.get(items, 0);
  const target = asSlice(to?.v);
  if (target === null || target === undefined || !('items' in target)) return UNKNOWN;
  if (items === undefined || typeof rest?.v !== 'string' || rest.v === '') {
    context.m.escape(target.items);
    if (items !== undefined) context.m.put(items, 0, UNKNOWN);
    return UNKNOWN;
  }
  const part = rest.v.slice(0, target.length);
  writeInto(context, target, [fromByteText(part), rest.how]);
  context.m.put(items, 0, textValue(rest.v.slice(part.length), rest.how));
  return new Tuple([intValue(part.length), part.length === target.length ? NIL : UNKNOWN]);
};

const done: Native = () => NIL;

const methods: Readonly<Record<string, Native>> = Object.fromEntries(
  READERS.filter(([path, name]) => `${path}.${name}` !== 'bytes.Buffer').flatMap(([path, name]) => [
    [`${path}.${name}.Read`, readInto],
    [`${path}.${name}.Close`, done],
  ]),
);

const decodeWith =
  (decode: (known: string, encoding: codecs.BaseEncoding) => codecs.Decoded | undefined): Unpack =>
  (from, context, [encoding]) => {
    const known = readEncoding(context, encoding);
    return known === undefined ? null : decode(byteText(from), known);
  };

const lzw: Unpack = (from, _, [, order, width]) => {
  const [known, bits] = [count(order), count(width)];
  if (known === undefined || bits === undefined || bits < 2 || bits > 8) return null;
  return whole(unlzw(from, known === 1, bits));
};

const decodePem: Native = (context, [value]) => {
  const known = readBytes(context, value);
  const found =
    known &&
    /-----BEGIN ([A-Z ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----\r?\n?/.exec(known);
  if (known === undefined || found === null || found === undefined || found === '') return UNKNOWN;
  const [whole, type = '', body = ''] = found;
  const { bytes, isWhole } = codecs.decodeBase64(body, {
    alphabet: codecs.BASE64_STANDARD,
    padding: '=',
  });
  if (!isWhole) return UNKNOWN;
  const block = pointerTo(context, PEM_BLOCK, [
    textValue(type),
    UNKNOWN,
    madeBytes(context, 'pem', [bytes, value === undefined ? [] : [value]]),
  ]);
  const rest = known.slice(found.index + whole.length);
  return new Tuple([block, madeBytes(context, 'pem', [fromByteText(rest), []])]);
};

const PEM_BLOCK: NamedType = {
  kind: 'named',
  path: 'encoding/pem',
  name: 'Block',
  under: () =>
    structOf(
      ['Type', 'Headers', 'Bytes'].map((name) => ({
        name,
        type: STRING,
        isEmbedded: false,
        tag: '',
      })),
    ),
};

/** What reads, and what unpacks what is read. */
export const READERS_LIBRARY: LibraryPart = {
  functions: {
    ...methods,
    'strings.NewReader': readerOf('strings.Reader'),
    'bytes.NewReader': readerOf('bytes.Reader'),
    'bufio.NewReader': unpacking('bufio.Reader', ['read', false], whole),
    'io.NopCloser': unpacking('io.Reader', ['read', false], whole),
    'io.LimitReader': unpacking('io.Reader', ['read', false], (from, _, [, most]) => {
      const known = count(most);
      return known === undefined ? null : whole(from.subarray(0, Math.max(0, known)));
    }),
    'compress/gzip.NewReader': unpacking('compress/gzip.Reader', ['gzip', true], gunzip),
    'compress/zlib.NewReader': unpacking('compress/zlib.Reader', ['zlib', true], unzlib),
    'compress/flate.NewReader': unpacking('compress/flate.Reader', ['flate', false], inflate),
    'compress/bzip2.NewReader': unpacking('compress/bzip2.Reader', ['bzip2', false], (from) =>
      whole(unbzip2(from)),
    ),
    'compress/lzw.NewReader': unpacking('compress/lzw.Reader', ['lzw', false], lzw),
    'encoding/base64.NewDecoder': unpacking(
      'encoding/base64.Reader',
      ['base64', false],
      decodeWith(codecs.decodeBase64),
    ),
    'encoding/base32.NewDecoder': unpacking(
      'encoding/base32.Reader',
      ['base32', false],
      decodeWith(codecs.decodeBase32),
    ),
    'encoding/hex.NewDecoder': unpacking('encoding/hex.Reader', ['hex', false], (from) =>
      codecs.decodeHex(byteText(from)),
    ),
    'mime/quotedprintable.NewReader': unpacking(
      'mime/quotedprintable.Reader',
      ['quoted-printable', false],
      (from) => codecs.decodeQuotedPrintable(byteText(from)) ?? null,
    ),
    'io.ReadAll': readAll,
    'io/ioutil.ReadAll': readAll,
    'io.Copy': copyAll,
    'io.ReadFull': readInto,
    'bytes.Buffer.ReadFrom': copyAll,
    'encoding/pem.Decode': decodePem,
  },
  types: { 'encoding/pem.Block': PEM_BLOCK },
  values: { 'compress/lzw.LSB': intValue(0), 'compress/lzw.MSB': intValue(1) },
};
