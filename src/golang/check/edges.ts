import { capabilitiesOf, isReflection } from '../capability/classify.ts';
import type { Fn, Outside, Rank, Site } from '../types/model.ts';
import type { Scope } from './checker.ts';

/** The place of a node. */
export function siteOf({ at: { file } }: Scope, node: number): Site {
  const { start, end } = file.view.tree;
  return { file, start: start[node] as number, end: end[node] as number };
}

/**
 * The place of a call: its callee, without the arguments. Of a chain over several lines it is the last
 * name, which is the line that people look for.
 */
export function calleeSite(scope: Scope, callee: number): Site {
  const { view } = scope.at.file;
  const { start, end } = view.tree;
  const site = siteOf(scope, callee);
  const operand = view.is(callee, 'selector_expression') ? view.child(callee, 'operand') : -1;
  if (operand < 0) return site;
  const isLong = view.text.slice(start[operand], end[operand]).includes('\n');
  const field = view.child(callee, 'field');
  return isLong && field >= 0 ? { ...site, start: start[field] as number } : site;
}

/** Says that a function may call another; the surest place is kept, of equal ones the first. */
export function addEdge(
  from: Fn,
  to: Fn,
  [rank, site]: readonly [Rank, Site],
  isImplied = false,
): void {
  const known = from.edges.get(to);
  // A call that is seen is more than one that the library may make.
  const isSeen = known?.isImplied === true && !isImplied;
  if (known !== undefined && known.rank >= rank && !isSeen) return;
  from.putEdge({ to, rank, site, isImplied });
}

/** Says that a function uses something outside the module; what lends nothing is left out. */
export function addOutside(from: Fn, used: Outside): void {
  const { path, symbol, use, site } = used;
  const lends = used.lends ?? capabilitiesOf(path, symbol, use);
  if (lends.length === 0 && !isReflection(path, symbol)) return;
  const key = `${symbol} ${path} ${site.start} ${site.file.path}`;
  const known = from.outside.get(key);
  if (known === undefined || (known.use !== 'called' && use === 'called'))
    from.putOutside(key, { path, symbol, use, site, lends });
}
