import type { CallContext, Native } from '../compile/model.ts';
import { bytesOf, convertConstant } from '../run/convert.ts';
import { elementsOf } from '../run/equality.ts';
import { GoPanic } from '../run/errors.ts';
import { asReference, Items, type Slice, Table } from '../run/stores.ts';
import { defaultType, isBytes, NIL_TYPE, nameOf, type Type, UINT8, under } from '../run/types.ts';
import { textValue, UNKNOWN, type Value } from '../run/value.ts';
import { isTextHolder, writeText } from './builders.ts';
import {
  type Directive,
  NotKnown,
  pad,
  showFloat,
  showInteger,
  showText,
  wrong,
} from './directive.ts';
import type { LibraryPart } from './part.ts';
import { errorValue } from './strconv.ts';
import { elements, made, text } from './support.ts';
import { byteText } from './text-kinds.ts';

const MOST_DEPTH = 10;

/** A value as a directive shows it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of value, as in Go.
function show(context: CallContext, directive: Directive, given: Value, depth = 0): string {
  if (given === UNKNOWN || depth > MOST_DEPTH) throw new NotKnown();
  const value =
    given.t.kind === 'basic' && given.t.isUntyped && given.t !== NIL_TYPE
      ? convertConstant(defaultType(given.t), given)
      : given;
  const { verb } = directive;
  if (verb === 'T') return pad(directive, value.t === NIL_TYPE ? '<nil>' : typeName(value.t));
  if (verb === 'p' || verb === 'w') throw new NotKnown();
  if (value.t === NIL_TYPE) {
    return verb === 'v' || depth > 0 ? pad(directive, '<nil>') : `%!${verb}(<nil>)`;
  }
  const own = byMethod(context, directive, value);
  if (own !== undefined) return showText(directive, value, own);
  const below = under(value.t);
  if (below.kind !== 'basic') return showComposite(context, directive, [value, depth]);
  if (value.v === undefined) throw new NotKnown();
  if (typeof value.v === 'boolean')
    return 'tv'.includes(verb) ? pad(directive, String(value.v)) : wrong(directive, value);
  if (typeof value.v === 'string') return showText(directive, value, value.v);
  return below.class === 'float' ? showFloat(directive, value) : showInteger(directive, value);
}

/** Whether a type is called as its parts say: a package may be called otherwise than its path ends. */
function isNamedSurely(type: Type): boolean {
  if (type.kind === 'slice' || type.kind === 'array' || type.kind === 'pointer')
    return isNamedSurely(type.element);
  if (type.kind === 'map') return isNamedSurely(type.key) && isNamedSurely(type.element);
  return type.kind === 'basic';
}

function typeName(type: Type): string {
  if (!isNamedSurely(type)) throw new NotKnown();
  return nameOf(type);
}

/** A panic in a method is printed, and ends nothing. */
function withoutPanic(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    if (error instanceof GoPanic) throw new NotKnown();
    throw error;
  }
}

/** What Error or String says, for the verbs that ask for it. */
function byMethod(
  context: CallContext,
  { verb, flags, isHidden }: Directive,
  value: Value,
): string | undefined {
  if (isHidden === true) return undefined;
  if (context.method(value, 'Format') !== undefined) throw new NotKnown();
  if (!'vsqxX'.includes(verb)) return undefined;
  if (verb === 'v' && flags.includes('#')) {
    if (context.method(value, 'GoString') !== undefined) throw new NotKnown();
    return undefined;
  }
  for (const name of ['Error', 'String']) {
    const method = context.method(value, name);
    if (method === undefined) continue;
    const shown = text(withoutPanic(() => context.call(method, [])));
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
  if (value.v === null && verb !== 'v' && under(value.t).kind === 'pointer') throw new NotKnown();
  const inner = (one: Value) => show(context, directive, one, depth + 1);
  const below = under(value.t);
  switch (below.kind) {
    case 'slice':
    case 'array': {
      if (isBytes(value.t) && 'sxXq'.includes(verb)) {
        const found = bytesOf(m, value);
        if (found === undefined) throw new NotKnown();
        return showText(directive, value, byteText(found));
      }
      // Bytes of an array are shown as those of a slice are.
      const isByteArray = below.kind === 'array' && under(below.element) === UINT8;
      if (isByteArray && 'sxXq'.includes(verb)) throw new NotKnown();
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
      const fields = elementsOf(m, value.v as Items).map((one, i) => {
        const { name = '' } = below.fields[i] ?? {};
        const isExported = /^\p{Lu}/u.test(name);
        // What is embedded is hidden, and its exported fields are not.
        if (!isExported && below.fields[i]?.isEmbedded === true) throw new NotKnown();
        const isHidden = directive.isHidden === true || !isExported;
        const shown = show(context, { ...directive, isHidden }, one, depth + 1);
        return flags.includes('+') ? `${name}:${shown}` : shown;
      });
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

const DIRECTIVE = /%([-+# 0]*)(\[\d+\])?(\*|[1-9]\d*)?(?:(\.)(\*|\d+)?)?(\[\d+\])?([A-Za-z%])/g;

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
    if (width === '*' || precision === '*' || Number(width ?? 0) > 1e6) throw new NotKnown();
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

/** Writes into a text that is known; whoever else is written to gets something that is not. */
function printingTo(name: string, run: Native): Native {
  return (context, [to, ...args]) => {
    if (to === undefined || !isTextHolder(to))
      return context.outside(`fmt.${name}`, [to ?? UNKNOWN, ...args]);
    writeText(context, to, run(context, args));
    return UNKNOWN;
  };
}

/** Package fmt. */
export const FMT_LIBRARY: LibraryPart = {
  functions: {
    'fmt.Sprintf': sprintf,
    'fmt.Sprint': formatted(print),
    'fmt.Sprintln': formatted(printLine),
    'fmt.Fprintf': printingTo('Fprintf', sprintf),
    'fmt.Fprint': printingTo('Fprint', formatted(print)),
    'fmt.Fprintln': printingTo('Fprintln', formatted(printLine)),
    'fmt.Errorf': (context, args) => {
      const pattern = text(args[0])?.replaceAll(/%%|%w/g, (one) => (one === '%w' ? '%v' : one));
      const detail =
        pattern === undefined ? UNKNOWN : sprintf(context, [textValue(pattern), ...args.slice(1)]);
      return errorValue(context, detail);
    },
  },
};
