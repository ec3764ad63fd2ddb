import type { Result } from '../types/model.ts';
import { callDeclared } from './calls.ts';
import type { Checker, Scope, Written } from './checker.ts';
import { NOTHING } from './expressions.ts';

/** A call that the parser took for a conversion: the callee is written like a type. */
export function callNamed(c: Checker, scope: Scope, name: number, written: Written): Result {
  const { view } = scope.at.file;
  let declared = c.types.lookup(scope, view.textOf(name));
  if (view.is(name, 'qualified_type')) {
    const home = c.types.lookup(scope, view.textOf(view.child(name, 'package')));
    declared =
      home?.kind === 'package'
        ? c.types.imported(home.path, view.textOf(view.child(name, 'name')))
        : undefined;
  }
  if (declared === undefined) {
    for (const arg of written.args) c.evaluate(scope, arg);
    return NOTHING;
  }
  return callDeclared(c, scope, [declared, name], written);
}
