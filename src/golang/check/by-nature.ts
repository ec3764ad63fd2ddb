import type { Fn, OutsideCallee, Result, Site, Slot, Type } from '../types/model.ts';
import { funcType, isCarrier, typeId, underlyingOf } from '../types/types.ts';
import type { CallSite, Checker } from './checker.ts';
import { addEdge } from './edges.ts';
import { makeHub } from './hubs.ts';
import { fieldSlot } from './members.ts';

/** Methods that packages call on any value that has them, also deep inside of one. */
const BY_NATURE: Readonly<Record<string, readonly string[]>> = {
  fmt: ['Error', 'String', 'Format', 'GoString', 'Scan'],
  io: ['WriteTo', 'ReadFrom', 'WriteString', 'ReadByte', 'WriteByte', 'Close', 'Seek'],
  flag: ['IsBoolFlag', 'Get'],
  log: ['Error', 'String', 'Format'],
  errors: ['Is', 'As', 'Unwrap'],
  'encoding/json': ['MarshalJSON', 'MarshalText', 'UnmarshalJSON', 'UnmarshalText'],
  'encoding/xml': ['MarshalXML', 'MarshalText', 'UnmarshalXML', 'UnmarshalText'],
  'encoding/gob': ['GobEncode', 'GobDecode', 'MarshalBinary', 'UnmarshalBinary'],
  'log/slog': ['LogValue', 'String', 'Error', 'MarshalJSON', 'MarshalText'],
};
/** Types inside a type beyond which nobody nests what is printed or encoded. */
const MOST_PARTS = 200;

/** What is looked for in a value, and where the call stands. */
interface Looking {
  /** Tells apart what different packages look for. */
  readonly key: string;
  readonly names: readonly string[];
  /** What is looked for in the parts of a value too. */
  readonly inside: readonly string[];
  readonly site: Site;
}

/**
 * The methods that the library may call on values that it is given: all that an interface asks for, and
 * what its package looks for in any value and its parts.
 */
export function callByNature(
  c: Checker,
  from: Fn,
  { path, signature }: OutsideCallee,
  { args, site }: CallSite,
): void {
  const parameters = signature?.parameters ?? [];
  args.forEach((arg, i) => {
    const place = Math.min(i, parameters.length - 1);
    const type = parameters[place];
    const isRest = signature?.isVariadic === true && place === parameters.length - 1;
    const asked = isRest && type?.kind === 'slice' ? type.element : type;
    const under = underlyingOf(asked);
    if (under?.kind !== 'interface') return;
    const inside = BY_NATURE[path] ?? [];
    const names = [...under.methods.keys(), ...inside];
    const looking = { key: `${path} ${typeId(asked)}`, names, inside, site };
    if (arg.type !== undefined && !isCarrier(arg.type)) lookInType(c, from, [arg.type, looking]);
    else if (arg.slot !== undefined) lookInPlace(c, from, [arg.slot, looking]);
  });
}

/** The hub of a question, made by the first who asks it. */
function hubOf(c: Checker, key: string, site: Site): { readonly hub: Fn; readonly isNew: boolean } {
  const known = c.memo.hubs.get(key);
  if (known !== undefined) return { hub: known, isNew: false };
  const hub = makeHub(c, funcType([], []), site);
  c.memo.hubs.set(key, hub);
  return { hub, isNew: true };
}

function lookInPlace(c: Checker, from: Fn, [slot, looking]: readonly [Slot, Looking]): void {
  const { hub, isNew } = hubOf(c, `${slot.id} by nature ${looking.key}`, looking.site);
  addEdge(from, hub, [1, looking.site], true);
  if (!isNew) return;
  c.flow.watch(slot, ({ type }) => {
    if (type !== undefined) lookInType(c, hub, [type, looking]);
  });
}

function lookInType(c: Checker, from: Fn, [type, looking]: readonly [Type, Looking]): void {
  const { site, names, inside } = looking;
  const { hub, isNew } = hubOf(c, `${typeId(type)} by nature ${looking.key}`, site);
  addEdge(from, hub, [1, site], true);
  if (!isNew) return;
  callOwn(c, hub, [type, names], site);
  if (inside.length === 0) return;
  const isInner = names === inside;
  const inner = isInner ? looking : { ...looking, key: `inside ${looking.key}`, names: inside };
  for (const part of partsOf(c, type)) {
    if ('slot' in part) lookInPlace(c, hub, [part.slot, inner]);
    else callOwn(c, hub, [part.type, inside], site);
  }
}

type Part = { readonly type: Type } | { readonly slot: Slot };

/** The types inside a type, and the places in it that are open. */
function partsOf(c: Checker, whole: Type): readonly Part[] {
  const seen = new Set<Type>([whole]);
  const slots: Slot[] = [];
  for (const type of seen) {
    if (seen.size > MOST_PARTS || !c.flow.spend()) break;
    for (const { type: part, slot } of insideOf(c, type)) {
      if (slot !== undefined) slots.push(slot);
      else if (part !== undefined) seen.add(part);
    }
  }
  seen.delete(whole);
  return [...[...seen].map((type) => ({ type })), ...slots.map((slot) => ({ slot }))];
}

/** Fields, elements, keys, what a pointer points to. */
function insideOf(c: Checker, type: Type): readonly Result[] {
  const under = underlyingOf(type);
  if (under === undefined) return [];
  if (under.kind === 'struct')
    return [...under.fields.values()].map((field) => ({
      type: field.type,
      slot: fieldSlot(c, type, field),
    }));
  const parts = under.kind === 'map' ? [under.key, under.element] : [];
  const elements = 'element' in under && under.kind !== 'map' ? [under.element] : parts;
  return elements.map((part) => ({
    type: part,
    slot: isCarrier(part) ? c.flow.element(part) : undefined,
  }));
}

/** Methods of a type of the module that the library may call. */
function callOwn(
  c: Checker,
  from: Fn,
  [type, names]: readonly [Type, readonly string[]],
  site: Site,
): void {
  for (const name of names) {
    const member = c.findMember(type, name);
    if (member?.kind !== 'method') continue;
    for (const fn of member.fns) if (c.flow.spend()) addEdge(from, fn, [1, site], true);
  }
}
