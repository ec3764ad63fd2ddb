import library from '../data/standard-library.json' with { type: 'json' };
import type { Field, Func, Interface, Named, Struct, Type, TypeParameter } from './model.ts';
import { substitute, substituteUnderlying } from './substitute.ts';
import { ANY, basicType, ERROR, funcType, mapOf, pointerTo, sequenceOf } from './types.ts';

/** A row of the type table; `test/generate/std` says what each letter means. */
type Row = readonly [string, ...unknown[]];

interface TypeEntry {
  readonly u: number;
  readonly m?: Readonly<Record<string, number>>;
  readonly a?: number;
}

interface PackageEntry {
  readonly n: string;
  readonly f?: Readonly<Record<string, number>>;
  readonly t?: Readonly<Record<string, TypeEntry>>;
  readonly v?: Readonly<Record<string, number>>;
  readonly c?: Readonly<Record<string, number>>;
}

const rows = library.tables.types as unknown as readonly Row[];
const packages = library.tables.packages as unknown as Readonly<Record<string, PackageEntry>>;

/** An exported name of a package of the standard library. */
export interface StandardMember {
  readonly kind: 'type' | 'func' | 'var' | 'const' | 'unknown';
  readonly type: Type | undefined;
}

/** The types of the standard library, made when first asked for. One for each analysis. */
export interface StandardTypes {
  /** The name in the package clause; undefined for a package that is not on the table. */
  packageName(path: string): string | undefined;
  member(path: string, name: string): StandardMember;
}

const UNTYPED: Readonly<Record<string, string>> = {
  'untyped int': 'int',
  'untyped string': 'string',
  'untyped bool': 'bool',
  'untyped rune': 'int32',
  'untyped float': 'float64',
};

const own = <Value>(record: Readonly<Record<string, Value>> | undefined, name: string) =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

const UNKNOWN: StandardMember = { kind: 'unknown', type: undefined };

/** The tables with nothing made yet. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one reader over one memo.
export function createStandardTypes(): StandardTypes {
  const made: (Type | undefined)[] = [];
  const named = new Map<string, Named>();
  const members = new Map<string, StandardMember>();

  function typeAt(i: number): Type | undefined {
    made[i] ??= make(rows[i] ?? ['B', '?']);
    return made[i];
  }

  const at = (i: unknown) => typeAt(i as number);
  const list = (ids: unknown) => (ids as readonly number[]).map(typeAt);

  function make(row: Row): Type | undefined {
    switch (row[0]) {
      case 'P':
        return pointerTo(at(row[1]));
      case 'S':
        return sequenceOf('slice', at(row[1]));
      case 'A':
        return sequenceOf('array', at(row[1]));
      case 'C':
        return sequenceOf('chan', at(row[1]));
      case 'M':
        return mapOf(at(row[1]), at(row[2]));
      case 'F':
        return makeFunc(row);
      case 'I':
        return makeInterface(row[1] as Readonly<Record<string, number>>);
      case 'T':
        return makeStruct(row[1] as Readonly<Record<string, number>>, row[2] as readonly string[]);
      case 'V':
        return makeParameter(row[1] as number);
      case 'N':
        return makeNamed(row[1] as string, row.slice(2) as readonly number[]);
      default:
        return makeBasic(row[1] as string);
    }
  }

  function makeFunc([, parameters, results, isVariadic, cores]: Row): Func {
    const func = funcType(list(parameters), list(results), isVariadic === 1);
    if (cores === undefined) return func;
    return {
      ...func,
      cores: (cores as readonly number[]).map((id) => (id < 0 ? undefined : typeAt(id))),
    };
  }

  function makeBasic(name: string): Type | undefined {
    if (name === '?') return undefined;
    return name === 'error' ? ERROR : basicType(UNTYPED[name] ?? name);
  }

  /** Signatures are made when they are asked for: interfaces refer to each other in circles. */
  function makeInterface(methods: Readonly<Record<string, number>>): Interface {
    const found = Object.entries(methods).map(([name, id]) => [name, lazyFunc(id)] as const);
    return { kind: 'interface', methods: new Map(found), embedded: [] };
  }

  function lazyFunc(id: number): Func {
    let func: Func | undefined;
    const get = () => {
      const type = typeAt(id);
      func ??= type?.kind === 'func' ? type : funcType([], []);
      return func;
    };
    return {
      kind: 'func',
      get parameters() {
        return get().parameters;
      },
      get results() {
        return get().results;
      },
      get isVariadic() {
        return get().isVariadic;
      },
    };
  }

  function makeStruct(ids: Readonly<Record<string, number>>, embedded: readonly string[]): Struct {
    const fields = new Map<string, Field>();
    for (const [name, id] of Object.entries(ids)) {
      fields.set(name, {
        get type() {
          return typeAt(id);
        },
        isEmbedded: embedded.includes(name),
        slot: undefined,
      });
    }
    return { kind: 'struct', fields };
  }

  function makeParameter(index: number): TypeParameter {
    return { kind: 'parameter', name: `T${index}`, index, constraint: () => ANY };
  }

  function makeNamed(id: string, args: readonly number[]): Type | undefined {
    if (id === 'error') return ERROR;
    if (id === 'any' || id === 'comparable') return ANY;
    const dot = id.lastIndexOf('.');
    const base = originOf(id.slice(0, dot), id.slice(dot + 1));
    return args.length === 0 ? base : base.instantiate(args.map(typeAt));
  }

  function originOf(path: string, name: string): Named {
    const id = `${path}.${name}`;
    const known = named.get(id);
    if (known !== undefined) return known;
    const entry = own(packages[path]?.t, name);
    const instances = new Map<string, Named>();
    const origin: Named = {
      kind: 'named',
      path,
      name,
      home: 'standard',
      parameters: [],
      arguments: [],
      get origin() {
        return origin;
      },
      underlying: () => (entry === undefined ? undefined : typeAt(entry.u)),
      methods: new Map(),
      standardMethod: (method) => methodOf(entry, method),
      instantiate: (args) => instance(origin, entry, { args, instances }),
    };
    named.set(id, origin);
    return origin;
  }

  function methodOf(entry: TypeEntry | undefined, method: string): Func | undefined {
    const id = own(entry?.m, method);
    const type = id === undefined ? undefined : typeAt(id);
    return type?.kind === 'func' ? type : undefined;
  }

  function instance(
    origin: Named,
    entry: TypeEntry | undefined,
    {
      args,
      instances,
    }: {
      readonly args: readonly (Type | undefined)[];
      readonly instances: Map<string, Named>;
    },
  ): Named {
    const map = new Map(args.map((arg, i) => [i, arg] as const));
    const made: Named = {
      ...origin,
      origin,
      arguments: args,
      underlying: () => substituteUnderlying(origin.underlying(), map),
      standardMethod: (method) => {
        const func = substitute(methodOf(entry, method), map);
        return func?.kind === 'func' ? func : undefined;
      },
      instantiate: (next) => instance(origin, entry, { args: next, instances }),
    };
    return made;
  }

  function find(path: string, name: string): StandardMember {
    const entry = packages[path];
    const type = own(entry?.t, name);
    if (type !== undefined) {
      return { kind: 'type', type: type.a === 1 ? typeAt(type.u) : originOf(path, name) };
    }
    const kinds = [
      ['func', entry?.f],
      ['var', entry?.v],
      ['const', entry?.c],
    ] as const;
    for (const [kind, table] of kinds) {
      const id = own(table, name);
      if (id !== undefined) return { kind, type: typeAt(id) };
    }
    return UNKNOWN;
  }

  return {
    packageName: (path) => (Object.hasOwn(packages, path) ? packages[path]?.n : undefined),
    member(path, name) {
      const key = `${path}.${name}`;
      let known = members.get(key);
      if (known === undefined) {
        known = find(path, name);
        members.set(key, known);
      }
      return known;
    },
  };
}
