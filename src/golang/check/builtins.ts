import type { Result } from '../types/model.ts';
import { ANY, coreOf, INT, isCarrier, pointerTo } from '../types/types.ts';
import { argumentsOf } from './arguments.ts';
import type { Checker, Scope } from './checker.ts';
import { callOutside } from './dispatch.ts';
import { siteOf } from './edges.ts';
import { NOTHING, plain, valueFor } from './expressions.ts';

/** A call of a name that nothing declares: a function of the language. */
export function callBuiltin(
  c: Checker,
  scope: Scope,
  [name, callee]: readonly [string, number],
  nodes: readonly number[],
): Result {
  const [first = -1, ...rest] = nodes;
  if (name === 'new' || name === 'make') {
    const named = c.types.typeNamedBy(scope, first);
    const value = named === undefined ? valueAt(c, scope, first) : plain(named);
    const { type } = value;
    // Since Go 1.26 what is new may begin as a value.
    if (isCarrier(type)) c.give(c.flow.element(type), type, value);
    for (const node of rest) c.evaluate(scope, node);
    return plain(name === 'new' ? pointerTo(type) : type);
  }
  const args = argumentsOf(c, scope, nodes);
  switch (name) {
    case 'append':
      return append(c, args);
    case 'panic':
      c.give(c.flow.panics, ANY, args[0]);
      return NOTHING;
    case 'recover':
      return { type: ANY, slot: c.flow.panics };
    case 'min':
    case 'max':
      return args[0] ?? NOTHING;
    default:
      if (!BUILTINS.has(name)) callDots(c, scope, [name, callee], args);
      return plain(INT);
  }
}

/** A value where the parser expected a type. */
function valueAt(c: Checker, scope: Scope, node: number): Result {
  const { is, textOf } = scope.at.file.view;
  if (!is(node, 'type_identifier')) return c.evaluate(scope, node);
  const declared = c.types.lookup(scope, textOf(node));
  return declared === undefined ? NOTHING : valueFor(c, scope, declared, node);
}

function append(c: Checker, [list = NOTHING, ...added]: readonly Result[]): Result {
  const under = coreOf(list.type);
  const element = under?.kind === 'slice' ? under.element : undefined;
  for (const value of added)
    if (value.isSpread !== true) c.give(c.flow.element(element), element, value);
  return list;
}

const BUILTINS = new Set(
  'cap clear close complex copy delete imag len print println real'.split(' '),
);

/** A name that nothing declares may come from a dot import of a module that was not given. */
function callDots(
  c: Checker,
  scope: Scope,
  [symbol, at]: readonly [string, number],
  args: readonly Result[],
): void {
  for (const path of scope.at.dots) {
    if (c.packages.has(path)) continue;
    const callee = { path, symbol, signature: undefined, owner: undefined };
    callOutside(c, scope.fn, callee, { args, results: [], site: siteOf(scope, at) });
  }
}
