import type { Declared, Fn, Func, Result, Slot, Type, TypeParameter } from '../types/model.ts';
import { type Inferred, infer, substituteFunc } from '../types/substitute.ts';
import { ANY, coreOf, isCarrier, underlyingOf } from '../types/types.ts';
import { argumentsOf } from './arguments.ts';
import { callBuiltin } from './builtins.ts';
import type { Checker, Scope, Written } from './checker.ts';
import { callFunctions, callOutside, callValues } from './dispatch.ts';
import { addOutside, calleeSite, siteOf } from './edges.ts';
import {
  calleeOf,
  callUnknown,
  NOTHING,
  ofModule,
  plain,
  type Selected,
  select,
  valueFor,
} from './expressions.ts';
import { linkLibrary, linkParameter } from './generics.ts';
import { joinStructs } from './give.ts';
import { mention } from './init-order.ts';
import { showCall, showInterfaceCall } from './resolved.ts';
import { signatureOfAll } from './variants.ts';

/** Parentheses around a callee that are followed. */
const MOST_PARENTHESES = 100;

/** The value of a call. */
export function evaluateCall(c: Checker, scope: Scope, node: number): Result {
  const { view } = scope.at.file;
  const list = view.child(node, 'arguments');
  const args = list < 0 ? [] : view.children(list);
  const typeArguments = view.child(node, 'type_arguments');
  const callee = stripParentheses(scope, view.child(node, 'function'));
  return callNode(c, scope, callee, {
    args,
    typeArguments: typeArguments < 0 ? [] : view.children(typeArguments),
  });
}

function stripParentheses({ at: { file } }: Scope, start: number): number {
  const { is, children } = file.view;
  let node = start;
  for (let i = 0; i < MOST_PARENTHESES && is(node, 'parenthesized_expression'); i++)
    node = children(node)[0] ?? -1;
  return node;
}

function markRunning({ fn }: Scope): void {
  // A literal runs when it is called, not where it is written.
  if (fn.kind === 'variable') fn.runsCode = true;
}

/** A call of whatever stands at `callee`. */
export function callNode(c: Checker, scope: Scope, callee: number, written: Written): Result {
  const { view } = scope.at.file;
  const type = c.types.typeNamedBy(scope, callee);
  if (type !== undefined) return convert(c, scope, [type, written.args[0] ?? -1]);
  if (view.is(callee, 'identifier')) {
    const name = view.textOf(callee);
    const declared = c.types.lookup(scope, name);
    if (declared === undefined) return callBuiltin(c, scope, [name, callee], written.args);
    markRunning(scope);
    return callDeclared(c, scope, [declared, callee], written);
  }
  markRunning(scope);
  if (view.is(callee, 'index_expression') || view.is(callee, 'type_instantiation_expression')) {
    const [generic = -1, ...rest] = view.children(callee);
    if (isFunctionName(c, scope, generic))
      return callNode(c, scope, generic, { ...written, typeArguments: rest });
  }
  if (view.is(callee, 'selector_expression'))
    return callSelected(c, scope, [select(c, scope, callee), callee], written);
  const value = c.evaluate(scope, callee);
  return callValue(c, scope, [value, callee], argumentsOf(c, scope, written.args));
}

/** True for the name of a declared function, which may be generic. */
function isFunctionName(c: Checker, scope: Scope, node: number): boolean {
  const { is, textOf, child } = scope.at.file.view;
  let declared: Declared | undefined;
  if (is(node, 'identifier')) declared = c.types.lookup(scope, textOf(node));
  else if (is(node, 'selector_expression') && is(child(node, 'operand'), 'identifier')) {
    const home = c.types.lookup(scope, textOf(child(node, 'operand')));
    if (home?.kind === 'package')
      declared = c.types.imported(home.path, textOf(child(node, 'field')));
  }
  return declared !== undefined && ['func', 'standard', 'foreign'].includes(declared.kind);
}

function callSelected(
  c: Checker,
  scope: Scope,
  [selected, callee]: readonly [Selected, number],
  written: Written,
): Result {
  if (selected.kind === 'declared')
    return callDeclared(c, scope, [selected.declared, callee], written);
  const args = argumentsOf(c, scope, written.args);
  if (selected.kind === 'unknown') return unknownCall(c, scope, [selected.at, callee], args);
  if (selected.kind === 'expression') {
    const [receiver, ...rest] = args;
    return callMember(c, scope, [asMember(c, selected, receiver), callee], rest);
  }
  return callMember(c, scope, [selected, callee], args);
}

/** `T.M(x, …)`: a call of `x.M(…)`. */
function asMember(
  c: Checker,
  { member }: Extract<Selected, { readonly kind: 'expression' }>,
  receiver: Result | undefined,
): Extract<Selected, { readonly kind: 'member' }> {
  const slot = c.flow.slot();
  c.give(slot, ANY, receiver);
  if (receiver?.slot !== undefined) c.flow.edge(receiver.slot, slot);
  return { kind: 'member', member, at: slot };
}

/** A call of something that cannot be told: a name that only code outside the module can declare. */
function unknownCall(
  c: Checker,
  scope: Scope,
  [at, callee]: readonly [Slot | undefined, number],
  args: readonly Result[],
): Result {
  const { view } = scope.at.file;
  const operand = view.child(callee, 'operand');
  const name = view.textOf(operand);
  // A package that is imported under a name of its own, which only the package itself says.
  if (view.is(operand, 'identifier') && c.types.lookup(scope, name) === undefined) {
    const symbol = view.textOf(view.child(callee, 'field'));
    const path = c.foreignPath(scope, name);
    const site = calleeSite(scope, callee);
    callOutside(
      c,
      scope.fn,
      { path, symbol, signature: undefined, owner: undefined },
      {
        args,
        results: [],
        site,
      },
    );
    return ofModule(c, path);
  }
  callUnknown(c, scope, [at, callee], args);
  return NOTHING;
}

function callMember(
  c: Checker,
  scope: Scope,
  [selected, callee]: readonly [Extract<Selected, { readonly kind: 'member' }>, number],
  args: readonly Result[],
): Result {
  const { member } = selected;
  const { at } = selected;
  const site = calleeSite(scope, callee);
  switch (member.kind) {
    case 'field':
      return callValue(c, scope, [{ type: member.type, slot: member.slot }, callee], args);
    case 'foreign': {
      const { path, name } = member;
      const foreign = { path, symbol: name, signature: undefined, owner: undefined };
      callOutside(c, scope.fn, foreign, { args, results: [], site });
      return ofModule(c, path);
    }
    case 'standard': {
      const { owner, name, signature } = member;
      const symbol = `${owner.name}.${name}`;
      const standard = { path: owner.path, symbol, signature, owner };
      showCall(c, scope, [standard, callee]);
      const slots = callOutside(c, scope.fn, standard, { args, results: [], site });
      return resultOf(signature, slots);
    }
    case 'method':
      if (at !== undefined) for (const fn of member.fns) c.flow.edge(at, fn.receiver);
      return callKnown(c, scope, [member.fns, member.signature, callee], args);
    case 'interface': {
      const { view } = scope.at.file;
      const name = view.textOf(view.child(callee, 'field'));
      const results = slotsFor(c, member.signature);
      if (member.of?.kind === 'named')
        showInterfaceCall(c, scope, [`${member.of.path}.${member.of.name}.${name}`, callee]);
      c.callThroughInterface(scope.fn, [at, member.of, name], { args, results, site });
      return resultOf(member.signature, results);
    }
  }
}

/** A call of a declared name. */
export function callDeclared(
  c: Checker,
  scope: Scope,
  [declared, callee]: readonly [Declared, number],
  written: Written,
): Result {
  if (declared.kind === 'func') {
    const args = argumentsOf(c, scope, written.args);
    const [first] = declared.fns;
    const signature = signatureOfAll(declared.fns);
    if (first === undefined || signature === undefined) return NOTHING;
    const map = inferred(c, scope, [signature, first.typeParameters], [written, args]);
    for (const parameter of first.typeParameters) linkParameter(c, parameter, map.get(parameter));
    return callKnown(c, scope, [declared.fns, substituteFunc(signature, map), callee], args);
  }
  if (declared.kind === 'standard' || declared.kind === 'foreign') {
    const args = argumentsOf(c, scope, written.args);
    return callImported(c, scope, [declared, callee], [written, args]);
  }
  const value = valueFor(c, scope, declared, callee);
  return callValue(c, scope, [value, callee], argumentsOf(c, scope, written.args));
}

function callImported(
  c: Checker,
  scope: Scope,
  [declared, callee]: readonly [
    Extract<Declared, { readonly kind: 'standard' | 'foreign' }>,
    number,
  ],
  [written, args]: readonly [Written, readonly Result[]],
): Result {
  const outside = calleeOf(declared);
  showCall(c, scope, [outside, callee]);
  const site = calleeSite(scope, callee);
  if (outside.signature === undefined) {
    callOutside(c, scope.fn, outside, { args, results: [], site });
    return ofModule(c, outside.path);
  }
  const map = inferred(c, scope, [outside.signature, []], [written, args]);
  const signature = substituteFunc(outside.signature, map);
  const slots = callOutside(c, scope.fn, { ...outside, signature }, { args, results: [], site });
  if (map.size > 0) linkLibrary(c, signature, [args, slots], site);
  return resultOf(signature, slots);
}

/** What type parameters stand for in a call: as written, else as the arguments say. */
function inferred(
  c: Checker,
  scope: Scope,
  [signature, typeParameters]: readonly [Func, readonly TypeParameter[]],
  [written, args]: readonly [Written, readonly Result[]],
): Inferred {
  const map: Inferred = new Map();
  const isGeneric =
    typeParameters.length > 0 || (written.typeArguments.length > 0 && typeParameters.length === 0);
  written.typeArguments.forEach((node, i) => {
    map.set(typeParameters[i] ?? i, c.types.typeOf(scope, node));
  });
  if (!isGeneric && !signature.parameters.some(mentionsParameter)) return map;
  signature.parameters.forEach((type, i) => {
    const isRest = signature.isVariadic && i === signature.parameters.length - 1;
    const one =
      isRest && args[i]?.isSpread !== true && type?.kind === 'slice' ? type.element : type;
    infer(one, args[i]?.type, map);
  });
  signature.cores?.forEach((core, i) => void infer(core, map.get(i), map));
  for (const parameter of typeParameters) infer(coreOf(parameter), map.get(parameter), map);
  return map;
}

/** True for types that have a type parameter near the surface. */
function mentionsParameter(type: Type | undefined): boolean {
  if (type === undefined) return false;
  if (type.kind === 'parameter') return true;
  if (type.kind === 'func')
    return type.parameters.some(mentionsParameter) || type.results.some(mentionsParameter);
  if (type.kind === 'named') return type.arguments.some(mentionsParameter);
  return 'element' in type && mentionsParameter(type.element);
}

function slotsFor(c: Checker, { results }: Func): readonly (Slot | undefined)[] {
  return results.map((type) => c.flow.place(type));
}

/** What a call gives. */
function resultOf({ results }: Func, slots: readonly (Slot | undefined)[]): Result {
  const one = (type: Type | undefined, i: number): Result =>
    slots[i] === undefined ? plain(type) : { type, slot: slots[i] };
  if (results.length === 1) return one(results[0], 0);
  return { type: undefined, tuple: results.map(one) };
}

/** A call of declared functions: the variants of one name. */
function callKnown(
  c: Checker,
  scope: Scope,
  [fns, signature, callee]: readonly [readonly Fn[], Func, number],
  args: readonly Result[],
): Result {
  const site = calleeSite(scope, callee);
  const [only] = fns;
  mention(c.mentions, scope.fn, fns);
  showCall(c, scope, [only, callee]);
  if (fns.length === 1 && only !== undefined) {
    callFunctions(c, scope.fn, [fns, 3], { args, results: [], site });
    return resultOf(signature, only.results);
  }
  const results = slotsFor(c, signature);
  callFunctions(c, scope.fn, [fns, 3], { args, results, site });
  return resultOf(signature, results);
}

/** A call of a value. */
function callValue(
  c: Checker,
  scope: Scope,
  [value, callee]: readonly [Result, number],
  args: readonly Result[],
): Result {
  const site = calleeSite(scope, callee);
  const under = coreOf(value.type);
  if (under?.kind !== 'func') {
    callValues(c, scope.fn, [value.slot, value.type], { args, results: [], site });
    return NOTHING;
  }
  const results = slotsFor(c, under);
  callValues(c, scope.fn, [value.slot, value.type], { args, results, site });
  return resultOf(under, results);
}

/** `T(x)`. Making a pointer out of an unsafe one is a power. */
export function convert(
  c: Checker,
  scope: Scope,
  [type, operand]: readonly [Type, number],
): Result {
  const value = operand < 0 ? NOTHING : c.evaluate(scope, operand);
  const from = underlyingOf(value.type);
  const to = underlyingOf(type);
  const isUnsafe = from?.kind === 'basic' && from.name === 'unsafe.Pointer';
  if (isUnsafe && to?.kind === 'pointer') {
    addOutside(scope.fn, {
      path: 'unsafe',
      symbol: 'Pointer',
      use: 'called',
      site: siteOf(scope, operand),
      lends: ['UNSAFE_POINTER'],
    });
  }
  joinStructs(c, value.type, type);
  if (!isCarrier(type)) return plain(type);
  const slot = c.flow.place(type);
  c.give(slot, type, value);
  return { type, slot };
}
