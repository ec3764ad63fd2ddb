import type { Node, Package } from './graph.ts';
import type { Resolved } from './resolve-type.ts';

/** What lends a method to a type: functions of the module, or types outside of it. */
export interface Lender {
  readonly methods: readonly Node[];
  readonly outside: readonly { readonly path: string; readonly name: string }[];
}

interface Named {
  readonly home: Package;
  readonly name: string;
}

/** Types beyond which a chain of embedding is made to be long. */
const MOST_TYPES = 64;

/**
 * Where a method of a type comes from: its own, or by embedding or as an alias; breadth first, as
 * Go selects. Undefined when none is found.
 */
export function findLender(
  resolve: (hint: string, home: Package) => Resolved,
  from: Named,
  method: string,
): Lender | undefined {
  const outside: { readonly path: string; readonly name: string }[] = [];
  const seen = new Set<string>();
  const queue: Named[] = [from];
  for (const { home, name } of queue) {
    const key = `${home.path}\0${name}`;
    if (seen.has(key) || seen.size > MOST_TYPES) continue;
    seen.add(key);
    const methods = home.methods.get(`${name}.${method}`);
    if (methods !== undefined) return { methods, outside: [] };
    const lenders = (home.types.get(name)?.lends ?? []).map((hint) => resolve(hint, home));
    queue.push(...lenders.filter((found) => found.kind === 'inside'));
    outside.push(...lenders.filter((found) => found.kind === 'outside'));
  }
  return outside.length === 0 ? undefined : { methods: [], outside };
}
