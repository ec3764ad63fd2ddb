import type { Fn, OutsideCallee } from '../types/model.ts';
import type { Checker, Scope } from './checker.ts';
import { siteOf } from './edges.ts';

/** `path.F` or `path.T.M`, whether the receiver is a pointer or not. */
function nameOf(callee: Fn | OutsideCallee): string {
  if ('symbol' in callee) return `${callee.path}.${callee.symbol}`;
  return `${callee.package.path}.${callee.name.replace(/[(*)]/g, '')}`;
}

/** Shows a call to whoever asked for calls; `callee` is the node that is called. */
export function showCall(
  c: Checker,
  scope: Scope,
  [target, callee]: readonly [Fn | OutsideCallee | undefined, number],
): void {
  if (c.onCall === undefined || target === undefined) return;
  const { view } = scope.at.file;
  let name = callee;
  if (view.is(callee, 'selector_expression')) name = view.child(callee, 'field');
  else if (view.is(callee, 'qualified_type')) name = view.child(callee, 'name');
  c.onCall(siteOf(scope, name), nameOf(target));
}
