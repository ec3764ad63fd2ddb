import type { Field, Fn, Named, Result, Type } from '../types/model.ts';
import { coreOf, pointedTo } from '../types/types.ts';
import { callKept } from './by-nature.ts';
import type { Checker, Scope } from './checker.ts';
import { addEdge, addOutside, siteOf } from './edges.ts';
import { functionValue, plain } from './expressions.ts';
import { fieldSlot } from './members.ts';
import { hasReflectValue, storesReflection } from './reflection.ts';

/** The value of `T{…}`. */
export function compositeLiteral(c: Checker, scope: Scope, node: number): Result {
  const { view } = scope.at.file;
  const type = c.types.typeOf(scope, view.child(node, 'type'));
  if (type?.kind === 'named' && type.home === 'standard') made(scope, type, node);
  fill(c, scope, [type, view.child(node, 'body')]);
  return plain(type);
}

/** A command that is made by hand is made to be run. */
function made(scope: Scope, { path, name }: Named, node: number): void {
  if (path !== 'os/exec' || name !== 'Cmd') return;
  const site = siteOf(scope, node);
  addOutside(scope.fn, { path, symbol: name, use: 'called', site, lends: ['EXEC'] });
}

type Place = readonly [type: Type | undefined, body: number];

function fill(c: Checker, scope: Scope, [type, body]: Place): void {
  const { view } = scope.at.file;
  const base = pointedTo(type);
  const under = coreOf(base);
  if (under?.kind === 'struct') {
    fillStruct(c, scope, [base as Type, under.fields, body]);
    return;
  }
  const element = under !== undefined && 'element' in under ? under.element : undefined;
  const key = under?.kind === 'map' ? under.key : undefined;
  for (const node of view.children(body)) {
    let value = node;
    if (view.is(node, 'keyed_element')) {
      const [left = -1, right = -1] = view.children(node);
      const kept = elementValue(c, scope, [key, left]);
      if (key !== undefined) c.give(c.flow.element(key), key, kept);
      value = right;
    }
    c.give(c.flow.element(element), element, elementValue(c, scope, [element, value]));
  }
}

function fillStruct(
  c: Checker,
  scope: Scope,
  [type, fields, body]: readonly [Type, ReadonlyMap<string, Field>, number],
): void {
  const { view } = scope.at.file;
  const inOrder = [...fields.values()];
  view.children(body).forEach((node, i) => {
    let field = inOrder[i];
    let value = node;
    if (view.is(node, 'keyed_element')) {
      const [left = -1, right = -1] = view.children(node);
      field = fields.get(view.textOf(left));
      value = right;
    }
    const result = elementValue(c, scope, [field?.type, value]);
    if (field === undefined) return;
    c.give(fieldSlot(c, type, field), field.type, result);
    if (type.kind === 'named' && type.home === 'standard')
      callKept(c, scope.fn, [field.type, result], siteOf(scope, value));
    if (hasReflectValue(field.type)) storesReflection(scope, node);
  });
}

/** An element of a literal; its own type may be left out. */
function elementValue(
  c: Checker,
  scope: Scope,
  [type, start]: readonly [Type | undefined, number],
): Result {
  const { view } = scope.at.file;
  const node = view.is(start, 'literal_element') ? (view.children(start)[0] ?? -1) : start;
  if (!view.is(node, 'literal_value')) return c.evaluate(scope, node);
  c.deeper(scope, node, () => fill(c, scope, [type, node]));
  return plain(type);
}

/** A function literal: a function of its own, that is kept where it stands. */
export function functionLiteral(c: Checker, scope: Scope, node: number): Result {
  const fn = makeLiteral(c, scope, node);
  addEdge(scope.fn, fn, [0, siteOf(scope, node)]);
  return functionValue(c, [fn], fn.signature);
}

function makeLiteral(c: Checker, scope: Scope, node: number): Fn {
  const { view } = scope.at.file;
  const fn = c.createFn({
    at: scope.at,
    kind: 'literal',
    name: '',
    parent: scope.fn,
    node,
    hasBody: view.child(node, 'body') >= 0,
    signature: c.types.signatureOf(scope, node),
    typeParameters: [],
  });
  c.body({ fn, node, scope: { ...scope, fn }, receiver: undefined });
  return fn;
}
