import { unquoteBytes } from '../compile/constants.ts';
import type { CallContext, Native } from '../compile/model.ts';
import { runesOf, runeText, sliceOfBytes } from '../run/convert.ts';
import { type Int, parseFraction, toDouble } from '../run/numbers.ts';
import {
  type Basic,
  BOOL,
  FLOAT64,
  INT,
  INT64,
  type NamedType,
  STRING,
  structOf,
  UINT64,
} from '../run/types.ts';
import { NIL, Tuple, textValue, UNKNOWN, Value } from '../run/value.ts';
import { formatFloat } from './floats.ts';
import type { LibraryPart } from './part.ts';
import { quoteOneRune, quoteText } from './quote.ts';
import { bytes, count, made, pointerTo, receiver, text } from './support.ts';

const ERROR_TEXT: NamedType = {
  kind: 'named',
  path: 'errors',
  name: 'errorString',
  under: () => structOf([{ name: 's', type: STRING, isEmbedded: false, tag: '' }]),
};

/** An error with a text; UNKNOWN for one whose text is not known. */
export function errorValue(context: CallContext, detail: Value): Value {
  return pointerTo(context, ERROR_TEXT, [detail]);
}

/** A result and that there is no error. */
export const fine = (value: Value): Value => new Tuple([value, NIL]);

/** What a function gives beside an error. */
export function failed(context: CallContext, value: Value, detail: Value = UNKNOWN): Value {
  return new Tuple([value, errorValue(context, detail)]);
}

/** The digits of a number of at most so many bits in a base from 2 to 36, read as strconv.ParseUint does. */
function digits(known: string, base: number, bits: number): bigint | 'range' | undefined {
  let rest = known;
  let by = base;
  if (base === 0) {
    const prefix = rest.slice(0, 2).toLowerCase();
    const bases: Readonly<Record<string, number>> = { '0x': 16, '0b': 2, '0o': 8 };
    by = bases[prefix] ?? (rest.startsWith('0') && rest.length > 1 ? 8 : 10);
    if (bases[prefix] !== undefined) rest = rest.slice(2);
  }
  if (rest === '') return undefined;
  let value = 0n;
  for (const digit of rest.toLowerCase()) {
    const number = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(digit);
    if (number < 0 || number >= by) return undefined;
    value = value * BigInt(by) + BigInt(number);
    // What stands behind a number that is too large is not looked at.
    if (value >= 1n << BigInt(bits)) return 'range';
  }
  return value;
}

function settle(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** What a text is as a number of a type: the nearest one that there is, and whether it is it. */
function parse(
  known: string,
  {
    base,
    bits,
    isSigned,
  }: { readonly base: number; readonly bits: number; readonly isSigned: boolean },
): { readonly value: bigint; readonly fault: string | undefined } {
  const sign = isSigned && /^[+-]/.test(known) ? known[0] : '';
  const found = digits(known.slice(sign?.length ?? 0), base, bits);
  if (found === undefined) return { value: 0n, fault: 'invalid syntax' };
  const most = 1n << BigInt(isSigned ? bits - 1 : bits);
  const limit = sign === '-' ? most : most - 1n;
  const isTooLarge = found === 'range' || found > limit;
  const size = isTooLarge ? limit : found;
  return {
    value: sign === '-' ? -size : size,
    fault: isTooLarge ? 'value out of range' : undefined,
  };
}

const parseNumber =
  (type: Basic, name: string): Native =>
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one refusal after the other, in the order of Go.
  (context, [value, baseValue, sizeValue]) => {
    const known = text(value);
    const base = name === 'Atoi' ? 10 : count(baseValue);
    const size = name === 'Atoi' ? 64 : count(sizeValue);
    if (known === undefined || base === undefined || size === undefined) return UNKNOWN;
    const isOdd = base === 1 || base < 0 || base > 36 || size < 0 || size > 64;
    // In base 0 underscores may be a part of a number.
    if (isOdd || (base === 0 && known.includes('_')) || known.length > LONGEST_NUMBER)
      return UNKNOWN;
    const bits = size === 0 ? 64 : size;
    const number = parse(known, { base, bits, isSigned: type.class === 'int' });
    const made = new Value(type, settle(number.value), value?.how);
    if (number.fault === undefined) return fine(made);
    const detail = `strconv.${name}: parsing ${quoteText(known)}: ${number.fault}`;
    return failed(context, made, textValue(detail));
  };

const LONGEST_NUMBER = 1000;

const formatNumber: Native = (context, args) => {
  const [value, base] = [args[0]?.v, count(args[1])];
  if (base === undefined || base < 2 || base > 36) return UNKNOWN;
  if (typeof value !== 'number' && typeof value !== 'bigint') return UNKNOWN;
  return made(context, 'format', [value.toString(base), args]);
};

const formatDouble: Native = (context, args) => {
  const [value, format, precision, bits] = args.map((arg) => arg.v);
  const isKnown = typeof value === 'number' && typeof format === 'number';
  if (!isKnown || typeof precision !== 'number' || (bits !== 32 && bits !== 64)) return UNKNOWN;
  const result = formatFloat(value, { format: String.fromCharCode(format), precision, bits });
  return result === undefined ? UNKNOWN : made(context, 'format', [result, args]);
};

const parseDouble: Native = (context, [value, sizeValue]) => {
  const known = text(value);
  if (known === undefined || count(sizeValue) !== 64) return UNKNOWN;
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(known) ?? [];
  const fraction = /^[\d.]/.test(rest) && !rest.includes('_') ? parseFraction(rest) : undefined;
  if (fraction === undefined) {
    const isOther = /^(inf|infinity|nan)$/i.test(rest) || /[\d_]/.test(rest);
    return isOther ? UNKNOWN : failed(context, new Value(FLOAT64, 0));
  }
  const double = toDouble(fraction);
  return double === undefined ? UNKNOWN : fine(new Value(FLOAT64, sign === '-' ? -double : double));
};

const parseBoolean: Native = (context, [value]) => {
  const known = text(value);
  if (known === undefined) return UNKNOWN;
  if (/^(1|t|T|TRUE|true|True)$/.test(known)) return fine(new Value(BOOL, true));
  if (/^(0|f|F|FALSE|false|False)$/.test(known)) return fine(new Value(BOOL, false));
  return failed(context, new Value(BOOL, false));
};

const unquote: Native = (context, args) => {
  const known = text(args[0]);
  // One character between single quotes is a text as well.
  if (known === undefined || known.startsWith("'")) return UNKNOWN;
  const result = unquoted(known);
  if (result === undefined) return failed(context, textValue(''), textValue('invalid syntax'));
  return fine(made(context, 'unquote', [result, args]));
};

function unquoted(known: string): string | undefined {
  if (known.length < 2 || known.at(0) !== known.at(-1)) return undefined;
  const body = known.slice(1, -1);
  if (known.startsWith('`')) return body.includes('`') ? undefined : body.replaceAll('\r', '');
  const isWhole =
    /^(?:[^"\\\n]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[abfnrtv\\"]))*$/.test(
      body,
    );
  return known.startsWith('"') && isWhole ? unquoteRaw(known) : undefined;
}

/** Bytes that are no UTF-8 become U+FFFD, each by itself. */
function withoutBadBytes(part: string): string {
  return Array.from(runesOf(part), ([, rune]) => runeText(rune)).join('');
}

/** The text is bytes already: what is beyond ASCII stays as it is. */
function unquoteRaw(known: string): string | undefined {
  return known
    .replace(/[^\\"]+|\\.[^\\"]*/gs, (part) => {
      if (!part.startsWith('\\')) return withoutBadBytes(part);
      const head = /^\\(x..|u.{4}|U.{8}|[0-7]{3}|.)/s.exec(part)?.[0] ?? '';
      return (unquoteBytes(`"${head}"`) ?? '') + withoutBadBytes(part.slice(head.length));
    })
    .slice(1, -1);
}

const append =
  (format: Native): Native =>
  (context, [to, ...rest]) => {
    const before = bytes(context.m, to);
    const more = text(format(context, rest));
    if (before === undefined || more === undefined || to === undefined) return UNKNOWN;
    const all = Uint8Array.from([...before, ...Array.from(more, (one) => one.charCodeAt(0))]);
    return sliceOfBytes(context.m, to.t, all);
  };

const quote =
  (onlyAscii: boolean): Native =>
  (context, args) => {
    const known = text(args[0]);
    return known === undefined
      ? UNKNOWN
      : made(context, 'quote', [quoteText(known, { onlyAscii }), args]);
  };

/** Packages strconv and errors. */
export const STRCONV_LIBRARY: LibraryPart = {
  functions: {
    'strconv.Itoa': (context, args) =>
      formatNumber(context, [args[0] ?? UNKNOWN, new Value(INT, 10)]),
    'strconv.FormatInt': formatNumber,
    'strconv.FormatUint': formatNumber,
    'strconv.FormatFloat': formatDouble,
    'strconv.FormatBool': (context, args) => {
      const is = args[0]?.v;
      return typeof is === 'boolean' ? made(context, 'format', [String(is), args]) : UNKNOWN;
    },
    'strconv.Atoi': parseNumber(INT, 'Atoi'),
    'strconv.ParseInt': parseNumber(INT64, 'ParseInt'),
    'strconv.ParseUint': parseNumber(UINT64, 'ParseUint'),
    'strconv.ParseFloat': parseDouble,
    'strconv.ParseBool': parseBoolean,
    'strconv.Quote': quote(false),
    'strconv.QuoteToASCII': quote(true),
    'strconv.QuoteRune': (context, args) => {
      const rune = count(args[0]);
      return rune === undefined ? UNKNOWN : made(context, 'quote', [quoteOneRune(rune), args]);
    },
    'strconv.Unquote': unquote,
    'strconv.AppendInt': append(formatNumber),
    'strconv.AppendUint': append(formatNumber),
    'strconv.AppendQuote': append(quote(false)),
    'errors.New': (context, [detail = UNKNOWN]) =>
      errorValue(context, typeof detail.v === 'string' ? textValue(detail.v, detail.how) : UNKNOWN),
    'errors.errorString.Error': ({ m, ...rest }, [target]) => {
      const items = receiver({ m, ...rest }, target);
      return items === undefined ? UNKNOWN : (m.get(items, 0) ?? UNKNOWN);
    },
  },
};
