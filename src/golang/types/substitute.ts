import type { Field, Func, Interface, Struct, Type, TypeParameter } from './model.ts';
import { funcType, mapOf, pointerTo, sequenceOf, underlyingOf } from './types.ts';

/** What type parameters stand for. Those of the standard library are told by their index. */
export type Substitution = ReadonlyMap<TypeParameter | number, Type | undefined>;

const DEEPEST = 12;
/** Types made of types made of types, each several times, would have no end. */
const MOST_STEPS = 1000;

function keyOf(parameter: TypeParameter): TypeParameter | number {
  return parameter.index >= 0 ? parameter.index : parameter;
}

/** The type with its parameters replaced; itself when it has none. */
export function substitute(type: Type | undefined, map: Substitution, depth = 0): Type | undefined {
  if (type === undefined || map.size === 0 || depth > DEEPEST) return type;
  const inner = (part: Type | undefined) => substitute(part, map, depth + 1);
  switch (type.kind) {
    case 'parameter': {
      const key = keyOf(type);
      return map.has(key) ? map.get(key) : type;
    }
    case 'pointer': {
      const element = inner(type.element);
      return element === type.element ? type : pointerTo(element);
    }
    case 'slice':
    case 'array':
    case 'chan': {
      const element = inner(type.element);
      return element === type.element ? type : sequenceOf(type.kind, element);
    }
    case 'map':
      return mapOf(inner(type.key), inner(type.element));
    case 'func':
      return funcType(type.parameters.map(inner), type.results.map(inner), type.isVariadic);
    case 'named':
      return type.arguments.length === 0 ? type : type.instantiate(type.arguments.map(inner));
    case 'tuple':
      return { kind: 'tuple', types: type.types.map(inner) };
    case 'struct':
    case 'interface':
    case 'basic':
      return type;
  }
}

/** A signature with its type parameters replaced. */
export function substituteFunc(func: Func, map: Substitution): Func {
  if (map.size === 0) return func;
  const inner = (part: Type | undefined) => substitute(part, map);
  return funcType(func.parameters.map(inner), func.results.map(inner), func.isVariadic);
}

/** The underlying type of an instance: fields keep the slots of the generic type. */
export function substituteUnderlying(under: Type | undefined, map: Substitution): Type | undefined {
  if (under?.kind === 'struct') return substituteFields(under, map);
  if (under?.kind === 'interface') return substituteMethods(under, map);
  return substitute(under, map);
}

function substituteFields(struct: Struct, map: Substitution): Struct {
  const fields = new Map<string, Field>();
  for (const [name, field] of struct.fields) {
    fields.set(name, {
      get type() {
        return substitute(field.type, map);
      },
      isEmbedded: field.isEmbedded,
      get slot() {
        return field.slot;
      },
      set slot(slot) {
        field.slot = slot;
      },
    });
  }
  return { kind: 'struct', fields };
}

function substituteMethods(type: Interface, map: Substitution): Interface {
  const methods = new Map<string, Func>();
  for (const [name, func] of type.methods) methods.set(name, substituteFunc(func, map));
  const embedded = type.embedded.flatMap((part) => substitute(part, map) ?? []);
  return { kind: 'interface', methods, embedded };
}

/** What was found of type parameters. */
export type Inferred = Map<TypeParameter | number, Type | undefined>;

/** Finds what type parameters stand for by laying a parameter's type on an argument's. */
export function infer(
  parameter: Type | undefined,
  argument: Type | undefined,
  found: Inferred,
): void {
  const work = [[parameter, argument] as const];
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const pair = work.pop();
    if (pair === undefined) return;
    const [one, other] = pair;
    if (one === undefined || other === undefined) continue;
    for (const part of matchParts(one, other, found)) work.push(part);
  }
}

type Pair = readonly [Type | undefined, Type | undefined];

/** Matches one level; the answer is what lies below. */
function matchParts(parameter: Type, argument: Type, found: Inferred): readonly Pair[] {
  if (parameter.kind === 'parameter') {
    const key = keyOf(parameter);
    if (!found.has(key)) found.set(key, argument);
    return [];
  }
  if (parameter.kind === 'named') {
    if (argument.kind === 'named')
      return argument.origin === parameter.origin
        ? zip(parameter.arguments, argument.arguments)
        : [];
    // A literal of the shape that the name stands for.
    const under = parameter.arguments.length > 0 ? underlyingOf(parameter) : undefined;
    return under === undefined ? [] : matchShapes(under, argument);
  }
  const plain = argument.kind === 'named' ? underlyingOf(argument) : argument;
  return plain === undefined ? [] : matchShapes(parameter, plain);
}

function matchShapes(parameter: Type, plain: Type): readonly Pair[] {
  if (parameter.kind === 'func' && plain.kind === 'func')
    return [
      ...zip(parameter.parameters, plain.parameters),
      ...zip(parameter.results, plain.results),
    ];
  if (parameter.kind === 'map' && plain.kind === 'map')
    return [
      [parameter.key, plain.key],
      [parameter.element, plain.element],
    ];
  const isSame = plain.kind === parameter.kind && 'element' in parameter && 'element' in plain;
  return isSame ? [[parameter.element, plain.element]] : [];
}

function zip(
  parameters: readonly (Type | undefined)[],
  args: readonly (Type | undefined)[],
): readonly Pair[] {
  return parameters.map((parameter, i) => [parameter, args[i]] as const);
}
