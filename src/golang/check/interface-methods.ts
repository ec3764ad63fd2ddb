import type { Interface, Type } from '../types/model.ts';
import { underlyingOf } from '../types/types.ts';
import type { Checker, InterfaceMethod } from './checker.ts';

/** Interfaces inside interfaces: deeper than anyone nests them. */
const DEEPEST = 64;

/** The constraint of a type parameter; all other types are given back. */
function interfaceOf(type: Type | undefined): Interface | undefined {
  const under = underlyingOf(type?.kind === 'parameter' ? type.constraint() : type);
  return under?.kind === 'interface' ? under : undefined;
}

/** Every method of an interface, its own and those that it embeds, found once. */
export function methodsOf(
  c: Checker,
  type: Type | undefined,
): ReadonlyMap<string, InterfaceMethod> | undefined {
  const under = interfaceOf(type);
  if (type === undefined || under === undefined) return undefined;
  let known = c.memo.methods.get(under);
  if (known === undefined) {
    known = gather(c, type, under);
    c.memo.methods.set(under, known);
  }
  return known;
}

type Level = readonly (readonly [Type, Interface])[];

/** Level by level, each interface once: embedded in every way, they would be squares of squares. */
function gather(c: Checker, type: Type, under: Interface): ReadonlyMap<string, InterfaceMethod> {
  const found = new Map<string, InterfaceMethod>();
  const seen = new Set([under]);
  let level: Level = [[type, under]];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    for (const [of, { methods }] of level) {
      if (!c.flow.spend(1 + methods.size)) return found;
      for (const [name, signature] of methods)
        if (!found.has(name)) found.set(name, { signature, of });
    }
    level = level.flatMap(([, { embedded }]) => unseen(embedded, seen));
  }
  if (level.length > 0) c.memo.cuts.add('interfaces');
  return found;
}

/** The interfaces among types that were not met before. */
function unseen(types: readonly Type[], seen: Set<Interface>): Level {
  return types.flatMap((type) => {
    const under = interfaceOf(type);
    if (under === undefined || seen.has(under)) return [];
    seen.add(under);
    return [[type, under] as const];
  });
}

/** The names of all methods that an interface asks for. */
export function methodNames(c: Checker, type: Type | undefined): readonly string[] {
  return [...(methodsOf(c, type)?.keys() ?? [])];
}
