import type { Grammar, KindName } from '../scope/tree-view.ts';
import type { Result } from '../types/model.ts';
import {
  BOOL,
  basicType,
  coreOf,
  INT,
  isCarrier,
  pointedTo,
  pointerTo,
  STRING,
  sequenceOf,
} from '../types/types.ts';
import { assertType } from './assertions.ts';
import { convert, evaluateCall } from './calls.ts';
import type { Checker, Scope } from './checker.ts';
import { elementOf, isForeign, NOTHING, plain, selectorValue, valueFor } from './expressions.ts';
import { linkParameter } from './generics.ts';
import { compositeLiteral, functionLiteral } from './literals.ts';

type Reader = (scope: Scope, node: number) => Result;

const NIL = basicType('nil');
const FLOAT = basicType('float64');
const RUNE = basicType('rune');
const MOST_PARENTHESES = 40;
const COMPARES = new Set(['==', '!=', '<', '>', '<=', '>=', '&&', '||']);

/** Whoever has the address of a function or an interface can read it and put another in. */
function addressOf(c: Checker, value: Result): Result {
  const { type, slot } = value;
  if (type === undefined) return value;
  if (isCarrier(type) && slot !== undefined) {
    c.flow.edge(slot, c.flow.element(type));
    c.flow.edge(c.flow.element(type), slot);
  }
  return plain(pointerTo(type));
}

function pointee(c: Checker, value: Result): Result {
  if (value.type === undefined) return value;
  const type = pointedTo(value.type);
  return elementOf(c, type);
}

/** The readers of expressions, by the number of their kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers.
export function createExpressions(c: Checker, grammar: Grammar): readonly (Reader | undefined)[] {
  const readers: (Reader | undefined)[] = [];
  const on = (kind: KindName, reader: Reader) => {
    readers[grammar.kind[kind]] = reader;
  };

  const first = (scope: Scope, node: number) => scope.at.file.view.children(node)[0] ?? -1;

  const unary: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const value = c.evaluate(scope, view.child(node, 'operand'));
    switch (view.textOf(view.child(node, 'operator'))) {
      case '&':
        return addressOf(c, value);
      case '*':
        return pointee(c, value);
      case '<-': {
        const under = coreOf(value.type);
        return under?.kind === 'chan' ? elementOf(c, under.element) : NOTHING;
      }
      case '!':
        return plain(BOOL);
      default:
        return value;
    }
  };

  /** Iterative to the left: sums of thousands of strings are common in generated code. */
  const binary: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const right: number[] = [];
    let at = node;
    while (view.is(at, 'binary_expression')) {
      right.push(view.child(at, 'right'));
      at = view.child(at, 'left');
    }
    const left = c.evaluate(scope, at);
    let type = left.type;
    for (const operand of right.reverse()) {
      const value = c.evaluate(scope, operand);
      // The type of a constant gives way to that of the other side.
      if (type === undefined || type === INT || type === STRING) type = value.type ?? type;
    }
    const sign = view.textOf(view.child(node, 'operator'));
    return plain(COMPARES.has(sign) ? BOOL : type);
  };

  /** An instance of a generic function, as a value. */
  function instantiated(scope: Scope, value: Result, args: readonly number[]): Result {
    for (const { fn } of value.slot?.has?.values() ?? [])
      fn?.typeParameters.forEach((parameter, i) => {
        linkParameter(c, parameter, c.types.typeOf(scope, args[i] ?? -1));
      });
    return value;
  }

  const index: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const [operand = -1, ...rest] = view.children(node);
    const value = c.evaluate(scope, operand);
    const under = coreOf(pointedTo(value.type));
    // An instance of a generic function.
    if (under?.kind === 'func') return instantiated(scope, value, rest);
    for (const part of rest) c.evaluate(scope, part);
    if (under?.kind === 'basic') return plain(basicType('byte'));
    if (isForeign(value.type)) return plain(pointedTo(value.type));
    return under !== undefined && 'element' in under ? elementOf(c, under.element) : NOTHING;
  };

  const slice: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const [operand = -1, ...rest] = view.children(node);
    const value = c.evaluate(scope, operand);
    for (const part of rest) c.evaluate(scope, part);
    const under = coreOf(pointedTo(value.type));
    return under?.kind === 'array' ? plain(sequenceOf('slice', under.element)) : value;
  };

  /** The name of a type in parentheses, and the type arguments behind it. */
  function nameIn(scope: Scope, type: number) {
    const { view } = scope.at.file;
    let name = type;
    for (let i = 0; i < MOST_PARENTHESES && view.is(name, 'parenthesized_type'); i++)
      name = first(scope, name);
    const isGeneric = view.is(name, 'generic_type');
    const list = isGeneric ? view.child(name, 'type_arguments') : -1;
    const base = isGeneric ? view.child(name, 'type') : name;
    return { base, typeArguments: list < 0 ? [] : view.children(list) };
  }

  /** `T[A](x)` and `(T)(x)` parse as conversions; what looks like a type may be a function. */
  const conversion: Reader = (scope, node) => {
    const { view } = scope.at.file;
    const typeNode = view.child(node, 'type');
    const operand = view.child(node, 'operand');
    const { base, typeArguments } = nameIn(scope, typeNode);
    const isName = view.is(base, 'type_identifier') || view.is(base, 'qualified_type');
    if (isName && c.types.typeNamedBy(scope, base) === undefined)
      return c.callNamed(scope, base, { args: [operand], typeArguments });
    const type = c.types.typeOf(scope, typeNode);
    if (type !== undefined) return convert(c, scope, [type, operand]);
    c.evaluate(scope, operand);
    return NOTHING;
  };

  const instance: Reader = (scope, node) => {
    const [operand = -1, ...rest] = scope.at.file.view.children(node);
    return operand < 0 ? NOTHING : instantiated(scope, c.evaluate(scope, operand), rest);
  };

  const name: Reader = (scope, node) => {
    const declared = c.types.lookup(scope, scope.at.file.view.textOf(node));
    return declared === undefined ? NOTHING : valueFor(c, scope, declared, node);
  };

  on('identifier', name);
  on('selector_expression', (scope, node) => selectorValue(c, scope, node));
  on('call_expression', (scope, node) => evaluateCall(c, scope, node));
  on('type_conversion_expression', conversion);
  on('parenthesized_expression', (scope, node) => c.evaluate(scope, first(scope, node)));
  on('unary_expression', unary);
  on('binary_expression', binary);
  on('index_expression', index);
  on('slice_expression', slice);
  on('type_instantiation_expression', instance);
  on('type_assertion_expression', (scope, node) => {
    const { view } = scope.at.file;
    const value = c.evaluate(scope, view.child(node, 'operand'));
    return assertType(c, value, c.types.typeOf(scope, view.child(node, 'type')));
  });
  on('composite_literal', (scope, node) => compositeLiteral(c, scope, node));
  on('func_literal', (scope, node) => functionLiteral(c, scope, node));
  on('int_literal', () => plain(INT));
  on('float_literal', () => plain(FLOAT));
  on('imaginary_literal', () => plain(basicType('complex128')));
  on('rune_literal', () => plain(RUNE));
  on('interpreted_string_literal', () => plain(STRING));
  on('raw_string_literal', () => plain(STRING));
  on('true', () => plain(BOOL));
  on('false', () => plain(BOOL));
  on('nil', () => plain(NIL));
  on('iota', () => plain(INT));
  return readers;
}
