import { type NamedType, type Type, under } from '../run/types.ts';
import type { Compiler, FoundMethod } from './compiler.ts';

const DEEPEST = 6;

/** The named type that a type is or points to. */
function ownerOf(type: Type): NamedType | undefined {
  if (type.kind === 'named') return type;
  return type.kind === 'pointer' && type.element.kind === 'named' ? type.element : undefined;
}

function declared(
  c: Compiler,
  owner: NamedType,
  name: string,
): Omit<FoundMethod, 'through'> | undefined {
  const { path } = owner;
  const home = c.packages.get(path);
  if (home === undefined) {
    const full = `${path}.${owner.name}.${name}`;
    const run = c.library.native(full);
    return run === undefined ? undefined : { code: undefined, native: { name: full, run } };
  }
  // It may have the method: what it is cannot be told any more.
  if (home.isReleased) return { code: undefined, native: undefined };
  const found = home.methods.get(owner.name)?.get(name);
  const [only] = found ?? [];
  // Of several, which one it is depends on the system.
  if (only === undefined || found?.length !== 1) return undefined;
  return { code: only, native: undefined };
}

/** A method of a type, or one promoted from what it embeds; shallowest first. */
export function methodOf(c: Compiler, type: Type, name: string): FoundMethod | undefined {
  let level: { readonly type: Type; readonly through: readonly number[] }[] = [
    { type, through: [] },
  ];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { type: at, through } of level) {
      const owner = ownerOf(at);
      const found = owner && declared(c, owner, name);
      if (found !== undefined) return { ...found, through };
      const below = under(at.kind === 'pointer' ? at.element : at);
      if (below.kind !== 'struct') continue;
      below.fields.forEach((field, i) => {
        if (field.isEmbedded) next.push({ type: field.type, through: [...through, i] });
      });
    }
    level = next;
  }
  return undefined;
}
