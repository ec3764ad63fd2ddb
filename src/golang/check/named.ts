import type { Named, Type, TypeParameter } from '../types/model.ts';
import { substituteUnderlying } from '../types/substitute.ts';
import { ANY, typeId } from '../types/types.ts';
import type { Scope } from './checker.ts';

type ReadType = (scope: Scope, node: number) => Type | undefined;

/** Declares the type parameters of a declaration in its scope. */
export function readTypeParameters(
  scope: Scope,
  node: number,
  typeOf: ReadType,
): readonly TypeParameter[] {
  const { child, children, textOf } = scope.at.file.view;
  const list = child(node, 'type_parameters');
  if (list < 0) return [];
  const found: TypeParameter[] = [];
  for (const part of children(list)) {
    const bound = child(part, 'type');
    for (const at of children(part, 'name')) {
      let constraint: Type | undefined;
      const parameter: TypeParameter = {
        kind: 'parameter',
        name: textOf(at),
        index: -1,
        constraint: () => {
          if (constraint === undefined) {
            constraint = ANY;
            constraint = typeOf(scope, bound) ?? ANY;
          }
          return constraint;
        },
      };
      found.push(parameter);
      scope.names.declare(parameter.name, { kind: 'type', type: parameter });
    }
  }
  return found;
}

/** What a type declaration is made of. */
export interface NamedSource {
  readonly path: string;
  readonly name: string;
  readonly parameters: readonly TypeParameter[];
  /** Reads the type that the declaration is about; asked once. */
  readonly read: () => Type | undefined;
}

/** A type that the module declares. Its underlying type is read when first asked for. */
export function createNamed({ path, name, parameters, read }: NamedSource): Named {
  const instances = new Map<string, Named>();
  let under: Type | undefined;
  let isRead = false;
  const origin: Named = {
    kind: 'named',
    path,
    name,
    home: 'module',
    parameters,
    arguments: parameters,
    get origin() {
      return origin;
    },
    methods: new Map(),
    standardMethod: () => undefined,
    underlying() {
      if (isRead) return under;
      isRead = true;
      under = read();
      return under;
    },
    instantiate(args) {
      if (parameters.length === 0) return origin;
      const id = args.map((arg) => typeId(arg)).join();
      let known = instances.get(id);
      if (known === undefined) {
        known = instanceOf(origin, args);
        instances.set(id, known);
      }
      return known;
    },
  };
  return origin;
}

/** Instances of instances of instances: a type that grows each time it is used would have no end. */
const MOST_ARGUMENTS = 16;

function instanceOf(origin: Named, args: readonly (Type | undefined)[]): Named {
  const pairs = origin.parameters
    .slice(0, MOST_ARGUMENTS)
    .map((parameter, i) => [parameter, args[i]] as const);
  const map = new Map<TypeParameter | number, Type | undefined>(pairs);
  let under: Type | undefined;
  let isRead = false;
  return {
    kind: 'named',
    path: origin.path,
    name: origin.name,
    home: 'module',
    parameters: origin.parameters,
    arguments: args,
    origin,
    methods: origin.methods,
    standardMethod: () => undefined,
    instantiate: origin.instantiate,
    underlying() {
      if (isRead) return under;
      isRead = true;
      under = substituteUnderlying(origin.underlying(), map);
      return under;
    },
  };
}

/** What the parameters of a generic type stand for in an instance. */
export function argumentsOf(type: Named): ReadonlyMap<TypeParameter | number, Type | undefined> {
  if (type.origin === type) return new Map();
  return new Map(type.origin.parameters.map((parameter, i) => [parameter, type.arguments[i]]));
}
