import type { Type } from '../types/model.ts';
import { underlyingOf } from '../types/types.ts';
import type { Scope } from './checker.ts';
import { addOutside, siteOf } from './edges.ts';

const DEEPEST = 4;
const known = new WeakMap<Type, boolean>();

/** True for types whose values hold a `reflect.Value`: copying one passes on its power. */
export function hasReflectValue(type: Type | undefined, depth = 0): boolean {
  if (type === undefined || depth > DEEPEST || type.kind === 'basic' || type.kind === 'pointer')
    return false;
  const before = known.get(type);
  if (before !== undefined) return before;
  const found = search(type, depth);
  known.set(type, found);
  return found;
}

function search(type: Type, depth: number): boolean {
  if (type.kind === 'named' && type.home !== 'module')
    return type.path === 'reflect' && type.name === 'Value';
  const under = underlyingOf(type);
  if (under?.kind === 'array') return hasReflectValue(under.element, depth + 1);
  if (under?.kind !== 'struct') return false;
  return [...under.fields.values()].some((field) => hasReflectValue(field.type, depth + 1));
}

/** Says that a function keeps a `reflect.Value` in a place that others can reach. */
export function storesReflection(scope: Scope, node: number): void {
  addOutside(scope.fn, {
    path: 'reflect',
    symbol: 'Value',
    use: 'called',
    site: siteOf(scope, node),
    lends: ['REFLECT'],
  });
}
