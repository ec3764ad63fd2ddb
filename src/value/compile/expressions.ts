import type { KindName } from '#golang';
import { zeroOf } from '../run/convert.ts';
import { GoPanic } from '../run/errors.ts';
import { parseFraction, parseInteger } from '../run/numbers.ts';
import { computeBinary, computeShift, computeUnary, operatorAt } from '../run/operators.ts';
import { Box, type Reference } from '../run/stores.ts';
import {
  ANY,
  type Basic,
  UNTYPED_FLOAT,
  UNTYPED_INT,
  UNTYPED_RUNE,
  UNTYPED_STRING,
} from '../run/types.ts';
import { FALSE, NIL, TRUE, Tuple, UNKNOWN, Value } from '../run/value.ts';
import { ON } from '../run/writes.ts';
import { indexed, isOfType, lookUp, pointed, sliced, truth } from './access.ts';
import { instantiated } from './calls.ts';
import type { Compiler } from './compiler.ts';
import { hasNeedlessEscapes, runeOf, unquoteBytes } from './constants.ts';
import { compositeLiteral } from './literals.ts';
import type { Context, Expression, Frame } from './model.ts';
import { selector } from './selectors.ts';

type Reader = (at: Context, node: number) => Expression;
/** What an operator and its right operand make of the left one. */
type Link = (frame: Frame, left: Value) => Value;

export const unknown: Expression = () => UNKNOWN;
const always =
  (value: Value): Expression =>
  () =>
    value;

/** Runs both ways of a condition that is not known. */
function ifUnknown({ m }: Frame, way: () => void): void {
  m.fork([
    () => {
      way();
      return ON;
    },
    () => ON,
  ]);
}

/** The readers of expressions, by the number of their kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers.
export function createExpressions(c: Compiler): readonly (Reader | undefined)[] {
  const readers: (Reader | undefined)[] = [];
  const on = (kind: KindName, reader: Reader) => {
    readers[c.grammar.kind[kind]] = reader;
  };
  const { m } = c;

  const first = (at: Context, node: number) => at.file.view.children(node)[0] ?? -1;

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind.
  const name: Reader = (at, node) => {
    const text = at.file.view.textOf(node);
    const meaning = c.meaningOf(at, text);
    switch (meaning?.kind) {
      case 'variable': {
        if ('slot' in meaning) {
          const { slot } = meaning;
          return (frame) => {
            const box = frame.boxes[slot];
            return box === undefined ? UNKNOWN : (m.get(box, 0) ?? UNKNOWN);
          };
        }
        return () => {
          meaning.initialise();
          return m.get(meaning.box, 0) ?? UNKNOWN;
        };
      }
      case 'constant':
        return typeof meaning.value === 'function' ? meaning.value : always(meaning.value);
      case 'function': {
        const { code } = meaning;
        return always(new Value(code.type, { kind: 'closure', code, captured: [] }));
      }
      case undefined:
        if (text === 'true') return always(TRUE);
        if (text === 'false') return always(FALSE);
        return text === 'nil' ? always(NIL) : unknown;
      default:
        return unknown;
    }
  };

  const unary: Reader = (at, node) => {
    const { child, textOf } = at.file.view;
    const operandNode = child(node, 'operand');
    const sign = textOf(child(node, 'operator'));
    if (sign === '&') return addressOf(at, operandNode);
    const operand = c.expression(at, operandNode);
    if (sign === '*') return (frame) => pointed(frame, operand(frame));
    if (sign === '<-') {
      return (frame) => {
        operand(frame);
        return UNKNOWN;
      };
    }
    const operator = operatorAt(sign, c.siteOf(at, node));
    return (frame) => computeUnary(operator, operand(frame));
  };

  function addressOf(at: Context, node: number): Expression {
    const place = c.place(at, node);
    if (place !== undefined) {
      return (frame) => {
        const found = place(frame);
        if (found === undefined) return UNKNOWN;
        const { store, key, type } = found;
        const held = m.get(store, key);
        const element = type === ANY && held !== undefined ? held.t : type;
        if (held === UNKNOWN) return new Value({ kind: 'pointer', element }, { store, key });
        return new Value({ kind: 'pointer', element }, { store, key } satisfies Reference);
      };
    }
    const value = c.expression(at, node);
    return (frame) => {
      const made = value(frame);
      if (made === UNKNOWN) return UNKNOWN;
      const store = new Box(made, m.epoch);
      return new Value({ kind: 'pointer', element: made.t }, { store, key: 0 });
    };
  }

  /** Iterative to the left: sums of thousands of strings are common in generated code. */
  const binary: Reader = (at, node) => {
    const { view } = at.file;
    const links: Link[] = [];
    let left = node;
    while (view.is(left, 'binary_expression')) {
      const sign = view.textOf(view.child(left, 'operator'));
      links.push(linkOf(at, [sign, left, c.expression(at, view.child(left, 'right'))]));
      left = view.child(left, 'left');
    }
    const first = c.expression(at, left);
    links.reverse();
    const [only] = links;
    if (links.length === 1 && only !== undefined) return (frame) => only(frame, first(frame));
    return (frame) => {
      let value = first(frame);
      for (const link of links) value = link(frame, value);
      return value;
    };
  };

  function linkOf(at: Context, [sign, node, right]: readonly [string, number, Expression]): Link {
    if (sign === '&&' || sign === '||') return logical(right, sign === '&&');
    if (sign === '<<' || sign === '>>')
      return (frame, left) => computeShift(sign, left, right(frame));
    const operator = operatorAt(sign, c.siteOf(at, node));
    return (frame, left) => computeBinary(m, operator, left, right(frame));
  }

  function logical(right: Expression, isAnd: boolean): Link {
    return (frame, left) => {
      const isTrue = truth(left);
      if (isTrue !== undefined) return isTrue === isAnd ? right(frame) : left;
      let other = UNKNOWN;
      ifUnknown(frame, () => {
        other = right(frame);
      });
      // Whatever the left one is, this decides.
      return truth(other) === !isAnd ? other : UNKNOWN;
    };
  }

  const index: Reader = (at, node) => {
    const [operandNode = -1, indexNode = -1, ...more] = at.file.view.children(node);
    const operand = c.expression(at, operandNode);
    const type = c.typeNamedBy(at, indexNode);
    if (more.length > 0 || type !== undefined)
      return instantiated(operand, [type ?? ANY, ...more.map(() => ANY)]);
    const position = c.expression(at, indexNode);
    const site = c.siteOf(at, node);
    return (frame) => indexed(frame, operand(frame), position(frame), site);
  };

  const slice: Reader = (at, node) => {
    const { child } = at.file.view;
    const operand = c.expression(at, child(node, 'operand'));
    const bounds = (['start', 'end', 'capacity'] as const).map((field) => {
      const bound = child(node, field);
      return bound < 0 ? undefined : c.expression(at, bound);
    });
    return (frame) => {
      const value = operand(frame);
      return sliced(
        frame,
        value,
        bounds.map((bound) => bound?.(frame)),
      );
    };
  };

  const assertion: Reader = (at, node) => {
    const { child } = at.file.view;
    const operand = c.expression(at, child(node, 'operand'));
    const type = c.typeOf(at, child(node, 'type'));
    return (frame) => {
      const value = operand(frame);
      const is = isOfType(c, value, type);
      if (is === false) throw new GoPanic('interface conversion');
      return is === true ? value : UNKNOWN;
    };
  };

  const number = (type: Basic, value: unknown): Expression =>
    value === undefined ? unknown : always(new Value(type, value));

  const text: Reader = (at, node) => {
    const literal = at.file.view.textOf(node);
    const value = unquoteBytes(literal);
    if (value === undefined) return unknown;
    const how = hasNeedlessEscapes(literal)
      ? { operation: 'escape', site: c.siteOf(at, node), from: [] }
      : undefined;
    return always(new Value(UNTYPED_STRING, value, how));
  };

  on('identifier', name);
  on('unary_expression', unary);
  on('binary_expression', binary);
  on('index_expression', index);
  on('slice_expression', slice);
  on('type_assertion_expression', assertion);
  on('selector_expression', (at, node) => selector(c, at, node));
  on('composite_literal', (at, node) => compositeLiteral(c, at, node));
  on('func_literal', (at, node) => c.literal(at, node));
  on('parenthesized_expression', (at, node) => c.expression(at, first(at, node)));
  on('type_instantiation_expression', (at, node) => {
    const [fn = -1, ...types] = at.file.view.children(node);
    return instantiated(
      c.expression(at, fn),
      types.map((one) => c.typeOf(at, one)),
    );
  });
  on('int_literal', (at, node) => number(UNTYPED_INT, parseInteger(at.file.view.textOf(node))));
  on('float_literal', (at, node) =>
    number(UNTYPED_FLOAT, parseFraction(at.file.view.textOf(node))),
  );
  on('rune_literal', (at, node) => number(UNTYPED_RUNE, runeOf(at.file.view.textOf(node))));
  on('interpreted_string_literal', text);
  on('raw_string_literal', text);
  on('true', () => always(TRUE));
  on('false', () => always(FALSE));
  on('nil', () => always(NIL));
  on('iota', (at) => number(UNTYPED_INT, at.iota));
  return readers;
}

/** `v, ok := …` of a map, an assertion or a channel: both values; undefined for other expressions. */
export function commaOk(c: Compiler, at: Context, node: number): Expression | undefined {
  const { view } = at.file;
  if (view.is(node, 'parenthesized_expression'))
    return commaOk(c, at, view.children(node)[0] ?? -1);
  if (view.is(node, 'index_expression')) {
    const [operandNode = -1, indexNode = -1] = view.children(node);
    const operand = c.expression(at, operandNode);
    const position = c.expression(at, indexNode);
    return (frame) => {
      const map = operand(frame);
      const key = position(frame);
      return map === UNKNOWN ? UNKNOWN : new Tuple(lookUp(frame, map, key));
    };
  }
  if (!view.is(node, 'type_assertion_expression')) return undefined;
  const operand = c.expression(at, view.child(node, 'operand'));
  const type = c.typeOf(at, view.child(node, 'type'));
  return (frame) => {
    const value = operand(frame);
    const is = isOfType(c, value, type);
    if (is === undefined) return UNKNOWN;
    return new Tuple(is ? [value, TRUE] : [zeroOf(c.m, type), FALSE]);
  };
}
