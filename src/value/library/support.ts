import type { CallContext, Native } from '../compile/model.ts';
import { bytesOf, sliceOf } from '../run/convert.ts';
import type { Machine } from '../run/machine.ts';
import { asSlice, Items, type Reference } from '../run/stores.ts';
import { STRING, STRINGS, type Type } from '../run/types.ts';
import { boolValue, type How, intValue, textValue, UNKNOWN, Value } from '../run/value.ts';

/** Text as Go has it, one character a byte; undefined where it is not known. */
export function text(value: Value | undefined): string | undefined {
  return typeof value?.v === 'string' ? value.v : undefined;
}

/** A whole number that is small enough to count with. */
export function count(value: Value | undefined): number | undefined {
  return typeof value?.v === 'number' && Number.isInteger(value.v) ? value.v : undefined;
}

/** The bytes of text or of a slice. */
export function bytes(m: Machine, value: Value | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : bytesOf(m, value);
}

/** The elements of a slice. */
export function elements(m: Machine, value: Value | undefined): readonly Value[] | undefined {
  if (value === undefined || value === UNKNOWN || value.v === undefined) return undefined;
  if (value.v === null) return [];
  const slice = asSlice(value.v);
  if (slice === null || slice === undefined) return undefined;
  m.step(slice.length >> 3);
  return Array.from(
    { length: slice.length },
    (_, i) => m.get(slice.items, slice.offset + i) ?? UNKNOWN,
  );
}

/** How the arguments of a call came to be, as what the call's result comes from. */
export function howOf(
  operation: string,
  { site }: CallContext,
  args: readonly (Value | undefined)[],
): How {
  const from: How[] = [];
  for (const arg of args) {
    const how = arg?.how ?? (arg?.v as { items?: { how?: How } } | null | undefined)?.items?.how;
    if (how !== undefined && !from.includes(how) && from.length < 16) from.push(how);
  }
  return { operation, site, from };
}

/** Text that a call made. */
export function made(
  context: CallContext,
  operation: string,
  [result, args]: readonly [string, readonly (Value | undefined)[]],
): Value {
  context.m.allocate(result.length);
  return textValue(result, howOf(operation, context, args));
}

/** A slice of texts. */
export function textSlice(context: CallContext, parts: readonly string[], how?: How): Value {
  context.m.allocate(parts.length * 8);
  const items = new Items(
    parts.map((part) => new Value(STRING, part, how)),
    STRING,
    context.m.epoch,
  );
  return sliceOf(STRINGS, items);
}

/** A function of text to text, of which all arguments have to be known text. */
export function onTexts(
  operation: string,
  run: (...args: readonly string[]) => string | number | boolean | undefined,
): Native {
  return (context, args) => {
    const known = args.map(text);
    if (known.includes(undefined)) return UNKNOWN;
    const total = known.reduce((sum, one) => sum + (one?.length ?? 0), 0);
    context.m.step(total >> 6);
    const result = run(...(known as string[]));
    if (typeof result === 'number') return intValue(result);
    if (typeof result === 'boolean') return boolValue(result);
    return result === undefined ? UNKNOWN : made(context, operation, [result, args]);
  };
}

/** The fields of a receiver that a pointer leads to. */
export function receiver({ m }: CallContext, value: Value | undefined): Items | undefined {
  const found = value?.v;
  if (found === null || typeof found !== 'object') return undefined;
  if (found instanceof Items) return found;
  if (!('store' in found)) return undefined;
  const { store, key } = found as Reference;
  const target = m.get(store, key)?.v;
  return target instanceof Items ? target : undefined;
}
/** A pointer to a new struct of the library. */
export function pointerTo({ m }: CallContext, type: Type, fields: readonly Value[]): Value {
  const items = new Items([...fields], STRING, m.epoch);
  const holderOf = new Items([new Value(type, items)], type, m.epoch);
  return new Value({ kind: 'pointer', element: type }, { store: holderOf, key: 0 });
}
