import type { Fn, Func, OutsideCallee, Result, Site, Slot, Type } from '../types/model.ts';
import {
  ANY,
  ERROR,
  funcType,
  isCarrier,
  isInterface,
  typeId,
  underlyingOf,
} from '../types/types.ts';
import type { CallSite, Checker } from './checker.ts';
import { addEdge } from './edges.ts';
import { makeHub } from './hubs.ts';
import { fieldSlot } from './members.ts';

const PRINTED = ['Error', 'String', 'Format', 'GoString', 'Scan', 'LogValue'];

/** Methods that packages call on any value that has them, and on its parts: they print or encode it. */
const LOOKS_INSIDE: Readonly<Record<string, readonly string[]>> = {
  fmt: PRINTED,
  log: PRINTED,
  'log/slog': PRINTED,
  'encoding/json': ['MarshalJSON', 'MarshalText', 'UnmarshalJSON', 'UnmarshalText'],
  'encoding/xml': ['MarshalXML', 'MarshalText', 'UnmarshalXML', 'UnmarshalText'],
  'encoding/gob': ['GobEncode', 'GobDecode', 'MarshalBinary', 'UnmarshalBinary'],
};
/** Methods that packages call on a value itself, when it has them. */
const LOOKS_AT: Readonly<Record<string, readonly string[]>> = {
  io: ['WriteTo', 'ReadFrom', 'WriteString', 'ReadByte', 'WriteByte', 'Close', 'Seek'],
  flag: ['IsBoolFlag', 'Get'],
  errors: ['Is', 'As', 'Unwrap'],
};
/** Packages that call any method by its name, in a value or its parts: templates say which in a text. */
const CALLS_ANY = new Set(['text/template', 'html/template', 'net/rpc']);
const ANY_METHOD = '*';
const NOTHING: Func = funcType([], []);

/** What is looked for in a value, and where the call stands. */
interface Looking {
  /** Tells apart what different calls look for. */
  readonly key: string;
  readonly names: readonly string[];
  /** The same for its parts; itself for what is looked for at any depth. */
  readonly inner: Looking | undefined;
  readonly site: Site;
}

/** What a package looks for in a value that it takes as an interface. */
function lookingFor(path: string, asked: Type | undefined, site: Site): Looking | undefined {
  const under = underlyingOf(asked);
  if (under?.kind !== 'interface') return undefined;
  const inside = CALLS_ANY.has(path) ? [ANY_METHOD] : LOOKS_INSIDE[path];
  const deep: { -readonly [Key in keyof Looking]: Looking[Key] } | undefined = inside && {
    key: `inside ${inside.join()}`,
    names: inside,
    inner: undefined,
    site,
  };
  if (deep !== undefined) deep.inner = deep;
  if (under.methods.size === 0 && deep !== undefined) return deep;
  const names = [...under.methods.keys(), ...(inside ?? LOOKS_AT[path] ?? [])];
  if (names.length === 0) return undefined;
  return { key: `${path} ${typeId(asked)}`, names, inner: deep, site };
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
  args.forEach((arg, i) => {
    const asked = signature && parameterType(signature, i);
    const looking = lookingFor(path, asked, site);
    if (looking !== undefined) lookInValue(c, from, [arg, looking]);
  });
}

/**
 * What is put into a field or a variable of the library, which may call it: all methods that the place asks
 * for, and functions.
 */
export function callKept(
  c: Checker,
  from: Fn,
  [asked, value]: readonly [Type | undefined, Result],
  site: Site,
): void {
  if (underlyingOf(asked)?.kind === 'func') {
    c.flow.watch(value.slot, ({ fn }) => {
      if (fn === undefined) return;
      addEdge(from, fn, [1, site], true);
      callResults(c, from, [fn, ''], site);
    });
    return;
  }
  const looking = asked === ERROR ? undefined : lookingFor('', asked, site);
  if (looking !== undefined) lookInValue(c, from, [value, looking]);
}

/**
 * What a function gives back to a package of the library, that may call: all methods of the interface that
 * it is, and what the package looks for in any value.
 */
export function callResults(
  c: Checker,
  from: Fn,
  [{ signature, results }, path]: readonly [Fn, string],
  site: Site,
): void {
  signature.results.forEach((type, i) => {
    if (type === ERROR) return;
    const looking = lookingFor(path, isInterface(type) ? type : ANY, site);
    if (looking !== undefined) lookInValue(c, from, [{ type, slot: results[i] }, looking]);
  });
}

function lookInValue(c: Checker, from: Fn, [value, looking]: readonly [Result, Looking]): void {
  const { type, slot } = value;
  if (type !== undefined && !isCarrier(type)) lookInType(c, from, [type, looking]);
  else if (slot !== undefined) lookInPlace(c, from, [slot, looking]);
}

/** The type of the place that an argument goes to. */
function parameterType({ parameters, isVariadic }: Func, i: number): Type | undefined {
  const last = parameters.length - 1;
  const type = parameters[Math.min(i, last)];
  return isVariadic && i >= last && type?.kind === 'slice' ? type.element : type;
}

/** The hub of a question, made by the first who asks it. */
function hubOf(c: Checker, key: string, site: Site): { readonly hub: Fn; readonly isNew: boolean } {
  const known = c.memo.hubs.get(key);
  if (known !== undefined) return { hub: known, isNew: false };
  const hub = makeHub(c, NOTHING, site);
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

/** A value of a type that is still to be looked at, and who asks. */
interface Question {
  readonly from: Fn;
  readonly type: Type;
  readonly looking: Looking;
}

/** Looks in a value of a type and in its parts, each type of the module once for each question. */
function lookInType(c: Checker, from: Fn, [type, looking]: readonly [Type, Looking]): void {
  const work: Question[] = [{ from, type, looking }];
  for (let next = work.pop(); next !== undefined && c.flow.spend(); next = work.pop())
    for (const question of look(c, next)) work.push(question);
}

/** Answers a question; what it gives are those about the parts. */
function look(c: Checker, { from, type, looking }: Question): readonly Question[] {
  // A pointer has the methods of what it points to.
  if (type.kind === 'pointer')
    return type.element === undefined ? [] : [{ from, type: type.element, looking }];
  const parts = looking.inner === undefined ? [] : insideOf(c, type);
  const hasHub = type.kind === 'named' || type.kind === 'struct';
  const asker = hasHub ? ask(c, { from, type, looking }, parts.length > 0) : from;
  if (asker === undefined) return [];
  return parts.flatMap((part) => lookInPart(c, asker, [part, looking.inner as Looking]));
}

function lookInPart(
  c: Checker,
  from: Fn,
  [{ type, slot }, looking]: readonly [Result, Looking],
): readonly Question[] {
  if (slot !== undefined) lookInPlace(c, from, [slot, looking]);
  return slot !== undefined || type === undefined ? [] : [{ from, type, looking }];
}

/** The hub of a type and a question, when it is new and there is something to find. */
function ask(c: Checker, { from, type, looking }: Question, hasParts: boolean): Fn | undefined {
  if (type.kind === 'named' && type.home !== 'module') return undefined;
  const own = ownMethods(c, type, looking.names);
  if (own.length === 0 && !hasParts) return undefined;
  const { hub, isNew } = hubOf(c, `${typeId(type)} by nature ${looking.key}`, looking.site);
  addEdge(from, hub, [1, looking.site], true);
  if (!isNew) return undefined;
  for (const fn of own) {
    if (!c.flow.spend()) continue;
    addEdge(hub, fn, [1, looking.site], true);
    callResults(c, hub, [fn, ''], looking.site);
  }
  return hub;
}

/** Fields, elements and keys, where something can be in them. */
function insideOf(c: Checker, type: Type): readonly Result[] {
  const under = underlyingOf(type);
  if (under === undefined || (type.kind === 'named' && type.home !== 'module')) return [];
  if (under.kind === 'struct')
    return [...under.fields.values()]
      .filter((field) => field.type?.kind !== 'basic')
      .map((field) => ({ type: field.type, slot: fieldSlot(c, type, field) }));
  const parts = under.kind === 'map' ? [under.key, under.element] : [];
  const elements = 'element' in under && under.kind !== 'map' ? [under.element] : parts;
  return elements
    .filter((part) => part?.kind !== 'basic')
    .map((part) => ({ type: part, slot: isCarrier(part) ? c.flow.element(part) : undefined }));
}

/** Methods of a type of the module that the library may call. */
function ownMethods(c: Checker, type: Type, names: readonly string[]): readonly Fn[] {
  if (names.includes(ANY_METHOD) && type.kind === 'named')
    return [...type.methods].flatMap(([name, fns]) => (/^\p{Lu}/u.test(name) ? fns : []));
  return names.flatMap((name) => {
    const member = c.findMember(type, name);
    return member?.kind === 'method' ? member.fns : [];
  });
}
