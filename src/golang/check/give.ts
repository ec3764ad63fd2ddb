import type { Result, Slot, Type } from '../types/model.ts';
import { isCarrier, isInterface, underlyingOf } from '../types/types.ts';
import type { Checker } from './checker.ts';

/** True for types that may have methods: only of those does it matter where their values go. */
function mayHaveMethods(type: Type): boolean {
  if (type.kind === 'pointer') return type.element !== undefined && mayHaveMethods(type.element);
  return type.kind === 'named' || type.kind === 'struct';
}

/** Puts a value into a place: a concrete value says its type where the place is an interface. */
export function give(
  c: Checker,
  [slot, place]: readonly [Slot | undefined, Type | undefined],
  value: Result | undefined,
): void {
  if (value === undefined || slot === undefined) return;
  const { type } = value;
  const isOpen = place === undefined || isInterface(place);
  if (type?.kind === 'named' && underlyingOf(type)?.kind === 'func' && isOpen) {
    c.flow.add(slot, { type });
    // Each function in it arrives with the type, so that its methods know which one they are of.
    c.flow.watch(value.slot, ({ fn, callee }) => {
      if (fn !== undefined) c.flow.add(slot, { type, fn });
      else if (callee !== undefined) c.flow.add(slot, { type, callee });
    });
  } else if (type === undefined || isCarrier(type)) {
    c.flow.edge(value.slot, slot);
  } else if (isOpen && mayHaveMethods(type)) c.flow.add(slot, { type });
}
