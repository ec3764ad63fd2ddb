import { decodeJson, decodeUtf8, encodeUtf8, type Json, toByteString } from '#base';
import type { CallContext, Native } from '../compile/model.ts';
import { assignTo, fromByteText, sliceOf, zeroOf } from '../run/convert.ts';
import { keyOf } from '../run/equality.ts';
import { asReference, Items, Pair, Table } from '../run/stores.ts';
import {
  EMPTY_INTERFACE,
  FLOAT64,
  isBytes,
  type NamedType,
  STRING,
  type StructType,
  structOf,
  type Type,
  under,
} from '../run/types.ts';
import { type How, NIL, Tuple, textValue, UNKNOWN, Value } from '../run/value.ts';
import * as codecs from './codecs.ts';
import { madeBytes } from './encodings.ts';
import type { LibraryPart } from './part.ts';

import { howOf, pointerTo, receiver, text } from './support.ts';
import { readBytes } from './text-kinds.ts';

/** What is filled from a document, and how its texts are said to have come to be. */
interface Filling {
  readonly context: CallContext;
  readonly how: How;
}

/** A JSON value as one of a type (encoding/json); UNKNOWN for what is not followed. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value.
function fromJson(filling: Filling, type: Type, json: Json): Value {
  const { m } = filling.context;
  const below = under(type);
  m.allocate(8);
  if (json === null) return zeroOf(m, type);
  switch (below.kind) {
    case 'basic':
      if (typeof json === 'string' && below.class === 'string')
        return new Value(type, toByteString(encodeUtf8(json)), filling.how);
      if (typeof json === 'boolean' && below.class === 'bool') return new Value(type, json);
      if (typeof json === 'number' && Number.isSafeInteger(json) && /int/.test(below.class))
        return new Value(type, json);
      return typeof json === 'number' && below.class === 'float' ? new Value(type, json) : UNKNOWN;
    case 'interface':
      return anyJson(filling, json);
    case 'slice':
      if (typeof json === 'string' && isBytes(type)) return bytesJson(filling, json);
      return Array.isArray(json) ? listJson(filling, [type, below.element], json) : UNKNOWN;
    case 'map':
      return isObject(json) ? mapJson(filling, [type, below.element], json) : UNKNOWN;
    case 'struct':
      return isObject(json) ? structJson(filling, [type, below], json) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function anyJson(filling: Filling, json: Json): Value {
  if (typeof json === 'string') return fromJson(filling, STRING, json);
  if (typeof json === 'number') return new Value(FLOAT64, json);
  if (typeof json === 'boolean')
    return fromJson(filling, { ...FLOAT64, name: 'bool', class: 'bool' }, json);
  if (Array.isArray(json))
    return fromJson(filling, { kind: 'slice', element: EMPTY_INTERFACE }, json);
  return fromJson(filling, { kind: 'map', key: STRING, element: EMPTY_INTERFACE }, json);
}

function bytesJson({ context }: Filling, json: string): Value {
  const found = codecs.decodeBase64(json, { alphabet: codecs.BASE64_STANDARD, padding: '=' });
  return found.isWhole ? madeBytes(context, 'base64', [found.bytes, []]) : UNKNOWN;
}

function listJson(
  filling: Filling,
  [type, element]: readonly [Type, Type],
  json: readonly Json[],
): Value {
  const values = json.map((one) => fromJson(filling, element, one));
  return sliceOf(type, new Items(values, element, filling.context.m.epoch));
}

function mapJson(
  filling: Filling,
  [type, element]: readonly [Type, Type],
  json: { readonly [key: string]: Json },
): Value {
  const { m } = filling.context;
  const table = new Table(m.epoch);
  for (const [name, one] of Object.entries(json)) {
    const key = new Value(STRING, toByteString(encodeUtf8(name)));
    const value = fromJson(filling, element, one);
    table.write(keyOf(m, key) ?? '', new Pair(key, value));
  }
  return new Value(type, table);
}

function structJson(
  filling: Filling,
  [type, struct]: readonly [Type, StructType],
  json: { readonly [key: string]: Json },
): Value {
  const made = zeroOf(filling.context.m, type);
  const names = Object.keys(json);
  struct.fields.forEach((field, i) => {
    const [, tag = ''] = /(?:^|\s)json:"([^",]*)/.exec(field.tag) ?? [];
    const wanted = tag === '' ? field.name : tag;
    // Exported names alone; the exact name before one that differs in case.
    if (!/^\p{Lu}/u.test(field.name) || tag === '-') return;
    const found =
      names.find((name) => name === wanted) ??
      names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (found !== undefined && made.v instanceof Items)
      made.v.write(i, fromJson(filling, field.type, json[found] ?? null));
  });
  return made;
}

const unmarshal: Native = (context, [data, target]) => {
  const known = readBytes(context, data);
  const { m } = context;
  const into = asReference(target?.v);
  if (into === null || into === undefined || !('store' in into)) return UNKNOWN;
  const source = known === undefined ? undefined : decodeUtf8(fromByteText(known));
  const json = source === undefined ? undefined : decodeJson(source);
  const type = target?.t.kind === 'pointer' ? target.t.element : undefined;
  if (json === undefined || type === undefined) {
    const before = m.get(into.store, into.key);
    if (before?.v instanceof Items) m.escape(before.v);
    m.put(into.store, into.key, UNKNOWN);
    return UNKNOWN;
  }
  const value = fromJson({ context, how: howOf('json', context, [data]) }, type, json);
  m.put(into.store, into.key, assignTo(m, type, value));
  return value === UNKNOWN ? UNKNOWN : NIL;
};

const TEMPLATE: NamedType = (() => {
  const struct = structOf([{ name: 'text', type: STRING, isEmbedded: false, tag: '' }]);
  return { kind: 'named', path: 'text/template', name: 'Template', under: () => struct };
})();

const parseTemplate: Native = (context, args) => {
  const source = text(args.at(-1));
  if (source === undefined) return UNKNOWN;
  return new Tuple([pointerTo(context, TEMPLATE, [textValue(source)]), NIL]);
};

/** What `{{…}}` stands for: the dot, a field of it, or a text. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value.
function actionValue(context: CallContext, action: string, data: Value): Value | undefined {
  const { m } = context;
  if (action === '.') return data;
  const literal = /^"([^"\\]*)"$/.exec(action);
  if (literal !== null) return textValue(literal[1] ?? '');
  if (!/^(\.[A-Za-z_]\w*)+$/.test(action)) return undefined;
  let at = data;
  for (const name of action.slice(1).split('.')) {
    const below = under(at.t);
    if (below.kind === 'pointer' && at.v !== null) {
      const target = asReference(at.v);
      at = target ? (m.get(target.store, target.key) ?? UNKNOWN) : UNKNOWN;
    }
    const struct = under(at.t);
    if (struct.kind === 'struct' && at.v instanceof Items) {
      const place = struct.places.get(name);
      if (place === undefined) return undefined;
      at = m.get(at.v, place) ?? UNKNOWN;
    } else if (struct.kind === 'map' && at.v instanceof Table) {
      const found = m.get(at.v, keyOf(m, new Value(STRING, name)) ?? '');
      if (!(found instanceof Pair)) return undefined;
      at = found.value;
    } else return undefined;
  }
  return at;
}

/** The text of a template with its data; undefined for actions that are not followed. */
function fill(
  context: CallContext,
  source: string,
  data: Value,
): { readonly result: string; readonly from: readonly Value[] } | undefined {
  const parts: string[] = [];
  const from: Value[] = [];
  let at = 0;
  for (const { 0: whole, 1: action = '', index } of source.matchAll(/\{\{(.*?)\}\}/gs)) {
    parts.push(source.slice(at, index));
    at = index + whole.length;
    const value = actionValue(context, action.trim(), data);
    if (typeof value?.v !== 'string' && typeof value?.v !== 'number') return undefined;
    parts.push(String(value.v));
    from.push(value);
  }
  return { result: [...parts, source.slice(at)].join(''), from };
}

const execute: Native = (context, [target, writer, data = UNKNOWN]) => {
  const items = receiver(context, target);
  const source = items && text(context.m.get(items, 0));
  const out = receiver(context, writer);
  const before = out && text(context.m.get(out, 0));
  if (out === undefined) return UNKNOWN;
  const filled =
    source === undefined || before === undefined ? undefined : fill(context, source, data);
  if (filled === undefined) {
    context.m.put(out, 0, UNKNOWN);
    return UNKNOWN;
  }
  const how = howOf('template', context, filled.from);
  context.m.put(out, 0, textValue((before ?? '') + filled.result, how));
  return NIL;
};

/** `template.Must(t, err)`. */
const must: Native = (_, [template = UNKNOWN]) => template;

/** Packages encoding/json and text/template. */
export const DOCUMENTS_LIBRARY: LibraryPart = {
  functions: {
    'encoding/json.Unmarshal': unmarshal,
    'text/template.New': (context) => pointerTo(context, TEMPLATE, [textValue('')]),
    'text/template.Template.Parse': parseTemplate,
    'text/template.Must': must,
    'text/template.Template.Execute': execute,
  },
  types: { 'text/template.Template': TEMPLATE },
};
