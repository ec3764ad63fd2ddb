import type { Slot, Type } from '../types/model.ts';
import { isCarrier } from '../types/types.ts';
import type { Body, Checker } from './checker.ts';

/** Reads a function: its parameters and named results become names, then its body is read. */
export function readBody(c: Checker, { fn, node, scope, receiver }: Body): void {
  const { view } = scope.at.file;
  const { names } = scope;
  const before = names.open();
  if (receiver !== undefined) {
    const { name, type } = receiver;
    const slot = isCarrier(type) ? fn.receiver : undefined;
    names.declare(name, { kind: 'variable', type, slot });
  }
  const { signature } = fn;
  declareList({ fn, node, scope, receiver }, [
    view.child(node, 'parameters'),
    signature.parameters,
    fn.parameters,
  ]);
  const result = view.child(node, 'result');
  if (view.is(result, 'parameter_list'))
    declareList({ fn, node, scope, receiver }, [result, signature.results, fn.results]);
  const block = view.child(node, 'body');
  if (block >= 0) c.deeper(scope, block, () => c.statement(scope, block));
  names.close(before);
}

function declareList(
  { scope }: Body,
  [list, types, slots]: readonly [
    number,
    readonly (Type | undefined)[],
    readonly (Slot | undefined)[],
  ],
): void {
  const { view } = scope.at.file;
  let i = 0;
  for (const part of list < 0 ? [] : view.children(list)) {
    const names = view.children(part, 'name');
    for (const name of names) {
      scope.names.declare(view.textOf(name), { kind: 'variable', type: types[i], slot: slots[i] });
      i++;
    }
    if (names.length === 0) i++;
  }
}
