import { assignTo, copyOf } from '../run/convert.ts';
import { Box } from '../run/stores.ts';
import { ANY, defaultType, NIL_TYPE, type Type } from '../run/types.ts';
import { resultAt, UNKNOWN, type Value } from '../run/value.ts';
import { ON } from '../run/writes.ts';
import type { Compiler } from './compiler.ts';
import { commaOk } from './expressions.ts';
import type { Context, Frame, Statement } from './model.ts';

/** The nodes of a list of expressions, or the one expression, without comments. */
export function listOf({ file: { view } }: Context, node: number): readonly number[] {
  if (node < 0) return [];
  if (!view.is(node, 'expression_list')) return [node];
  return view.children(node).filter((one) => !view.is(one, 'comment'));
}

/** Evaluates a list of expressions for so many places. */
export function valuesFor(
  c: Compiler,
  at: Context,
  [node, count]: readonly [number, number],
): (frame: Frame) => readonly Value[] {
  const nodes = listOf(at, node);
  const [only = -1] = nodes;
  if (nodes.length === 1 && count > 1) {
    const several = commaOk(c, at, only) ?? c.expression(at, only);
    return (frame) => {
      const value = several(frame);
      return Array.from({ length: count }, (_, i) => resultAt(value, i));
    };
  }
  const parts = nodes.map((one) => c.expression(at, one));
  if (parts.length === 1) return (frame) => parts.map((part) => part(frame));
  // a, b = b, a: what one assignment writes is none of what the others put.
  return (frame) => parts.map((part) => copyOf(c.m, part(frame)));
}

/** Declares a variable: its box is new whenever the declaration runs. */
export function declare(
  frame: Frame,
  slot: number,
  [type, value]: readonly [Type | undefined, Value],
): void {
  const { m } = frame;
  const given =
    type === undefined
      ? assignTo(m, value === UNKNOWN ? ANY : defaultType(value.t), value)
      : assignTo(m, type, value);
  frame.boxes[slot] = new Box(given, m.epoch, type ?? inferredType(given));
}

/**
 * The type of a variable that is declared with a value alone: what is in it may stand for an interface,
 * and another kind of value come after it.
 */
export function inferredType({ t }: Value): Type {
  return t.kind === 'basic' && t !== NIL_TYPE ? t : ANY;
}

/** Runs statements one after the other. */
export function sequence(statements: readonly Statement[]): Statement {
  return (frame) => {
    for (const statement of statements) {
      frame.m.step();
      const ending = statement(frame);
      if (ending !== ON) return ending;
    }
    return ON;
  };
}

/** The statements of a block in a scope of their own. */
export function blockOf(c: Compiler, at: Context, node: number): Statement {
  if (node < 0) return () => ON;
  at.scope.open();
  const block = sequence(statementsIn(c, at, node));
  at.scope.close();
  return block;
}

/** The statements below a node. */
export function statementsIn(c: Compiler, at: Context, node: number): readonly Statement[] {
  const { view } = at.file;
  return view.children(node).flatMap((part) => {
    if (view.is(part, 'comment')) return [];
    return view.is(part, 'statement_list') ? statementsIn(c, at, part) : [c.statement(at, part)];
  });
}

/** Shows the constants of a declaration; a spec without a value repeats the one before. */
export function eachConstant(
  at: Context,
  declaration: number,
  show: (name: string, read: (c: Compiler, at: Context) => Value) => void,
): void {
  const { view } = at.file;
  let type = -1;
  let values: readonly number[] = [];
  const specs = view.children(declaration).filter((part) => view.is(part, 'const_spec'));
  for (const [iota, spec] of specs.entries()) {
    const own = view.child(spec, 'value');
    if (own >= 0) {
      type = view.child(spec, 'type');
      values = listOf(at, own);
    }
    const [typeNode, nodes] = [type, values];
    view.children(spec, 'name').forEach((name, i) => {
      show(view.textOf(name), (c, where) => {
        const inner: Context = { ...where, iota };
        const value = c.constant(inner, nodes[i] ?? -1);
        return typeNode < 0 ? value : assignTo(c.m, c.typeOf(inner, typeNode), value);
      });
    });
  }
}
