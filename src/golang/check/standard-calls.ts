import { callbacksOf } from '../capability/classify.ts';
import type { Fn, Func, Named, OutsideCallee, Rank, Result, Slot, Type } from '../types/model.ts';
import { coreOf, ERROR, isCarrier, isInterface, pointedTo, underlyingOf } from '../types/types.ts';
import { callByNature, callResults } from './by-nature.ts';
import type { CallSite, Checker } from './checker.ts';
import { addEdge, addOutside } from './edges.ts';
import { CONTEXT_VALUE, elementOf } from './expressions.ts';
import { fieldSlot } from './members.ts';

/** Packages whose values read and write the network, or files. */
const NETWORK = new Set(['net', 'net/http', 'net/http/httptest', 'net/http/httputil']);
const FILES = new Set(['os', 'path/filepath', 'io/ioutil', 'io/fs', 'embed']);
const QUIET = new Set(['net.Addr', 'net.Error']);

function lentByPackage(path: string, origin: string): readonly string[] {
  const isNetwork = NETWORK.has(origin);
  switch (path) {
    case 'syscall':
      return isNetwork ? ['NETWORK', 'OPERATING_SYSTEM'] : ['OPERATING_SYSTEM'];
    case 'net':
    case 'net/http':
      return ['NETWORK'];
    case 'io/fs':
      return FILES.has(origin) ? ['FILES'] : [];
    case 'io':
      if (isNetwork) return ['NETWORK'];
      return origin === 'os' ? ['FILES'] : [];
    default:
      return [];
  }
}

/** What a method of an interface lends when a package of the standard library made the value. */
function lentBy(type: Type | undefined, origin: string): readonly string[] {
  const id = type?.kind === 'named' && type.home === 'standard' ? `${type.path}.${type.name}` : '';
  if (QUIET.has(id) || underlyingOf(type) === ERROR) return [];
  const path = id === '' ? 'io' : (type as Named).path;
  return lentByPackage(path, origin);
}

/** A call of an interface's method on a value that the standard library made. */
export function methodFromStandard(
  from: Fn,
  [type, name, origin]: readonly [Type | undefined, string, string],
  { site }: CallSite,
): void {
  const lends = lentBy(type, origin);
  if (lends.length === 0) return;
  const isNamed = type?.kind === 'named' && type.home === 'standard';
  const symbol = isNamed ? `${type.name}.${name}` : name;
  addOutside(from, { path: isNamed ? type.path : origin, symbol, use: 'called', site, lends });
}

/** A callee of the standard library. */
export interface StandardCallee extends OutsideCallee {
  readonly signature: Func;
}

/** Calls through interfaces, as the library makes them. */
type CallThrough = (slot: Slot | undefined, type: Type | undefined, name: string) => void;

/** A call of the standard library; the answer is what it gives. */
export function callStandard(
  c: Checker,
  from: Fn,
  callee: StandardCallee,
  written: CallSite,
): readonly (Slot | undefined)[] {
  const { path, symbol, signature, owner } = callee;
  const call = { ...written, args: written.args.map((arg) => unspread(c, arg)) };
  const results = signature.results.map((type) => resultSlot(c, [type, path], call.args));
  const given = results.map((slot, i) => (isInterface(signature.results[i]) ? slot : undefined));
  addOutside(from, { path, symbol, use: 'called', site: call.site });
  const rows = callbacksOf(path, symbol);
  if (rows !== undefined) callBack(c, from, [rows, callee], { ...call, results: given });
  call.args.forEach((arg, i) => {
    const isRun = rows?.[i]?.split(' ').includes('()') === true || RUNNERS.test(symbol);
    lendFunctions(c, from, [arg, isRun ? 3 : 2], [callee, call]);
  });
  hold(c, [signature, owner], call.args);
  callByNature(c, from, callee, call);
  if (path === 'context' && symbol === 'WithValue')
    c.give(c.flow.element(CONTEXT_VALUE), undefined, call.args[2]);
  takeOut(c, callee, results);
  return results;
}

/** What `list...` gives: the elements of the list. */
function unspread(c: Checker, arg: Result): Result {
  const under = arg.isSpread === true ? coreOf(arg.type) : undefined;
  return under?.kind === 'slice' ? elementOf(c, under.element) : arg;
}

/** Functions that run what they are given, by ways that the table does not see. */
const RUNNERS =
  /^((Once|WaitGroup)\.(Do|Go)|Once(Func|Values?)|AfterFunc|Walk(Dir)?|Map|Range|Map\.Range|SortFunc|Slice(Stable)?|FieldsFunc|Func)$/;

/** Functions given to the standard library are called by whoever gives them. */
function lendFunctions(
  c: Checker,
  from: Fn,
  [arg, rank]: readonly [Result, Rank],
  [{ path, owner }, call]: readonly [StandardCallee, CallSite],
): void {
  const under = underlyingOf(arg.type);
  const kept = owner !== undefined && CONTAINERS.has(owner.path) ? contentsOf(c, owner) : undefined;
  // Functions in a list or a table are given as well.
  const held = under !== undefined && 'element' in under ? under.element : undefined;
  const isTable =
    underlyingOf(held)?.kind === 'func' || (under?.kind === 'map' && isInterface(held));
  if (arg.type !== undefined && under?.kind !== 'func' && !isTable) return;
  const slot = isTable ? c.flow.element(held) : arg.slot;
  c.flow.watch(slot, ({ fn, callee }) => {
    if (callee !== undefined)
      addOutside(from, { ...callee, use: rank === 3 ? 'called' : 'passed', site: call.site });
    if (fn === undefined) return;
    addEdge(from, fn, [rank, call.site]);
    callResults(c, from, [fn, path], call.site);
    fn.signature.parameters.forEach((type, i) => {
      if (!isInterface(type) || type === ERROR) return;
      c.flow.add(fn.parameters[i], { origin: path });
      c.flow.edge(kept, fn.parameters[i]);
    });
  });
}

function resultSlot(
  c: Checker,
  [type, path]: readonly [Type | undefined, string],
  args: readonly Result[],
): Slot | undefined {
  const slot = c.flow.place(type);
  if (slot === undefined || type === ERROR) return slot;
  c.flow.add(slot, { origin: path });
  // A wrapper gives back what it was given, in another coat.
  if (path !== 'os' && isInterface(type))
    for (const arg of args) if (isInterface(arg.type)) c.flow.edge(arg.slot, slot);
  return slot;
}

function contentsOf(c: Checker, type: Named): Slot {
  let known = c.memo.contents.get(type.origin);
  if (known === undefined) {
    known = c.flow.slot();
    c.memo.contents.set(type.origin, known);
    if (CONTAINERS.has(type.path)) joinFields(c, type, known);
  }
  return known;
}

/** What a container keeps may be put into a field, and be read there. */
function joinFields(c: Checker, type: Named, contents: Slot): void {
  const under = underlyingOf(type.origin);
  if (under?.kind !== 'struct') return;
  for (const field of under.fields.values()) {
    if (!isInterface(field.type)) continue;
    const slot = fieldSlot(c, type.origin, field);
    c.flow.edge(slot, contents);
    c.flow.edge(contents, slot);
  }
}

function standardStruct(type: Type | undefined): Named | undefined {
  const base = pointedTo(type);
  if (base?.kind !== 'named' || base.home !== 'standard') return undefined;
  return underlyingOf(base)?.kind === 'struct' ? base : undefined;
}

/** Packages whose types keep whatever they are given, and give it back. */
const CONTAINERS = new Set(['sync', 'sync/atomic', 'container/list', 'container/ring', 'unique']);

/** What a container gives back; a pool makes what it has not. */
function takeOut(
  c: Checker,
  { owner, symbol }: StandardCallee,
  results: readonly (Slot | undefined)[],
): void {
  if (owner === undefined || !CONTAINERS.has(owner.path)) return;
  for (const slot of results) c.flow.edge(contentsOf(c, owner), slot);
  if (symbol !== 'Pool.Get') return;
  const member = c.findMember(owner, 'New');
  if (member?.kind !== 'field') return;
  // Whoever gives the pool its function is charged for it.
  c.flow.watch(member.slot, ({ fn }) => {
    if (fn !== undefined) for (const slot of results) c.flow.edge(fn.results[0], slot);
  });
}

/** What a constructor or a method is given through an interface, the value may keep. */
function hold(
  c: Checker,
  [signature, owner]: readonly [Func, Named | undefined],
  args: readonly Result[],
): void {
  const keepers = signature.results.map(standardStruct).filter((type) => type !== undefined);
  if (owner !== undefined && underlyingOf(owner)?.kind === 'struct') keepers.push(owner);
  if (keepers.length === 0) return;
  args.forEach((arg, i) => {
    const type = signature.parameters[Math.min(i, signature.parameters.length - 1)];
    const under = underlyingOf(type);
    if (under?.kind !== 'interface') return;
    for (const keeper of keepers) {
      if (under.methods.size > 0 || CONTAINERS.has(keeper.path))
        c.give(contentsOf(c, keeper), type, arg);
    }
  });
}

/** The calls that a function of the library makes on what it is given. */
function callBack(
  c: Checker,
  from: Fn,
  [rows, { signature, owner }]: readonly [Readonly<Record<string, string>>, StandardCallee],
  call: CallSite,
): void {
  const onward: CallSite = { args: [], results: call.results, site: call.site };
  const through: CallThrough = (slot, type, name) =>
    c.callThroughInterface(from, [slot, type, name], onward);
  for (const [index, row] of Object.entries(rows)) {
    const i = Number(index);
    const arg = i < 0 ? undefined : call.args[i];
    const keeper = i < 0 ? owner : arg?.type;
    const names = row.split(' ');
    if (names.includes('.()')) callFields(c, from, [keeper, call]);
    for (const name of names.filter((called) => !called.endsWith('()'))) {
      if (name.startsWith('.')) callHeld(c, [keeper, name.slice(1)], through);
      else if (arg !== undefined) callGiven(c, [arg, signature.parameters[i], name], through);
    }
  }
}

/** Functions in the fields of a value of the library, which it calls. */
function callFields(
  c: Checker,
  from: Fn,
  [type, call]: readonly [Type | undefined, CallSite],
): void {
  const under = underlyingOf(standardStruct(type));
  if (under?.kind !== 'struct') return;
  for (const field of under.fields.values()) {
    if (underlyingOf(field.type)?.kind === 'func' && field.slot !== undefined)
      c.callValues(from, [field.slot, field.type], { args: [], results: [], site: call.site });
  }
}

/** A method of what a value of the library holds. */
function callHeld(
  c: Checker,
  [type, name]: readonly [Type | undefined, string],
  through: CallThrough,
): void {
  const keeper = standardStruct(type);
  if (keeper !== undefined) through(contentsOf(c, keeper), undefined, name);
}

function callGiven(
  c: Checker,
  [arg, type, name]: readonly [Result, Type | undefined, string],
  through: CallThrough,
): void {
  if (arg.type === undefined || isCarrier(arg.type)) {
    through(arg.slot, type, name);
    return;
  }
  const slot = c.flow.slot();
  c.give(slot, undefined, arg);
  through(slot, type, name);
}

/** A method of the library that was reached through an interface: what its value holds is called too. */
export function callContents(
  c: Checker,
  from: Fn,
  [owner, symbol]: readonly [Named, string],
  call: CallSite,
): void {
  const rows = callbacksOf(owner.path, symbol);
  const row = rows?.['-1'];
  if (row === undefined) return;
  const signature: Func = { kind: 'func', parameters: [], results: [], isVariadic: false };
  callBack(c, from, [{ '-1': row }, { path: owner.path, symbol, signature, owner }], call);
}
