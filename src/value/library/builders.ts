import type { CallContext, Native } from '../compile/model.ts';
import { assignTo, runeText } from '../run/convert.ts';
import { type FieldType, type NamedType, STRING, structOf } from '../run/types.ts';
import { intValue, NIL, Tuple, textValue, UNKNOWN, type Value } from '../run/value.ts';
import type { LibraryPart } from './part.ts';
import { count, howOf, made, pointerTo, receiver, text } from './support.ts';
import { makeBytes, type Reader, readBytes, readText } from './text-kinds.ts';
import * as texts from './texts.ts';

/** A type of the library that holds one text: what was written so far, or what it was made of. */
function holder(path: string, name: string): NamedType {
  const field: FieldType = { name: 'text', type: STRING, isEmbedded: false, tag: '' };
  const struct = structOf([field]);
  return { kind: 'named', path, name, under: () => struct };
}

const BUILDER = holder('strings', 'Builder');
const BUFFER = holder('bytes', 'Buffer');
const REPLACER: NamedType = {
  kind: 'named',
  path: 'strings',
  name: 'Replacer',
  under: () => structOf([]),
};
const OK = [NIL];

/** True for a pointer to a builder or buffer. */
export function isTextHolder({ t }: Value): boolean {
  return t.kind === 'pointer' && (t.element === BUILDER || t.element === BUFFER);
}

/** Puts a text behind what a builder or buffer holds. */
export function writeText(context: CallContext, target: Value, value: Value): void {
  write(readText)(context, [target, value]);
}

/** Puts text behind what is there. */
function write(read: Reader): Native {
  return (context, [target, value]) => {
    const { m, site } = context;
    const items = receiver(context, target);
    if (items === undefined) return UNKNOWN;
    const before = m.get(items, 0) ?? UNKNOWN;
    const more = read(context, value);
    if (more === undefined || typeof before.v !== 'string') {
      m.put(items, 0, UNKNOWN);
      return UNKNOWN;
    }
    m.allocate(more.length);
    const how = howOf('concat', context, [before, value]);
    const known = before.how?.operation === 'concat' && before.how.site === site ? before.how : how;
    m.put(items, 0, textValue(before.v + more, known));
    return new Tuple([intValue(more.length), ...OK]);
  };
}

const writeNumber =
  (toText: (number: number) => string): Reader =>
  (_, value) =>
    typeof value?.v === 'number' ? toText(value.v) : undefined;

function builder(path: string, type: NamedType): Readonly<Record<string, Native>> {
  const own = `${path}.${type.name}`;
  const content: Native = (context, [target]) => {
    const items = receiver(context, target);
    return items === undefined ? UNKNOWN : (context.m.get(items, 0) ?? UNKNOWN);
  };
  const set =
    (change: (now: string, argument: number) => string): Native =>
    (context, [target, argument]) => {
      const items = receiver(context, target);
      const now = items && context.m.get(items, 0);
      const number = argument === undefined ? 0 : count(argument);
      if (items === undefined) return UNKNOWN;
      const next =
        typeof now?.v === 'string' && number !== undefined
          ? textValue(change(now.v, number), now.how)
          : UNKNOWN;
      context.m.put(items, 0, next);
      return UNKNOWN;
    };
  return {
    [`${own}.WriteString`]: write(readText),
    [`${own}.Write`]: write(readBytes),
    [`${own}.WriteByte`]: write(writeNumber((byte) => String.fromCharCode(byte & 0xff))),
    [`${own}.WriteRune`]: write(writeNumber(runeText)),
    [`${own}.String`]: content,
    [`${own}.Len`]: (context, args) => {
      const { v } = content(context, args);
      return typeof v === 'string' ? intValue(v.length) : UNKNOWN;
    },
    [`${own}.Reset`]: set(() => ''),
    [`${own}.Truncate`]: set((now, length) => now.slice(0, length)),
    [`${own}.Grow`]: () => UNKNOWN,
  };
}

function makeBuffer(read: Reader): Native {
  return (context, [value]) => {
    const known = read(context, value);
    if (known === undefined) return UNKNOWN;
    const how = value?.how ?? (value?.v as { items?: { how?: Value['how'] } } | null)?.items?.how;
    return pointerTo(context, BUFFER, [textValue(known, how)]);
  };
}

const newReplacer: Native = (context, args) => {
  const pairs = args.map(text);
  if (pairs.includes(undefined)) return UNKNOWN;
  return pointerTo(
    context,
    REPLACER,
    args.map((arg) => assignTo(context.m, STRING, arg)),
  );
};

const replaceWith: Native = (context, [target, value]) => {
  const items = receiver(context, target);
  const known = text(value);
  if (items === undefined || known === undefined) return UNKNOWN;
  const pairs = Array.from({ length: items.length }, (_, i) => text(context.m.get(items, i)));
  if (pairs.includes(undefined)) return UNKNOWN;
  context.m.step((known.length * pairs.length) >> 4);
  const result = texts.replaceAll(known, pairs as string[]);
  return result === undefined ? UNKNOWN : made(context, 'replace', [result, [value]]);
};
/** What writes texts piece by piece, and replaces parts of them. */
export const BUILDERS_LIBRARY: LibraryPart = {
  functions: {
    ...builder('strings', BUILDER),
    ...builder('bytes', BUFFER),
    'bytes.NewBufferString': makeBuffer(readText),
    'bytes.NewBuffer': makeBuffer(readBytes),
    'bytes.Buffer.Bytes': (context, [target]) => {
      const items = receiver(context, target);
      const now = items && context.m.get(items, 0);
      return typeof now?.v === 'string' ? makeBytes(context, now.v, ['concat', [now]]) : UNKNOWN;
    },
    'strings.NewReplacer': newReplacer,
    'strings.Replacer.Replace': replaceWith,
  },
  types: {
    'strings.Builder': BUILDER,
    'bytes.Buffer': BUFFER,
    'strings.Replacer': REPLACER,
  },
};
