import type { CallContext, Native } from '../compile/model.ts';
import { decodeRune, fromByteText, sliceOf, sliceOfBytes } from '../run/convert.ts';
import { Items } from '../run/stores.ts';
import { BYTES, INT32 } from '../run/types.ts';
import { boolValue, intValue, Tuple, UNKNOWN, Value } from '../run/value.ts';
import { mapRunes, trimRunes } from './letters.ts';
import type { LibraryPart } from './part.ts';
import { count, elements, text, textSlice } from './support.ts';
import { type Maker, makeBytes, makeText, type Reader, readBytes, readText } from './text-kinds.ts';
import * as texts from './texts.ts';

/** What is given back: text in the package's own form, numbers and booleans as they are. */
type Result = string | number | boolean | readonly string[] | undefined;

interface Package {
  readonly read: Reader;
  readonly make: Maker;
  readonly list: (context: CallContext, parts: readonly string[], args: readonly Value[]) => Value;
}

const STRINGS_PACKAGE: Package = {
  read: readText,
  make: makeText,
  list: (context, parts, args) => textSlice(context, parts, args[0]?.how),
};

const BYTES_PACKAGE: Package = {
  read: readBytes,
  make: makeBytes,
  list: (context, parts) => {
    const values = parts.map((part) => sliceOfBytes(context.m, BYTES, fromByteText(part)));
    return sliceOf({ kind: 'slice', element: BYTES }, new Items(values, BYTES, context.m.epoch));
  },
};

/** A function whose arguments are text, but for those that are numbers. */
type Run = (known: readonly string[], numbers: readonly number[]) => Result;

/** An argument as the letter says; undefined where it is not known. */
function argument(
  kind: Package,
  context: CallContext,
  [letter, value]: readonly [string, Value | undefined],
): string | number | undefined {
  if (letter === 'n') return count(value);
  return letter === 't' ? kind.read(context, value) : text(value);
}

function native(kind: Package, [operation, shape]: readonly [string, string], run: Run): Native {
  return (context, args) => {
    const all = Array.from(shape, (letter, i) => argument(kind, context, [letter, args[i]]));
    if (all.includes(undefined)) return UNKNOWN;
    const known = all.filter((one) => typeof one === 'string');
    const numbers = all.filter((one) => typeof one === 'number');
    context.m.step(known.reduce((sum, one) => sum + one.length, 0) >> 6);
    return give(kind, context, [run(known, numbers), operation, args]);
  };
}

function give(
  kind: Package,
  context: CallContext,
  [result, operation, args]: readonly [Result, string, readonly Value[]],
): Value {
  if (typeof result === 'string') return kind.make(context, result, [operation, args]);
  if (typeof result === 'number') return intValue(result);
  if (typeof result === 'boolean') return boolValue(result);
  return result === undefined ? UNKNOWN : kind.list(context, result, args);
}

const BOTH = { left: true, right: true };
const LEFT = { left: true, right: false };
const RIGHT = { left: false, right: true };

type Entry = readonly [name: string, operation: string, shape: string, run: Run];

/** Functions that both packages have: `t` is their own kind of text, `s` always a string, `n` a number. */
const SHARED: readonly Entry[] = [
  ['Contains', 'search', 'tt', ([s = '', p = '']) => s.includes(p)],
  ['ContainsAny', 'search', 'ts', ([s = '', p = '']) => texts.indexAny(s, p) >= 0],
  ['ContainsRune', 'search', 'tn', ([s = ''], [r = 0]) => texts.indexRune(s, r) >= 0],
  ['Count', 'search', 'tt', ([s = '', p = '']) => texts.count(s, p)],
  ['Index', 'search', 'tt', ([s = '', p = '']) => s.indexOf(p)],
  ['IndexAny', 'search', 'ts', ([s = '', p = '']) => texts.indexAny(s, p)],
  ['IndexByte', 'search', 'tn', ([s = ''], [b = 0]) => s.indexOf(String.fromCharCode(b))],
  ['IndexRune', 'search', 'tn', ([s = ''], [r = 0]) => texts.indexRune(s, r)],
  ['LastIndex', 'search', 'tt', ([s = '', p = '']) => s.lastIndexOf(p)],
  ['LastIndexAny', 'search', 'ts', ([s = '', p = '']) => texts.lastIndexAny(s, p)],
  ['LastIndexByte', 'search', 'tn', ([s = ''], [b = 0]) => s.lastIndexOf(String.fromCharCode(b))],
  ['HasPrefix', 'search', 'tt', ([s = '', p = '']) => s.startsWith(p)],
  ['HasSuffix', 'search', 'tt', ([s = '', p = '']) => s.endsWith(p)],
  ['EqualFold', 'search', 'tt', ([s = '', p = '']) => texts.equalFold(s, p)],
  ['Compare', 'search', 'tt', ([s = '', p = '']) => texts.compare(s, p)],
  ['Repeat', 'repeat', 'tn', ([s = ''], [n = 0]) => texts.repeat(s, n)],
  [
    'Replace',
    'replace',
    'tttn',
    ([s = '', a = '', b = ''], [n = 0]) => texts.replace(s, [a, b], n),
  ],
  ['ReplaceAll', 'replace', 'ttt', ([s = '', a = '', b = '']) => texts.replace(s, [a, b], -1)],
  ['Split', 'split', 'tt', ([s = '', p = '']) => texts.split(s, p)],
  ['SplitN', 'split', 'ttn', ([s = '', p = ''], [most = 0]) => texts.split(s, p, { most })],
  ['SplitAfter', 'split', 'tt', ([s = '', p = '']) => texts.split(s, p, { keepsSeparator: true })],
  [
    'SplitAfterN',
    'split',
    'ttn',
    ([s = '', p = ''], [most = 0]) => texts.split(s, p, { most, keepsSeparator: true }),
  ],
  ['Fields', 'split', 't', ([s = '']) => texts.fields(s)],
  ['Trim', 'trim', 'ts', ([s = '', p = '']) => texts.trim(s, p, BOTH)],
  ['TrimLeft', 'trim', 'ts', ([s = '', p = '']) => texts.trim(s, p, LEFT)],
  ['TrimRight', 'trim', 'ts', ([s = '', p = '']) => texts.trim(s, p, RIGHT)],
  ['TrimSpace', 'trim', 't', ([s = '']) => texts.trimSpace(s)],
  ['TrimPrefix', 'trim', 'tt', ([s = '', p = '']) => (s.startsWith(p) ? s.slice(p.length) : s)],
  [
    'TrimSuffix',
    'trim',
    'tt',
    ([s = '', p = '']) => (p !== '' && s.endsWith(p) ? s.slice(0, -p.length) : s),
  ],
  ['ToUpper', 'case', 't', ([s = '']) => texts.toUpper(s)],
  ['ToLower', 'case', 't', ([s = '']) => texts.toLower(s)],
  ['Title', 'case', 't', ([s = '']) => texts.title(s)],
  ['ToTitle', 'case', 't', ([s = '']) => texts.toUpper(s)],
];

type Test = (rune: number) => boolean | undefined;

/** The condition that a function value is. */
function testOf({ call }: CallContext, fn: Value | undefined): Test {
  return (rune) => {
    const answer = call(fn ?? UNKNOWN, [new Value(INT32, rune)]).v;
    return typeof answer === 'boolean' ? answer : undefined;
  };
}

function withFunction(
  kind: Package,
  operation: string,
  run: (known: string, test: Test) => Result,
): Native {
  return (context, args) => {
    const known = kind.read(context, args[0]);
    if (known === undefined) return UNKNOWN;
    return give(kind, context, [run(known, testOf(context, args[1])), operation, args]);
  };
}

function indexFunc(known: string, test: Test): number | undefined {
  for (let at = 0; at < known.length; ) {
    const [rune, length] = decodeRune(known, at);
    const is = test(rune);
    if (is === undefined) return undefined;
    if (is) return at;
    at += length;
  }
  return -1;
}

/** Functions that take a function of runes. */
function functional(name: string, kind: Package): Readonly<Record<string, Native>> {
  return {
    [`${name}.Map`]: (context, [fn = UNKNOWN, value]) => {
      const known = kind.read(context, value);
      if (known === undefined) return UNKNOWN;
      const result = mapRunes(known, (rune) => {
        const to = context.call(fn, [new Value(INT32, rune)]).v;
        return typeof to === 'number' ? to : undefined;
      });
      return give(kind, context, [result, 'map', value === undefined ? [] : [value]]);
    },
    [`${name}.FieldsFunc`]: withFunction(kind, 'split', (s, test) => texts.fields(s, test)),
    [`${name}.TrimFunc`]: withFunction(kind, 'trim', (s, test) => trimRunes(s, test, BOTH)),
    [`${name}.TrimLeftFunc`]: withFunction(kind, 'trim', (s, test) => trimRunes(s, test, LEFT)),
    [`${name}.TrimRightFunc`]: withFunction(kind, 'trim', (s, test) => trimRunes(s, test, RIGHT)),
    [`${name}.IndexFunc`]: withFunction(kind, 'search', indexFunc),
    [`${name}.ContainsFunc`]: withFunction(kind, 'search', (s, test) => {
      const found = indexFunc(s, test);
      return found === undefined ? undefined : found >= 0;
    }),
  };
}

/** `before, after, found`. */
function cut(kind: Package): Native {
  return (context, args) => {
    const [s, separator] = [kind.read(context, args[0]), kind.read(context, args[1])];
    if (s === undefined || separator === undefined) return UNKNOWN;
    const at = s.indexOf(separator);
    const parts = at < 0 ? [s, ''] : [s.slice(0, at), s.slice(at + separator.length)];
    return new Tuple([
      ...parts.map((part) => kind.make(context, part, ['split', args])),
      boolValue(at >= 0),
    ]);
  };
}

function cutEnd(kind: Package, isPrefix: boolean): Native {
  return (context, args) => {
    const [s, end] = [kind.read(context, args[0]), kind.read(context, args[1])];
    if (s === undefined || end === undefined) return UNKNOWN;
    const is = isPrefix ? s.startsWith(end) : s.endsWith(end);
    const rest = isPrefix ? s.slice(end.length) : s.slice(0, s.length - end.length);
    return new Tuple([kind.make(context, is ? rest : s, ['trim', args]), boolValue(is)]);
  };
}

function join(kind: Package): Native {
  return (context, [list, separator]) => {
    const parts = elements(context.m, list)?.map((one) => kind.read(context, one));
    const between = kind.read(context, separator);
    if (parts === undefined || parts.includes(undefined) || between === undefined) return UNKNOWN;
    const from = [
      ...(elements(context.m, list) ?? []),
      ...(separator === undefined ? [] : [separator]),
    ];
    return kind.make(context, parts.join(between), ['join', from]);
  };
}

function functionsOf(name: string, kind: Package): Readonly<Record<string, Native>> {
  return {
    ...Object.fromEntries(
      SHARED.map(([own, operation, shape, run]) => [
        `${name}.${own}`,
        native(kind, [operation, shape], run),
      ]),
    ),
    ...functional(name, kind),
    [`${name}.Cut`]: cut(kind),
    [`${name}.CutPrefix`]: cutEnd(kind, true),
    [`${name}.CutSuffix`]: cutEnd(kind, false),
    [`${name}.Join`]: join(kind),
  };
}

/** Packages strings and bytes. */
export const STRINGS_LIBRARY: LibraryPart = {
  functions: {
    ...functionsOf('strings', STRINGS_PACKAGE),
    ...functionsOf('bytes', BYTES_PACKAGE),
    'strings.Clone': (_, [value = UNKNOWN]) => value,
    'bytes.Clone': (context, [value]) => {
      const known = readBytes(context, value);
      return known === undefined
        ? UNKNOWN
        : makeBytes(context, known, ['copy', value ? [value] : []]);
    },
    'bytes.Equal': (context, [a, b]) => {
      const [x, y] = [readBytes(context, a), readBytes(context, b)];
      return x === undefined || y === undefined ? UNKNOWN : boolValue(x === y);
    },
  },
};
