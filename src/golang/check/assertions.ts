import type { Result, Type, Value } from '../types/model.ts';
import { ERROR, isCarrier, isInterface, typeId } from '../types/types.ts';
import type { Checker } from './checker.ts';
import { plain } from './expressions.ts';
import { methodNames } from './interface-methods.ts';
import { implementsAll } from './members.ts';

/** The value of `x.(T)`: what fits T of what is in x. */
export function assertType(c: Checker, value: Result, type: Type | undefined): Result {
  if (!isCarrier(type)) return plain(type);
  if (type === ERROR) return { type, slot: c.flow.place(type) };
  if (value.slot === undefined) return { type, slot: c.flow.slot() };
  // Everyone who asserts a place to a type gets the same.
  const key = `${value.slot.id} ${typeId(type)}`;
  const known = c.memo.asserted.get(key);
  if (known !== undefined) return { type, slot: known, isAsserted: true };
  const slot = c.flow.slot();
  c.memo.asserted.set(key, slot);
  const names = isInterface(type) ? methodNames(c, type) : undefined;
  c.flow.watch(value.slot, (arrived) => {
    if (fits(arrived, names)) c.flow.add(slot, arrived);
  });
  return { type, slot, isAsserted: true };

  function fits(arrived: Value, asked: readonly string[] | undefined): boolean {
    if (arrived.type === undefined) return true;
    // A function type with methods arrives with its type; others are told by that alone.
    if (asked === undefined) return typeId(arrived.type) === typeId(type);
    return implementsAll(c, arrived.type, [type, asked]);
  }
}
