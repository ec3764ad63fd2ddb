import type { CallContext } from '../compile/model.ts';
import { fromByteText, sliceOfBytes } from '../run/convert.ts';
import type { Items } from '../run/stores.ts';
import { BYTES } from '../run/types.ts';
import type { Value } from '../run/value.ts';
import { bytes, howOf, made, text } from './support.ts';

/** Text from whichever of the two packages: bytes are text here. */
export type Reader = (context: CallContext, value: Value | undefined) => string | undefined;
export type Maker = (
  context: CallContext,
  result: string,
  from: readonly [string, readonly Value[]],
) => Value;

export const readText: Reader = (_, value) => text(value);
export const readBytes: Reader = ({ m }, value) => {
  if (typeof value?.v === 'string') return value.v;
  const found = bytes(m, value);
  return found === undefined ? undefined : byteText(found);
};

export function byteText(found: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < found.length; at += 4096)
    parts.push(String.fromCharCode(...found.subarray(at, at + 4096)));
  return parts.join('');
}

export const makeText: Maker = (context, result, [operation, args]) =>
  made(context, operation, [result, args]);

export const makeBytes: Maker = (context, result, [operation, args]) => {
  const value = sliceOfBytes(context.m, BYTES, fromByteText(result));
  (value.v as { items: Items }).items.how = howOf(operation, context, args);
  return value;
};
