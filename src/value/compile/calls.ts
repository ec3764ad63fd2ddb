import { assignTo, convertTo, copyOf, sliceOf } from '../run/convert.ts';
import { callableOf } from '../run/reach.ts';
import { asSlice, Items } from '../run/stores.ts';
import { ANY, defaultType, PARAMETER, type Type } from '../run/types.ts';
import { type Site, Tuple, UNKNOWN, Value } from '../run/value.ts';
import { builtin } from './builtins.ts';
import type { Compiler } from './compiler.ts';
import type { Callable, Closure, Context, Expression, Frame } from './model.ts';
import { bind, fieldValue, packageMember, purePlace, withOwnReceiver } from './selectors.ts';
import { typeParameters } from './types.ts';

/** The arguments of a call, and whether the last one is spread. */
export interface Arguments {
  readonly values: readonly Value[];
  readonly isSpread: boolean;
}

type ArgumentReader = (frame: Frame) => Arguments;

/** Evaluates what is called and what it is given, and gives what calls it. */
export type PreparedCall = (frame: Frame) => () => Value;

function strip({ file: { view } }: Context, node: number): number {
  let at = node;
  while (view.is(at, 'parenthesized_expression')) at = view.children(at)[0] ?? -1;
  return at;
}

/** The nodes of arguments, without comments. */
export function argumentNodes({ file: { view } }: Context, call: number): readonly number[] {
  const list = view.child(call, 'arguments');
  return list < 0 ? [] : view.children(list).filter((node) => !view.is(node, 'comment'));
}

function readArguments(c: Compiler, at: Context, nodes: readonly number[]): ArgumentReader {
  const { view } = at.file;
  const last = nodes.at(-1) ?? -1;
  const isSpread = view.is(last, 'variadic_argument');
  const parts = nodes.map((node) =>
    c.expression(at, view.is(node, 'variadic_argument') ? (view.children(node)[0] ?? -1) : node),
  );
  return (frame) => {
    const values = parts.map((part) => part(frame));
    const [only] = values;
    // f(g()), where g has several results.
    if (values.length === 1 && only instanceof Tuple)
      return { values: only.values, isSpread: false };
    return { values, isSpread };
  };
}

/** A call, or a conversion that looks like one. */
export function callExpression(c: Compiler, at: Context, node: number): Expression {
  const { view } = at.file;
  const callee = strip(at, view.child(node, 'function'));
  const nodes = argumentNodes(at, node);
  const type = c.typeNamedBy(at, callee);
  if (type !== undefined) return conversion(c, at, [type, nodes[0] ?? -1, node]);
  const made = builtinCall(c, at, node);
  if (made !== undefined) return made;
  return atOnce(callOf(c, at, [callee, readArguments(c, at, nodes), node]));
}

const atOnce =
  (prepared: PreparedCall): Expression =>
  (frame) =>
    prepared(frame)();

/** A call of a predeclared function. */
function builtinCall(c: Compiler, at: Context, node: number): Expression | undefined {
  const { view } = at.file;
  const callee = strip(at, view.child(node, 'function'));
  if (!view.is(callee, 'identifier')) return undefined;
  const name = view.textOf(callee);
  if (c.meaningOf(at, name) !== undefined) return undefined;
  return builtin(c, at, [name, argumentNodes(at, node), node]);
}

/** A call for later: what it is given is evaluated now. Undefined for what is no call of a function. */
export function laterCall(c: Compiler, at: Context, node: number): PreparedCall | undefined {
  const { view } = at.file;
  if (!view.is(node, 'call_expression')) return undefined;
  const callee = strip(at, view.child(node, 'function'));
  if (c.typeNamedBy(at, callee) !== undefined) return undefined;
  // Whatever the module does not declare is predeclared.
  if (view.is(callee, 'identifier') && c.meaningOf(at, view.textOf(callee)) === undefined)
    return undefined;
  const args = readArguments(c, at, argumentNodes(at, node));
  const copied: ArgumentReader = (frame) => {
    const { values, isSpread } = args(frame);
    return { values: values.map((value) => copyOf(c.m, value)), isSpread };
  };
  return callOf(c, at, [callee, copied, node], withOwnReceiver);
}

/** `T(x)`. */
function conversion(
  c: Compiler,
  at: Context,
  [type, node, whole]: readonly [Type, number, number],
): Expression {
  const value = c.expression(at, node);
  const site = c.siteOf(at, whole);
  return (frame) => convertTo(c.m, type, value(frame), site);
}

/** What the parser takes for a conversion: `[]byte(x)`, `(T)(x)`, but also `F[int](x)`. */
export function conversionExpression(c: Compiler, at: Context, node: number): Expression {
  const { view } = at.file;
  const named = view.child(node, 'type');
  const operand = view.child(node, 'operand');
  const type = c.typeNamedBy(at, named);
  if (type !== undefined) return conversion(c, at, [type, operand, node]);
  const args = readArguments(c, at, [operand]);
  if (!view.is(named, 'generic_type')) return atOnce(callOf(c, at, [named, args, node]));
  const types = view.children(view.child(named, 'type_arguments')).map((one) => c.typeOf(at, one));
  const fn = instantiated(c.expression(at, view.child(named, 'type')), types);
  const site = c.siteOf(at, node);
  return (frame) => {
    const target = fn(frame);
    return callValue(c, frame, { target, given: args(frame), site });
  };
}

type CallParts = readonly [callee: number, args: ArgumentReader, call: number];

/** What is done with a method and its receiver before its call. */
type Keep = (c: Compiler, bound: Value) => Value;

function callOf(
  c: Compiler,
  at: Context,
  [callee, args, call]: CallParts,
  keep: Keep = (_, bound) => bound,
): PreparedCall {
  const { view } = at.file;
  const site = c.siteOf(at, call);
  const isSelector = view.is(callee, 'selector_expression') || view.is(callee, 'qualified_type');
  const member = isSelector ? packageMember(c, at, callee) : undefined;
  if (member !== undefined && !c.packages.has(member.path))
    return libraryCall(c, { name: `${member.path}.${member.name}`, args, site });
  const operand = view.child(callee, 'operand');
  if (isSelector && member === undefined && c.typeNamedBy(at, operand) === undefined)
    return methodCall(c, at, [callee, args, call], keep);
  const fn = c.expression(at, callee);
  return (frame) => {
    const target = fn(frame);
    const given = args(frame);
    return () => callValue(c, frame, { target, given, site });
  };
}

/** Whether a value has a method of the module that printing it calls. */
function speaks(c: Compiler, value: Value): boolean {
  if (value === UNKNOWN) return false;
  return ['Format', 'Error', 'String', 'GoString'].some(
    (name) => c.methodOf(value.t, name)?.code !== undefined,
  );
}

function libraryCall(
  c: Compiler,
  {
    name,
    args,
    site,
  }: { readonly name: string; readonly args: ArgumentReader; readonly site: Site },
): PreparedCall {
  const run = c.library.native(name);
  const callable = run && ({ kind: 'native', name, run } satisfies Callable);
  const isHarmless = c.library.isHarmless(name);
  return (frame) => {
    const given = args(frame);
    if (callable !== undefined) {
      return () => {
        const values = spreadOut(c, given);
        return values === undefined ? UNKNOWN : c.call(callable, values, site);
      };
    }
    return () => {
      c.observe.outsideCall(c.m, name, [given.values, site]);
      c.m.opaque++;
      c.opaque(frame, isHarmless ? given.values.filter((one) => speaks(c, one)) : given.values);
      return UNKNOWN;
    };
  };
}

function methodCall(
  c: Compiler,
  at: Context,
  [callee, args, call]: CallParts,
  keep: Keep,
): PreparedCall {
  const { view } = at.file;
  const operandNode = view.child(callee, 'operand');
  const name = view.textOf(view.child(callee, 'field'));
  const operand = c.expression(at, operandNode);
  const place = purePlace(c, at, operandNode);
  const site = c.siteOf(at, call);
  return (frame) => {
    const value = operand(frame);
    const method = value === UNKNOWN ? undefined : c.methodOf(value.t, name);
    if (method === undefined) {
      const target = value === UNKNOWN ? UNKNOWN : (fieldValue(frame, value, name) ?? UNKNOWN);
      const given = args(frame);
      return () => callValue(c, frame, { target, given, site, receiver: value });
    }
    const target = keep(c, bind(frame, [value, place?.(frame)], method));
    const given = args(frame);
    return () => callValue(c, frame, { target, given, site, receiver: value });
  };
}

/** Calls whatever a value is. */
export function callValue(
  c: Compiler,
  frame: Frame,
  call: {
    readonly target: Value;
    readonly given: Arguments;
    readonly site: Site;
    readonly receiver?: Value;
  },
): Value {
  const { target, given, site, receiver } = call;
  const callable = target === UNKNOWN ? undefined : callableOf(target);
  if (callable === undefined) {
    c.m.opaque++;
    c.opaque(frame, receiver === undefined ? given.values : [receiver, ...given.values]);
    return UNKNOWN;
  }
  if (callable.kind === 'native') {
    const values = spreadOut(c, given);
    return values === undefined ? UNKNOWN : c.call(callable, values, site);
  }
  return c.call(callable, bindVariadic(c, callable, given), site);
}

/** The arguments of a library function, one by one; undefined where their number is not known. */
function spreadOut(c: Compiler, { values, isSpread }: Arguments): readonly Value[] | undefined {
  if (!isSpread) return values;
  const last = values.at(-1) ?? UNKNOWN;
  if (last.v === null) return values.slice(0, -1);
  const slice = asSlice(last.v);
  if (slice === null || slice === undefined || !('items' in slice)) return undefined;
  // append and others take bytes as they are.
  c.m.step(slice.length);
  const rest = Array.from(
    { length: slice.length },
    (_, i) => c.m.get(slice.items, slice.offset + i) ?? UNKNOWN,
  );
  return [...values.slice(0, -1), ...rest];
}

/** What the parameters get: the last ones of a variadic function in a slice. */
function bindVariadic(
  c: Compiler,
  { code, instance }: Closure,
  { values, isSpread }: Arguments,
): readonly Value[] {
  const { parameters, isVariadic } = code.type;
  if (!isVariadic || isSpread) return values;
  const fixed = parameters.length - 1;
  const last = parameters[fixed];
  if (last?.kind !== 'slice') return values;
  if (values.length <= fixed) return [...values, new Value(last, null)];
  const rest = values.slice(fixed).map((value) => asArgument(c, last.element, value, instance));
  if (!c.m.hasRoom(rest.length)) return [...values.slice(0, fixed), UNKNOWN];
  return [...values.slice(0, fixed), sliceOf(last, new Items(rest, last.element, c.m.epoch))];
}

/** A function with the types that `F[T]` says. */
export function instantiated(fn: Expression, types: readonly Type[]): Expression {
  const [only = PARAMETER] = types;
  return (frame) => {
    const value = fn(frame);
    const callable = value === UNKNOWN ? undefined : callableOf(value);
    if (callable?.kind !== 'closure') return value;
    // Of several parameters, which one is meant is not looked at.
    const { file, node } = callable.code;
    const isOne = typeParameters({ file }, node).length === 1;
    return new Value(value.t, { ...callable, instance: isOne ? only : PARAMETER });
  };
}

/** A value as an argument of any type holds it; `instance` is what a type parameter stands for. */
export function asArgument(c: Compiler, type: Type, value: Value, instance?: Type): Value {
  if (type === PARAMETER && value !== UNKNOWN) return assignTo(c.m, instance ?? type, value);
  if (value === UNKNOWN || type !== ANY) return assignTo(c.m, type, value);
  return assignTo(c.m, defaultType(value.t), value);
}
