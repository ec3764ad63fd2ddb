import type { Declared, Field, Fn, Func, Interface, Named, Struct, Type } from '../types/model.ts';
import { funcType, typeId } from '../types/types.ts';

// What files for several systems declare under one name. All are read at once, so that a name means what
// any of them says, and nothing where they contradict each other.

type DeclaredType = Extract<Declared, { readonly kind: 'type' }>;

function same(one: Type | undefined, other: Type | undefined): Type | undefined {
  return one !== undefined && other !== undefined && typeId(one) === typeId(other)
    ? one
    : undefined;
}

/** One type out of two that are declared under one name. */
export function joinTypes(before: DeclaredType, next: DeclaredType): DeclaredType {
  const isAlias = 'parameters' in before || 'parameters' in next;
  if (!isAlias && before.type?.kind === 'named' && next.type?.kind === 'named') {
    joinUnderlying(before.type, next.type);
    return before;
  }
  return {
    kind: 'type',
    get type() {
      return same(before.type, next.type);
    },
  };
}

function joinUnderlying(type: Named, variant: Named): void {
  const { underlying } = type;
  let joined: Type | undefined;
  let isJoined = false;
  Object.defineProperty(type, 'underlying', {
    configurable: true,
    value: () => {
      const under = underlying();
      if (isJoined) return joined;
      isJoined = true;
      joined = under;
      joined = join(under, variant.underlying());
      return joined;
    },
  });
}

function join(under: Type | undefined, other: Type | undefined): Type | undefined {
  if (under?.kind === 'struct' && other?.kind === 'struct') return joinFields(under, other);
  if (under?.kind === 'interface' && other?.kind === 'interface') return joinMethods(under, other);
  return same(under, other);
}

/** The fields of both; one that has two types has none that is known. */
function joinFields(under: Struct, other: Struct): Struct {
  const fields = new Map<string, Field>(under.fields);
  for (const [name, field] of other.fields) {
    const known = fields.get(name);
    const type = same(known?.type, field.type);
    if (known === undefined) fields.set(name, field);
    else if (type === undefined) fields.set(name, { ...field, type, slot: undefined });
  }
  return { kind: 'struct', fields };
}

function joinMethods({ methods, embedded }: Interface, other: Interface): Interface {
  return {
    kind: 'interface',
    methods: new Map([...other.methods, ...methods]),
    embedded: [...embedded, ...other.embedded],
  };
}

/** The signature of functions of one name: results that differ are not known. */
export function signatureOfAll(fns: readonly Fn[]): Func | undefined {
  const [first] = fns;
  if (first === undefined || fns.length === 1) return first?.signature;
  const { parameters, results, isVariadic } = first.signature;
  // Of thousands that hostile code declares, a few show that they differ.
  const some = fns.slice(1, MOST_VARIANTS);
  const common = results.map((type, i) =>
    some.every((fn) => same(type, fn.signature.results[i]) !== undefined) ? type : undefined,
  );
  return funcType(parameters, common, isVariadic);
}

const MOST_VARIANTS = 32;
