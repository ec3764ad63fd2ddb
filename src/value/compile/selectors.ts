import { STARTERS } from '../commands.ts';
import { copyOf } from '../run/convert.ts';
import { GoPanic } from '../run/errors.ts';
import { asReference, Items, type Reference } from '../run/stores.ts';
import { ANY, ANY_FUNC, type StructType, type Type, under } from '../run/types.ts';
import { UNKNOWN, Value } from '../run/value.ts';
import type { Compiler, FoundMethod } from './compiler.ts';
import type {
  Callable,
  Context,
  Expression,
  Frame,
  Native,
  Place,
  PlaceExpression,
} from './model.ts';

const DEEPEST = 6;

/** The struct that a type is, or points to. */
function structOf(type: Type): StructType | undefined {
  const below = under(type);
  const target = below.kind === 'pointer' ? under(below.element) : below;
  return target.kind === 'struct' ? target : undefined;
}

/** The fields that lead to a field of that name, embedded ones on the way; shallowest first. */
export function pathToField(type: Type, name: string): readonly number[] | undefined {
  let level: { readonly type: StructType; readonly path: readonly number[] }[] = [];
  const start = structOf(type);
  if (start !== undefined) level.push({ type: start, path: [] });
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { type: struct, path } of level) {
      const place = struct.places.get(name);
      if (place !== undefined) return [...path, place];
      struct.fields.forEach((field, i) => {
        const inner = field.isEmbedded ? structOf(field.type) : undefined;
        if (inner !== undefined) next.push({ type: inner, path: [...path, i] });
      });
    }
    level = next;
  }
  return undefined;
}

/** The struct's fields as a store: of the value itself or of what it points to. */
export function fieldsOf({ m }: Frame, value: Value): Items | undefined {
  if (value === UNKNOWN || value.v === undefined) return undefined;
  if (value.v instanceof Items) return value.v;
  if (value.v === null) throw new GoPanic('nil pointer');
  if (typeof value.v !== 'object' || !('store' in value.v)) return undefined;
  const { store, key } = value.v as Reference;
  const target = m.get(store, key);
  return target?.v instanceof Items ? target.v : undefined;
}

/** The place of a field, through embedded fields. */
export function fieldPlace(frame: Frame, value: Value, path: readonly number[]): Place | undefined {
  let at = value;
  for (const [i, key] of path.entries()) {
    const type = structOf(at.t);
    const store = fieldsOf(frame, at);
    if (store === undefined) return undefined;
    if (i === path.length - 1) return { store, key, type: type?.fields[key]?.type ?? ANY };
    at = frame.m.get(store, key) ?? UNKNOWN;
  }
  return undefined;
}

/** A method of a package `path.F`, or a value of one. */
export function packageMember(
  c: Compiler,
  at: Context,
  node: number,
): { readonly path: string; readonly name: string } | undefined {
  const { view } = at.file;
  const operand = view.child(node, 'operand');
  if (!view.is(operand, 'identifier')) return undefined;
  const meaning = c.meaningOf(at, view.textOf(operand));
  if (meaning?.kind !== 'package') return undefined;
  return { path: meaning.path, name: view.textOf(view.child(node, 'field')) };
}

/** `x.f` as a value: a member of a package, a field, or a method. */
export function selector(c: Compiler, at: Context, node: number): Expression {
  const { view } = at.file;
  const member = packageMember(c, at, node);
  if (member !== undefined) return memberValue(c, member);
  const name = view.textOf(view.child(node, 'field'));
  const operandNode = view.child(node, 'operand');
  const type = c.typeNamedBy(at, operandNode);
  if (type !== undefined) return methodExpression(c, type, name);
  const operand = c.expression(at, operandNode);
  const place = purePlace(c, at, operandNode);
  return (frame) => {
    const value = operand(frame);
    if (value === UNKNOWN) return UNKNOWN;
    const field = fieldValue(frame, value, name);
    if (field !== undefined) return field;
    const method = c.methodOf(value.t, name);
    if (method === undefined) return UNKNOWN;
    return withOwnReceiver(c, bind(frame, [value, place?.(frame)], method));
  };
}

/** A method value keeps its receiver as it was. */
export function withOwnReceiver({ m }: Compiler, bound: Value): Value {
  const callable = bound === UNKNOWN ? undefined : (bound.v as Callable);
  if (!(callable?.receiver?.v instanceof Items)) return bound;
  return new Value(bound.t, { ...callable, receiver: copyOf(m, callable.receiver) });
}

/** The value of a field, through embedded ones; undefined where the type has none of that name. */
export function fieldValue(frame: Frame, value: Value, name: string): Value | undefined {
  const path = pathToField(value.t, name);
  if (path === undefined) return undefined;
  const field = fieldPlace(frame, value, path);
  return field === undefined ? UNKNOWN : (frame.m.get(field.store, field.key) ?? UNKNOWN);
}

/** The place of an expression that can be evaluated twice: one without calls. */
export function purePlace(c: Compiler, at: Context, node: number): PlaceExpression | undefined {
  const { tree } = at.file.view;
  const { call_expression: call, type_conversion_expression: conversion } = c.grammar.kind;
  for (let i = node; i < (tree.skip[node] ?? 0); i++)
    if (tree.kind[i] === call || tree.kind[i] === conversion) return undefined;
  return c.place(at, node);
}

/** A function that is not followed, as a value: its calls are seen all the same. */
function observed(c: Compiler, name: string): Native {
  return (context, args) => {
    c.observe.outsideCall(c.m, name, [args, context.site]);
    c.m.opaque++;
    return UNKNOWN;
  };
}

function memberValue(
  c: Compiler,
  { path, name }: { readonly path: string; readonly name: string },
): Expression {
  const home = c.packages.get(path);
  if (home === undefined) {
    const value = c.library.value(path, name);
    if (value !== undefined) return () => value;
    const full = `${path}.${name}`;
    const run = c.library.native(full) ?? (STARTERS.has(full) ? observed(c, full) : undefined);
    if (run === undefined) return () => UNKNOWN;
    const native = new Value(ANY_FUNC, { kind: 'native', name: `${path}.${name}`, run });
    return () => native;
  }
  const meaning = c.declarationIn(undefined, home, name);
  switch (meaning?.kind) {
    case 'constant':
      return typeof meaning.value === 'function' ? meaning.value : () => UNKNOWN;
    case 'variable': {
      if (!('box' in meaning)) return () => UNKNOWN;
      return () => {
        meaning.initialise();
        return c.m.get(meaning.box, 0) ?? UNKNOWN;
      };
    }
    case 'function': {
      const value = new Value(meaning.code.type, {
        kind: 'closure',
        code: meaning.code,
        captured: [],
      });
      return () => value;
    }
    default:
      return () => UNKNOWN;
  }
}

/** `T.M` and `(*T).M`: a function whose first argument is the receiver. */
function methodExpression(c: Compiler, type: Type, name: string): Expression {
  const found = c.methodOf(type, name);
  const code = found?.code?.code;
  if (code === undefined || (found?.through.length ?? 0) > 0) return () => UNKNOWN;
  const run: Native = (context, [receiver = UNKNOWN, ...rest]) =>
    context.call(new Value(code.type, { kind: 'closure', code, captured: [], receiver }), rest);
  const value = new Value(ANY_FUNC, { kind: 'native', name, run } satisfies Callable);
  return () => value;
}

/** A method with its receiver: `x.M` as a value, or about to be called. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
export function bind(
  frame: Frame,
  [value, place]: readonly [Value, Place | undefined],
  method: FoundMethod,
): Value {
  const { through, code, native } = method;
  const { m } = frame;
  let receiver = value;
  let at = place;
  if (through.length > 0) {
    at = fieldPlace(frame, value, through);
    receiver = at === undefined ? UNKNOWN : (m.get(at.store, at.key) ?? UNKNOWN);
  }
  if (receiver === UNKNOWN && at === undefined) return UNKNOWN;
  const isPointer = under(receiver.t).kind === 'pointer';
  const wantsPointer = code === undefined ? true : code.isPointer;
  if (wantsPointer && !isPointer) {
    if (at !== undefined) {
      const { store, key } = at;
      receiver = new Value({ kind: 'pointer', element: receiver.t }, { store, key });
    } else if (code !== undefined) return UNKNOWN;
  } else if (!wantsPointer && isPointer && receiver !== UNKNOWN) {
    if (receiver.v === null) throw new GoPanic('nil pointer');
    const target = asReference(receiver.v);
    receiver = target ? (m.get(target.store, target.key) ?? UNKNOWN) : UNKNOWN;
  }
  if (code !== undefined)
    return new Value(code.code.type, { kind: 'closure', code: code.code, captured: [], receiver });
  return native?.run === undefined
    ? UNKNOWN
    : new Value(ANY_FUNC, { kind: 'native', name: native.name, run: native.run, receiver });
}
