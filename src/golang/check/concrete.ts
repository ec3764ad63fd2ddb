import type { Declared, Named } from '../types/model.ts';
import { underlyingOf } from '../types/types.ts';
import type { PackageScope } from './checker.ts';
import { isConcrete } from './dispatch.ts';

/** The types of packages whose values can stand in an interface that has methods. */
export function concreteTypes(scopes: readonly PackageScope[]): readonly Named[] {
  return scopes
    .flatMap((home) => [...home.names.values()])
    .flatMap((declared: Declared) =>
      declared.kind === 'type' && isConcrete(declared.type) && hasMethods(declared.type)
        ? [declared.type]
        : [],
    );
}

/** Its own methods, or those of what it embeds. */
function hasMethods(type: Named): boolean {
  if (type.methods.size > 0) return true;
  const under = underlyingOf(type);
  return (
    under?.kind === 'struct' && [...under.fields.values()].some(({ isEmbedded }) => isEmbedded)
  );
}
