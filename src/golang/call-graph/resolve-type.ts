import type { Package } from './graph.ts';

/** A type, as far as it is known: of a package of the module, of another one, or not at all. */
export type Resolved =
  | { readonly kind: 'inside'; readonly home: Package; readonly name: string }
  | { readonly kind: 'outside'; readonly path: string; readonly name: string }
  | { readonly kind: 'unknown' };

const UNKNOWN: Resolved = { kind: 'unknown' };
const DEPTH = 12;
const MOST_LENDERS = 8;

/** Resolves the hints of scope/type-hints to types; results and variables lead on to further hints. */
export function createTypeResolver(
  byPath: ReadonlyMap<string, Package>,
): (hint: string, home: Package) => Resolved {
  function ofFunction(home: Package, name: string, depth: number): Resolved {
    if (home.types.has(name)) return { kind: 'inside', home, name };
    const fn = home.functions.get(name)?.[0];
    return fn === undefined ? UNKNOWN : resolve(fn.fn.result, home, depth + 1);
  }

  function ofVariable(home: Package, name: string, depth: number): Resolved {
    const hint = home.variableHints.get(name);
    if (hint !== undefined) return resolve(hint, home, depth + 1);
    return ofType(home, name);
  }

  /** The type of a field; of a type outside, it has no name that we could know. */
  function ofField(owner: Resolved, field: string, depth: number): Resolved {
    if (owner.kind !== 'inside') return owner.kind === 'outside' ? { ...owner, name: '' } : UNKNOWN;
    const type = owner.home.types.get(owner.name);
    const hint = type?.fields?.get(field);
    if (hint !== undefined) return resolve(hint, owner.home, depth + 1);
    return promoted(owner.home, type?.lends ?? [], field, depth);
  }

  function promoted(home: Package, lends: readonly string[], field: string, depth: number) {
    if (depth > DEPTH) return UNKNOWN;
    for (const lender of lends.slice(0, MOST_LENDERS)) {
      const found = ofField(resolve(lender, home, depth + 1), field, depth + 4);
      if (found.kind !== 'unknown' && found.name !== '') return found;
    }
    return UNKNOWN;
  }

  function ofType(home: Package, name: string): Resolved {
    return home.types.has(name) ? { kind: 'inside', home, name } : UNKNOWN;
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one branch for each form of a hint.
  function resolve(hint: string, home: Package, depth: number): Resolved {
    const cut = hint.indexOf('\0');
    if (cut < 0 || depth > DEPTH) return UNKNOWN;
    if (hint.startsWith('#')) {
      return ofField(resolve(hint.slice(cut + 1), home, depth + 1), hint.slice(1, cut), depth);
    }
    const mark = /^[?@]/.exec(hint)?.[0] ?? '';
    const path = hint.slice(mark.length, cut);
    const name = hint.slice(cut + 1);
    const target = path === '' ? home : byPath.get(path);
    // What a function outside gives back has no name that we could know.
    if (target === undefined) return { kind: 'outside', path, name: mark === '?' ? '' : name };
    if (mark === '@') return ofVariable(target, name, depth);
    if (mark === '?') return ofFunction(target, name, depth);
    return path === '' ? ofType(target, name) : { kind: 'inside', home: target, name };
  }

  return (hint, home) => resolve(hint, home, 0);
}
