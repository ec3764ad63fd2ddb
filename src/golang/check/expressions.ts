import type {
  Declared,
  Fn,
  Func,
  OutsideCallee,
  Result,
  Site,
  Slot,
  Type,
} from '../types/model.ts';
import { funcType, isCarrier, pointedTo } from '../types/types.ts';
import type { Checker, Member, Scope } from './checker.ts';
import { addEdge, addOutside, siteOf } from './edges.ts';
import { makeHub } from './hubs.ts';
import { mention } from './init-order.ts';

export const NOTHING: Result = { type: undefined };

/** What contexts carry, whichever context. */
export const CONTEXT_VALUE: Type = { kind: 'basic', name: 'value of a context' };

/** The value of which nothing but the type is known; one object for each type. */
export function plain(type: Type | undefined): Result {
  if (type === undefined) return NOTHING;
  type.plain ??= { type };
  return type.plain;
}

/** What comes out of a module that is not there: all that is called on it is a call of that module. */
export function ofModule(c: Checker, path: string): Result {
  const found = path === 'C' ? undefined : c.types.imported(path, '?');
  return plain(found?.kind === 'foreign' ? found.type : undefined);
}

/** True for what comes out of a module that is not there. */
export function isForeign(type: Type | undefined): boolean {
  const base = pointedTo(type);
  return base?.kind === 'named' && base.home === 'foreign';
}

/** A value out of a container of elements of a type. */
export function elementOf(c: Checker, type: Type | undefined): Result {
  return isCarrier(type) ? { type, slot: c.flow.element(type) } : plain(type);
}

/** A new value that is one of these functions. */
export function functionValue(c: Checker, fns: readonly Fn[], type: Func | undefined): Result {
  const slot = c.flow.slot();
  for (const fn of fns) c.flow.add(slot, { fn });
  return { type: type ?? fns[0]?.signature, slot };
}

/** A new value that is a function from outside, which counts where it is taken. */
function outsideValue(
  c: Checker,
  scope: Scope,
  [callee, node]: readonly [OutsideCallee, number],
): Result {
  addOutside(scope.fn, { ...callee, use: 'stored', site: siteOf(scope, node) });
  const slot = c.flow.slot();
  c.flow.add(slot, { callee });
  const foreign = callee.signature === undefined ? ofModule(c, callee.path).type : undefined;
  return { type: callee.signature ?? foreign, slot };
}

/** What a name gives where a value is meant. A function that is taken counts where it is taken. */
export function valueFor(c: Checker, scope: Scope, declared: Declared, node: number): Result {
  switch (declared.kind) {
    case 'variable':
      for (const read of declared.reads ?? []) read();
      if (declared.fns !== undefined) mention(c.mentions, scope.fn, declared);
      return { type: declared.type, slot: declared.slot };
    case 'func':
      mention(c.mentions, scope.fn, declared.fns);
      for (const fn of declared.fns)
        if (c.flow.spend()) addEdge(scope.fn, fn, [0, siteOf(scope, node)]);
      return functionValue(c, declared.fns, undefined);
    case 'standard':
    case 'foreign':
      return outsideValue(c, scope, [calleeOf(declared), node]);
    case 'type':
    case 'const':
      return plain(declared.type);
    case 'package':
      return NOTHING;
  }
}

/** A function from outside, as a callee. */
export function calleeOf(
  declared: Extract<Declared, { readonly kind: 'standard' | 'foreign' }>,
): OutsideCallee {
  const { path, name } = declared;
  const signature = declared.kind === 'standard' ? (declared.type ?? funcType([], [])) : undefined;
  return { path, symbol: name, signature, owner: undefined };
}

/**
 * A method of a value whose type is not known: of whatever is in it, and of all types of the module that
 * have one of that name.
 */
export function callUnknown(
  c: Checker,
  scope: Scope,
  [at, node]: readonly [Slot | undefined, number],
  args: readonly Result[],
): void {
  const { view } = scope.at.file;
  const name = view.textOf(view.child(node, 'field'));
  if (name === '') return;
  const site = siteOf(scope, node);
  c.callThroughInterface(scope.fn, [at, undefined, name], { args, results: [], site });
  const key = `unknown ${name}`;
  let hub = c.memo.hubs.get(key);
  if (hub === undefined) {
    hub = makeHub(c, funcType([], []), site);
    c.memo.hubs.set(key, hub);
    c.memo.unknown.set(name, hub);
  }
  addEdge(scope.fn, hub, [1, site], true);
}

/** What a selector means: a name of a package, a member of a value, or of a type. */
export type Selected =
  | { readonly kind: 'declared'; readonly declared: Declared }
  | {
      readonly kind: 'member';
      readonly member: Member;
      /** The operand's values, or those of the field through which the method is promoted. */
      readonly at: Slot | undefined;
    }
  | { readonly kind: 'expression'; readonly signature: Func; readonly member: Member }
  /** What nobody can tell; `at` is where the operand's values are. */
  | { readonly kind: 'unknown'; readonly at: Slot | undefined };

const UNKNOWN: Selected = { kind: 'unknown', at: undefined };

/** Reads `x.f`. */
export function select(c: Checker, scope: Scope, node: number): Selected {
  const { view } = scope.at.file;
  const operand = view.child(node, 'operand');
  const name = view.textOf(view.child(node, 'field'));
  if (view.is(operand, 'identifier')) {
    const declared = c.types.lookup(scope, view.textOf(operand));
    if (declared?.kind === 'package') {
      const found = c.types.imported(declared.path, name);
      return found === undefined ? UNKNOWN : { kind: 'declared', declared: found };
    }
  }
  const type = c.types.typeNamedBy(scope, operand);
  if (type !== undefined) return selectOfType(c, type, name);
  const value = c.evaluate(scope, operand);
  const member = c.findMember(value.type, name);
  if (member === undefined) return { kind: 'unknown', at: value.slot };
  const isPromoted = 'isPromoted' in member && member.isPromoted;
  return { kind: 'member', member, at: isPromoted ? member.through : value.slot };
}

/** `T.Method`: a function whose first parameter is the receiver. */
function selectOfType(c: Checker, type: Type, name: string): Selected {
  const member = c.findMember(type, name);
  if (member === undefined || member.kind === 'field' || member.kind === 'foreign') return UNKNOWN;
  const { parameters, results, isVariadic } = member.signature;
  const signature = funcType([type, ...parameters], results, isVariadic);
  return { kind: 'expression', member, signature };
}

/** The value of `x.f`. */
export function selectorValue(c: Checker, scope: Scope, node: number): Result {
  const selected = select(c, scope, node);
  if (selected.kind === 'declared') return valueFor(c, scope, selected.declared, node);
  if (selected.kind === 'unknown') {
    callUnknown(c, scope, [selected.at, node], []);
    return NOTHING;
  }
  const { member } = selected;
  if (selected.kind === 'expression')
    return methodValue(c, scope, [member, undefined, node], selected.signature);
  if (member.kind === 'field') return { type: member.type, slot: member.slot };
  return methodValue(
    c,
    scope,
    [member, selected.at, node],
    member.kind === 'foreign' ? undefined : member.signature,
  );
}

type InterfaceMember = Extract<Member, { readonly kind: 'interface' }>;

/** `I.M`: a function that calls M of its first argument, whatever that is. */
function interfaceExpression(
  c: Checker,
  scope: Scope,
  [{ of, through, isPromoted }, name, node]: readonly [InterfaceMember, string, number],
  signature: Func,
): Result {
  const site = siteOf(scope, node);
  const hub = makeHub(c, signature, site);
  const [receiver, ...slots] = hub.parameters;
  const [, ...types] = signature.parameters;
  const args = types.map((type, i) => ({ type, slot: slots[i] }));
  const at = isPromoted ? through : receiver;
  c.callThroughInterface(hub, [at, of, name], { args, results: hub.results, site });
  return functionValue(c, [hub], signature);
}

/** `x.M` of an interface: a function that calls M of whatever is in x. */
function boundMethod(
  c: Checker,
  [at, { of, signature }, name]: readonly [Slot | undefined, InterfaceMember, string],
  site: Site,
): Result {
  const hub = makeHub(c, signature, site);
  const args = signature.parameters.map((type, i) => ({ type, slot: hub.parameters[i] }));
  c.callThroughInterface(hub, [at, of, name], { args, results: hub.results, site });
  return functionValue(c, [hub], signature);
}

/** A method that is taken: it counts where it is taken. */
function methodValue(
  c: Checker,
  scope: Scope,
  [member, at, node]: readonly [Member, Slot | undefined, number],
  type: Func | undefined,
): Result {
  const site = siteOf(scope, node);
  switch (member.kind) {
    case 'standard': {
      const { owner, name, signature } = member;
      const symbol = `${owner.name}.${name}`;
      return outsideValue(c, scope, [{ path: owner.path, symbol, signature, owner }, node]);
    }
    case 'method':
      mention(c.mentions, scope.fn, member.fns);
      for (const fn of member.fns) {
        if (at !== undefined) c.flow.edge(at, fn.receiver);
        addEdge(scope.fn, fn, [0, site]);
      }
      return functionValue(c, member.fns, type);
    case 'interface': {
      const name = scope.at.file.view.textOf(scope.at.file.view.child(node, 'field'));
      if (at === undefined && type !== undefined)
        return interfaceExpression(c, scope, [member, name, node], type);
      const call = { args: [], results: [], site };
      c.callThroughInterface(scope.fn, [at, member.of, name], call);
      return boundMethod(c, [at, member, name], site);
    }
    case 'field':
      return { type: member.type, slot: member.slot };
    case 'foreign': {
      addOutside(scope.fn, { path: member.path, symbol: member.name, use: 'stored', site });
      return ofModule(c, member.path);
    }
  }
}
