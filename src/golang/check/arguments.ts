import type { Result } from '../types/model.ts';
import type { Checker, Scope } from './checker.ts';

/** The arguments of a call: a single call with several results gives them all. */
export function argumentsOf(c: Checker, scope: Scope, nodes: readonly number[]): readonly Result[] {
  const { view } = scope.at.file;
  const args = nodes.map((node) =>
    view.is(node, 'variadic_argument')
      ? { ...c.evaluate(scope, view.children(node)[0] ?? -1), isSpread: true }
      : c.evaluate(scope, node),
  );
  const [only] = args;
  return args.length === 1 && only?.tuple !== undefined ? only.tuple : args;
}
