import type { Fn, OutsideCallee } from '../types/model.ts';
import type { Checker, Scope } from './checker.ts';
import { siteOf } from './edges.ts';

/** `path.F` or `path.T.M`, whether the receiver is a pointer or not. */
function nameOf(callee: Fn | OutsideCallee): string {
  if ('symbol' in callee) return `${callee.path}.${callee.symbol}`;
  return `${callee.package.path}.${callee.name.replace(/[(*)]/g, '')}`;
}

/** The last name of a callee. */
function nameNode({ at: { file } }: Scope, callee: number): number {
  if (file.view.is(callee, 'selector_expression')) return file.view.child(callee, 'field');
  return file.view.is(callee, 'qualified_type') ? file.view.child(callee, 'name') : callee;
}

/** Shows a call to whoever asked for calls; `callee` is the node that is called. */
export function showCall(
  c: Checker,
  scope: Scope,
  [target, callee]: readonly [Fn | OutsideCallee | undefined, number],
): void {
  if (c.onCall === undefined || target === undefined) return;
  c.onCall(siteOf(scope, nameNode(scope, callee)), nameOf(target), false);
}

/** Shows a call of a method that an interface declares: which one runs, its value says. */
export function showInterfaceCall(
  c: Checker,
  scope: Scope,
  [method, callee]: readonly [string, number],
): void {
  c.onCall?.(siteOf(scope, nameNode(scope, callee)), method, true);
}
