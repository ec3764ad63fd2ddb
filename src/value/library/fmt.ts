import type { CallContext, Native } from '../compile/model.ts';
import { bytesOf, convertConstant, runeText } from '../run/convert.ts';
import { elementsOf } from '../run/equality.ts';
import { asReference, Items, type Slice, Table } from '../run/stores.ts';
import {
  type Basic,
  defaultType,
  isBytes,
  NIL_TYPE,
  nameOf,
  type Type,
  under,
} from '../run/types.ts';
import { textValue, UNKNOWN, type Value } from '../run/value.ts';
import { formatFloat } from './floats.ts';
import type { LibraryPart } from './part.ts';
import { quoteOneRune, quoteText } from './quote.ts';
import { errorValue } from './strconv.ts';
import { elements, made, text } from './support.ts';

/** What stands between the percent sign and the letter. */
interface Directive {
  readonly verb: string;
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Not known: what is printed, or how. */
class NotKnown extends Error {
  override readonly name = 'NotKnown';
}

const MOST_DEPTH = 10;

function pad({ flags, width }: Directive, shown: string): string {
  if (width === undefined) return shown;
  const missing = width - runeCount(shown);
  if (missing <= 0) return shown;
  return flags.includes('-') ? shown + ' '.repeat(missing) : ' '.repeat(missing) + shown;
}

function runeCount(shown: string): number {
  let count = 0;
  for (let i = 0; i < shown.length; i++) if ((shown.charCodeAt(i) & 0xc0) !== 0x80) count++;
  return count;
}

function cutRunes(shown: string, most: number): string {
  let count = 0;
  for (let i = 0; i < shown.length; i++) {
    if ((shown.charCodeAt(i) & 0xc0) === 0x80) continue;
    if (count === most) return shown.slice(0, i);
    count++;
  }
  return shown;
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, O: 8, b: 2 };

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
function showInteger(directive: Directive, value: Value): string {
  const { verb, flags, precision } = directive;
  const number = value.v as number | bigint;
  if (verb === 'c') return pad(directive, runeText(number));
  if (verb === 'q') return pad(directive, quoteOneRune(Number(number)));
  if (verb === 'U') {
    if (flags.includes('#')) throw new NotKnown();
    return pad(directive, `U+${number.toString(16).toUpperCase().padStart(4, '0')}`);
  }
  const base = BASES[verb];
  if (base === undefined) return wrong(directive, value);
  if (verb === 'v' && flags.includes('#') && (under(value.t) as Basic).class === 'uint')
    return `0x${number.toString(16)}`;
  const isNegative = number < 0;
  let digits = (isNegative ? -number : number).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  if (precision !== undefined)
    digits = precision === 0 && Number(number) === 0 ? '' : digits.padStart(precision, '0');
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const prefix = prefixOf(verb, flags);
  const isZeroPadded = flags.includes('0') && !flags.includes('-') && precision === undefined;
  const { width } = directive;
  if (isZeroPadded && width !== undefined) {
    if (prefix !== '') throw new NotKnown();
    digits = digits.padStart(width - sign.length, '0');
  }
  return pad(directive, sign + prefix + digits);
}

function prefixOf(verb: string, flags: string): string {
  if (verb === 'O') return '0o';
  if (!flags.includes('#')) return '';
  const prefixes: Readonly<Record<string, string>> = { x: '0x', X: '0X', o: '0', b: '0b' };
  return prefixes[verb] ?? '';
}

function showText(directive: Directive, value: Value, known: string): string {
  const { verb, flags, precision } = directive;
  const part = precision === undefined ? known : cutRunes(known, precision);
  switch (verb) {
    case 'v':
      return flags.includes('#') ? quoteText(part) : pad(directive, part);
    case 's':
      return pad(zeroPadded(directive), part);
    case 'q': {
      const isRaw = flags.includes('#') && isPlainRaw(part);
      return pad(
        directive,
        isRaw ? `\`${part}\`` : quoteText(part, { onlyAscii: flags.includes('+') }),
      );
    }
    case 'x':
    case 'X':
      return pad(directive, showHex(directive, known));
    default:
      return wrong(directive, value);
  }
}

/** Whether a text can stand between back quotes. */
function isPlainRaw(part: string): boolean {
  return /^[ -~\t]*$/.test(part) && !part.includes('`');
}

/** Zeros instead of spaces in front of texts: what Go does with it changed over time. */
function zeroPadded(directive: Directive): Directive {
  if (directive.flags.includes('0') && directive.width !== undefined) throw new NotKnown();
  return directive;
}

function showHex({ verb, flags, precision }: Directive, known: string): string {
  const part = precision === undefined ? known : known.slice(0, precision);
  const digits = Array.from(part, (one) => one.charCodeAt(0).toString(16).padStart(2, '0'));
  if (flags.includes('#') && part !== '') {
    if (flags.includes(' ')) throw new NotKnown();
    digits.unshift('0x');
  }
  const shown = digits.join(flags.includes(' ') ? ' ' : '');
  return verb === 'X' ? shown.toUpperCase() : shown;
}

function showFloat(directive: Directive, value: Value): string {
  const { verb, flags, precision } = directive;
  if (!'vgGeEfF'.includes(verb) || flags.includes('#')) throw new NotKnown();
  const { bits } = under(value.t) as Basic;
  const format = verb === 'v' ? 'g' : verb;
  const fallback = format === 'g' || format === 'G' ? -1 : 6;
  const shown = formatFloat(value.v as number, { format, precision: precision ?? fallback, bits });
  if (shown === undefined) throw new NotKnown();
  const isNegative = shown.startsWith('-');
  const signed = !isNegative && flags.includes('+') && !shown.startsWith('+') ? `+${shown}` : shown;
  if (flags.includes('0') && directive.width !== undefined && !flags.includes('-')) {
    const sign = /^[+-]/.test(signed) ? (signed[0] ?? '') : '';
    return sign + signed.slice(sign.length).padStart(directive.width - sign.length, '0');
  }
  return pad(directive, signed);
}

function wrong({ verb }: Directive, value: Value): string {
  // Go says so in the text: `%!d(string=x)`.
  if (value.t.kind !== 'basic' || (typeof value.v === 'number' && !Number.isInteger(value.v)))
    throw new NotKnown();
  return `%!${verb}(${nameOf(value.t)}=${String(value.v)})`;
}

/** A value as a directive shows it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
function show(context: CallContext, directive: Directive, given: Value, depth = 0): string {
  if (given === UNKNOWN || depth > MOST_DEPTH) throw new NotKnown();
  const value =
    given.t.kind === 'basic' && given.t.isUntyped && given.t !== NIL_TYPE
      ? convertConstant(defaultType(given.t), given)
      : given;
  const { verb, flags } = directive;
  if (verb === 'T') return pad(directive, value.t === NIL_TYPE ? '<nil>' : typeName(value.t));
  if (verb === 'p' || verb === 'w') throw new NotKnown();
  if (value.t === NIL_TYPE) {
    return verb === 'v' ? pad(directive, '<nil>') : `%!${verb}(<nil>)`;
  }
  const own = flags.includes('#') ? undefined : byMethod(context, verb, value);
  if (own !== undefined) return showText(directive, value, own);
  const below = under(value.t);
  if (below.kind !== 'basic') return showComposite(context, directive, [value, depth]);
  if (value.v === undefined) throw new NotKnown();
  if (typeof value.v === 'boolean')
    return 'tv'.includes(verb) ? pad(directive, String(value.v)) : wrong(directive, value);
  if (typeof value.v === 'string') return showText(directive, value, value.v);
  return below.class === 'float' ? showFloat(directive, value) : showInteger(directive, value);
}

function typeName(type: Type): string {
  const name = nameOf(type);
  if (!/^[\w.[\]*]+$/.test(name)) throw new NotKnown();
  return name;
}

/** What Error or String says, for the verbs that ask for it. */
function byMethod(context: CallContext, verb: string, value: Value): string | undefined {
  if (!'vsqxX'.includes(verb)) return undefined;
  for (const name of ['Format', 'Error', 'String']) {
    const method = context.method(value, name);
    if (method === undefined) continue;
    if (name === 'Format') throw new NotKnown();
    const shown = text(context.call(method, []));
    if (shown === undefined) throw new NotKnown();
    return shown;
  }
  return undefined;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
function showComposite(
  context: CallContext,
  directive: Directive,
  [value, depth]: readonly [Value, number],
): string {
  const { m } = context;
  const { verb, flags } = directive;
  if (flags.includes('#') || value.v === undefined) throw new NotKnown();
  const inner = (one: Value) => show(context, directive, one, depth + 1);
  const below = under(value.t);
  switch (below.kind) {
    case 'slice':
    case 'array': {
      if (isBytes(value.t) && 'sxXq'.includes(verb)) {
        const found = bytesOf(m, value);
        if (found === undefined) throw new NotKnown();
        return showText(directive, value, String.fromCharCode(...found.subarray(0, 65_536)));
      }
      const list =
        value.v instanceof Items
          ? elementsOf(m, value.v)
          : elements(m, value as Value & { v: Slice });
      if (list === undefined) throw new NotKnown();
      return `[${list.map(inner).join(' ')}]`;
    }
    case 'map':
      return showMap(inner, value);
    case 'struct': {
      const fields = elementsOf(m, value.v as Items).map((one, i) =>
        flags.includes('+') ? `${below.fields[i]?.name}:${inner(one)}` : inner(one),
      );
      return `{${fields.join(' ')}}`;
    }
    case 'pointer': {
      if (value.v === null) return pad(directive, '<nil>');
      const reference = asReference(value.v);
      if (reference === undefined || reference === null) throw new NotKnown();
      const target = m.get(reference.store, reference.key) ?? UNKNOWN;
      const kind = under(target.t).kind;
      const isShown =
        depth === 0 &&
        (kind === 'struct' || kind === 'slice' || kind === 'array' || kind === 'map');
      if (!isShown) throw new NotKnown();
      return `&${inner(target)}`;
    }
    default:
      if (value.v === null) return pad(directive, '<nil>');
      throw new NotKnown();
  }
}

/** Keys in order: that of numbers, or of bytes. */
function showMap(inner: (one: Value) => string, value: Value): string {
  if (value.v === null) return 'map[]';
  const table = value.v as Table;
  if (!(table instanceof Table) || table.isEscaped) throw new NotKnown();
  const entries = [...table.entries.values()];
  const isSimple = entries.every(([key]) => typeof key.v === 'string' || typeof key.v === 'number');
  if (!isSimple) throw new NotKnown();
  entries.sort(([a], [b]) =>
    (a.v as string) < (b.v as string) ? -1 : (a.v as string) > (b.v as string) ? 1 : 0,
  );
  return `map[${entries.map(([key, one]) => `${inner(key)}:${inner(one)}`).join(' ')}]`;
}

const DIRECTIVE = /%([-+# 0]*)(\[\d+\])?(\*|\d+)?(?:(\.)(\*|\d+)?)?(\[\d+\])?([A-Za-z%])/g;

/** fmt.Sprintf; throws NotKnown. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
function format(context: CallContext, pattern: string, args: readonly Value[]): string {
  const parts: string[] = [];
  let at = 0;
  let next = 0;
  let isReordered = false;
  for (const found of pattern.matchAll(DIRECTIVE)) {
    const [whole, flags = '', first, width, dot, precision, second, verb = ''] = found;
    const between = pattern.slice(at, found.index);
    if (between.includes('%')) throw new NotKnown();
    parts.push(between);
    at = found.index + whole.length;
    if (verb === '%') {
      parts.push('%');
      continue;
    }
    if (width === '*' || precision === '*') throw new NotKnown();
    const index = second ?? first;
    if (index !== undefined) {
      isReordered = true;
      next = Number(index.slice(1, -1)) - 1;
    }
    const directive = {
      verb,
      flags,
      width: width === undefined ? undefined : Number(width),
      precision: dot === undefined ? undefined : Number(precision ?? '0'),
    };
    if (next >= args.length) {
      if (isReordered) throw new NotKnown();
      parts.push(`%!${verb}(MISSING)`);
      continue;
    }
    parts.push(show(context, directive, args[next++] ?? UNKNOWN));
  }
  const rest = pattern.slice(at);
  if (rest.includes('%')) throw new NotKnown();
  parts.push(rest);
  if (!isReordered && next < args.length) throw new NotKnown();
  return parts.join('');
}

const PLAIN: Directive = { verb: 'v', flags: '', width: undefined, precision: undefined };

function isText(value: Value | undefined): boolean {
  return (
    value !== undefined &&
    value !== UNKNOWN &&
    under(value.t).kind === 'basic' &&
    typeof value.v === 'string'
  );
}

/** fmt.Sprint: spaces only between operands of which neither is text. */
function print(context: CallContext, args: readonly Value[]): string {
  return args
    .map((arg, i) => {
      const space = i > 0 && !isText(arg) && !isText(args[i - 1]) ? ' ' : '';
      return space + show(context, PLAIN, arg);
    })
    .join('');
}

const printLine = (context: CallContext, args: readonly Value[]): string =>
  `${args.map((arg) => show(context, PLAIN, arg)).join(' ')}\n`;

function formatted(run: (context: CallContext, args: readonly Value[]) => string): Native {
  return (context, args) => {
    try {
      return made(context, 'format', [run(context, args), args]);
    } catch (error) {
      if (error instanceof NotKnown) return UNKNOWN;
      throw error;
    }
  };
}

const sprintf = formatted((context, [pattern, ...args]) => {
  const known = text(pattern);
  if (known === undefined) throw new NotKnown();
  return format(context, known, args);
});

/** Package fmt. */
export const FMT_LIBRARY: LibraryPart = {
  functions: {
    'fmt.Sprintf': sprintf,
    'fmt.Sprint': formatted(print),
    'fmt.Sprintln': formatted(printLine),
    'fmt.Errorf': (context, args) => {
      const pattern = text(args[0])?.replaceAll('%w', '%v');
      const detail =
        pattern === undefined ? UNKNOWN : sprintf(context, [textValue(pattern), ...args.slice(1)]);
      return errorValue(context, detail);
    },
  },
};
