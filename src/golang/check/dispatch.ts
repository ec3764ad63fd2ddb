import type {
  Field,
  Fn,
  Func,
  Named,
  OutsideCallee,
  Rank,
  Result,
  Site,
  Slot,
  Type,
  Value,
} from '../types/model.ts';
import { coreOf, ERROR, funcType, isInterface, underlyingOf } from '../types/types.ts';
import type { CallSite, Checker, PendingCall } from './checker.ts';
import { addEdge, addOutside } from './edges.ts';
import { CONTEXT_VALUE } from './expressions.ts';
import { give } from './give.ts';
import { makeHub } from './hubs.ts';
import { methodNames, methodsOf } from './interface-methods.ts';
import { findMember, implementsAll } from './members.ts';
import { callContents, callStandard, methodFromStandard } from './standard-calls.ts';

/** A call of functions of the module: edges, and what goes in and comes out. */
export function callFunctions(
  c: Checker,
  from: Fn,
  [fns, rank]: readonly [readonly Fn[], Rank],
  call: CallSite,
): void {
  for (const to of fns) {
    if (!c.flow.spend()) return;
    addEdge(from, to, [rank, call.site]);
    passArguments(c, to, call.args);
    call.results.forEach((slot, i) => {
      c.flow.edge(to.results[i], slot);
    });
  }
}

function passArguments(c: Checker, to: Fn, args: readonly Result[]): void {
  const { parameters, isVariadic } = to.signature;
  const last = parameters.length - 1;
  for (let i = 0; i <= last; i++) {
    const type = parameters[i];
    if (isVariadic && i === last) passRest(c, [to.parameters[i], type], args.slice(i));
    else give(c, [to.parameters[i], type], args[i]);
  }
}

function passRest(
  c: Checker,
  [slot, type]: readonly [Slot | undefined, Type | undefined],
  rest: readonly Result[],
): void {
  const element = type?.kind === 'slice' ? type.element : undefined;
  for (const arg of rest) {
    if (arg.isSpread === true) c.flow.edge(arg.slot, slot);
    else give(c, [c.flow.element(element), element], arg);
  }
}

/** The hub of a place: what is called through it, once for all who call. */
function hubOf(
  c: Checker,
  [slot, name]: readonly [Slot, string],
  [signature, site]: readonly [Func, Site],
): { readonly hub: Fn; readonly call: CallSite | undefined } {
  const key = `${slot.id} ${name}`;
  const known = c.memo.hubs.get(key);
  if (known !== undefined) return { hub: known, call: undefined };
  const hub = makeHub(c, signature, site);
  c.memo.hubs.set(key, hub);
  return { hub, call: callOf(hub) };
}

/** A call of a method through an interface: it goes to whatever arrives in the slot. */
export function callThroughInterface(
  c: Checker,
  from: Fn,
  [slot, type, name]: readonly [Slot | undefined, Type | undefined, string],
  call: CallSite,
): void {
  if (slot === undefined) return;
  const method = methodsOf(c, type)?.get(name);
  const signature = method?.signature ?? funcType([], []);
  const { hub, call: inner } = hubOf(c, [slot, name], [signature, call.site]);
  if (inner !== undefined) {
    if (type !== undefined && method !== undefined) c.memo.pending.push({ hub, slot, type, name });
    c.flow.watch(slot, (value) => dispatch(c, hub, [value, method?.of ?? type, name], inner));
  }
  callFunctions(c, from, [[hub], 3], call);
}

function dispatch(
  c: Checker,
  from: Fn,
  [value, type, name]: readonly [Value, Type | undefined, string],
  call: CallSite,
): void {
  if (value.origin !== undefined) {
    if (value.origin === 'reflect') callReflected(from, call);
    if (value.origin === 'context' && name === 'Value')
      c.flow.edge(c.flow.element(CONTEXT_VALUE), call.results[0]);
    for (const slot of call.results) if (slot !== c.flow.errors) c.flow.add(slot, value);
    methodFromStandard(from, [type, name, value.origin], call);
    return;
  }
  if (value.type !== undefined) callMethodOf(c, from, [value, value.type, name], [call, 3]);
}

/** A call of what was found by reflection: whatever that may be. */
function callReflected(from: Fn, { site }: CallSite): void {
  addOutside(from, { path: 'reflect', symbol: 'Value.Call', use: 'called', site, lends: [] });
}

function callMethodOf(
  c: Checker,
  from: Fn,
  [value, type, name]: readonly [Value, Type, string],
  [call, rank]: readonly [CallSite, Rank],
): void {
  const member = findMember(c, type, name);
  if (member?.kind === 'method') {
    if (value.fn !== undefined || value.callee !== undefined) {
      for (const fn of member.fns)
        c.flow.add(fn.receiver, { fn: value.fn, callee: value.callee } as Value);
    }
    callFunctions(c, from, [member.fns, rank], call);
  } else if (member?.kind === 'standard') {
    callStandardMethod(c, from, [member.owner, name, value], call);
  } else if (member?.kind === 'foreign') {
    addOutside(from, { path: member.path, symbol: member.name, use: 'called', site: call.site });
  } else if (member?.kind === 'interface' && member.isPromoted) {
    callThroughInterface(c, from, [member.through, member.of, name], call);
  } else if (member?.kind === 'field') {
    callValues(c, from, [member.slot, member.type], call);
  }
}

function callStandardMethod(
  c: Checker,
  from: Fn,
  [owner, name, { fn, callee }]: readonly [Named, string, Value],
  call: CallSite,
): void {
  const symbol = `${owner.name}.${name}`;
  addOutside(from, { path: owner.path, symbol, use: 'called', site: call.site });
  callContents(c, from, [owner, symbol], call);
  // http.HandlerFunc and its like call the function that they are.
  if (underlyingOf(owner)?.kind !== 'func') return;
  if (fn !== undefined) callFunctions(c, from, [[fn], 3], call);
  else if (callee !== undefined) callOutside(c, from, callee, call);
}

/** A call of whatever function arrives in a slot. */
export function callValues(
  c: Checker,
  from: Fn,
  [slot, type]: readonly [Slot | undefined, Type | undefined],
  call: CallSite,
): void {
  if (slot === undefined) return;
  const under = coreOf(type);
  const signature = under?.kind === 'func' ? under : funcType([], []);
  const { hub, call: inner } = hubOf(c, [slot, '()'], [signature, call.site]);
  if (inner !== undefined) {
    c.flow.watch(slot, ({ fn, callee, origin }) => {
      if (origin === 'reflect') callReflected(hub, inner);
      else if (fn !== undefined) callFunctions(c, hub, [[fn], 3], inner);
      else if (callee !== undefined) callOutside(c, hub, callee, inner);
    });
  }
  callFunctions(c, from, [[hub], 3], call);
}

/** A call of a function from outside; the answer is where its results are. */
export function callOutside(
  c: Checker,
  from: Fn,
  callee: OutsideCallee,
  call: CallSite,
): readonly (Slot | undefined)[] {
  const { path, symbol, signature, owner } = callee;
  if (signature !== undefined) {
    const results = callStandard(c, from, { path, symbol, signature, owner }, call);
    call.results.forEach((slot, i) => void c.flow.edge(results[i], slot));
    return results;
  }
  addOutside(from, { path, symbol, use: 'called', site: call.site });
  // Functions given to a module that is not there are called by whoever gives them.
  for (const { slot } of call.args) {
    c.flow.watch(slot, ({ fn }) => {
      if (fn !== undefined) addEdge(from, fn, [2, call.site]);
    });
  }
  return [];
}

/**
 * Sends the calls through interfaces where nothing was seen to arrive to every implementing type.
 *
 * One round: what these calls move can fill other slots, and those are asked in the next.
 */
export function fallBack(
  c: Checker,
  pending: readonly PendingCall[],
  types: readonly Named[],
): void {
  const memo = new Map<Type, readonly Named[]>();
  const index = indexByMethod(types);
  const fitTo = (type: Type) => {
    const names = methodNames(c, type);
    return index.candidates(names).filter((one) => implementsAll(c, one, [type, names]));
  };
  for (const { hub, slot, type, name } of pending) {
    if (!c.flow.spend(0)) return;
    if ((slot.has?.size ?? 0) > 0 || underlyingOf(type) === ERROR) continue;
    let fitting = memo.get(type);
    if (fitting === undefined) {
      fitting = fitTo(type);
      memo.set(type, fitting);
    }
    const rank = type.kind === 'named' && type.home === 'module' ? 2 : 1;
    for (const candidate of fitting) {
      callMethodOf(c, hub, [{ type: candidate }, candidate, name], [callOf(hub), rank]);
    }
  }
}

/** Finds the few types that may have all of some methods. */
function indexByMethod(types: readonly Named[]) {
  const byName = new Map<string, Named[]>();
  // What they embed may have any method.
  const embedding: Named[] = [];
  for (const type of types) {
    const under = underlyingOf(type);
    const embeds = under?.kind === 'struct' && [...under.fields.values()].some(isEmbeddedField);
    if (embeds) embedding.push(type);
    for (const name of embeds ? [] : type.methods.keys()) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [type]);
      else known.push(type);
    }
  }
  return {
    candidates(names: readonly string[]): readonly Named[] {
      let fewest: readonly Named[] | undefined;
      for (const name of names) {
        const having = byName.get(name) ?? [];
        if (fewest === undefined || having.length < fewest.length) fewest = having;
      }
      return [...(fewest ?? []), ...embedding];
    },
  };
}

function isEmbeddedField({ isEmbedded }: Field): boolean {
  return isEmbedded;
}

/** What a hub passes on. */
function callOf({ signature, parameters, results, site }: Fn): CallSite {
  const last = signature.parameters.length - 1;
  const args = signature.parameters.map((type, i) => ({
    type,
    slot: parameters[i],
    isSpread: signature.isVariadic && i === last,
  }));
  return { args, results, site };
}

/** The types that a call through an interface may go to: those of the module that are concrete. */
export function isConcrete(type: Type | undefined): type is Named {
  return type?.kind === 'named' && type.home === 'module' && !isInterface(type);
}
