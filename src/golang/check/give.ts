import type { Result, Slot, Type } from '../types/model.ts';
import { coreOf, isCarrier, isInterface, pointedTo, underlyingOf } from '../types/types.ts';
import type { Checker } from './checker.ts';
import { fieldSlot } from './members.ts';

/** True for types that may have methods: only of those does it matter where their values go. */
function mayHaveMethods(type: Type): boolean {
  if (type.kind === 'pointer') return type.element !== undefined && mayHaveMethods(type.element);
  return type.kind === 'named' || type.kind === 'struct';
}

/** A struct that becomes another one, by itself or behind a pointer, shares what is in its fields. */
export function joinStructs(c: Checker, from: Type | undefined, to: Type | undefined): void {
  const one = pointedTo(from);
  const other = pointedTo(to);
  if (one === undefined || other === undefined || one === other) return;
  // Behind a pointer, what is written by one name is read by the other.
  if (coreOf(from)?.kind === 'pointer') joinPlaces(c, one, other);
  const before = coreOf(one);
  const after = coreOf(other);
  if (before?.kind !== 'struct' || after?.kind !== 'struct') return;
  for (const [name, field] of after.fields) {
    const source = before.fields.get(name);
    if (source === undefined) continue;
    const [slot, place] = [fieldSlot(c, one, source), fieldSlot(c, other, field)];
    c.flow.edge(slot, place);
    c.flow.edge(place, slot);
  }
}

function joinPlaces(c: Checker, one: Type, other: Type): void {
  if (!isCarrier(one) || !isCarrier(other)) return;
  c.flow.edge(c.flow.element(one), c.flow.element(other));
  c.flow.edge(c.flow.element(other), c.flow.element(one));
}

/** Puts a value into a place: a concrete value says its type where the place is an interface. */
export function give(
  c: Checker,
  [slot, place]: readonly [Slot | undefined, Type | undefined],
  value: Result | undefined,
): void {
  if (value === undefined) return;
  const { type } = value;
  // Between a named and a nameless struct nothing has to be written.
  if (place?.kind === 'struct' || type?.kind === 'struct') joinStructs(c, type, place);
  if (slot === undefined) return;
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
