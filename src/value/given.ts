import type { Compiler } from './compile/compiler.ts';
import type { Code, PackageCode } from './compile/model.ts';
import { fieldsOnceOf, knownFields } from './compile/set-once.ts';
import { Box, FixedItems } from './run/stores.ts';
import { ANY, type NamedType, type Type, under } from './run/types.ts';
import { UNKNOWN, Value } from './run/value.ts';

/** What a function is given where it is followed once more: structs of which some fields are known. */
export interface Given {
  receiver(): Value | undefined;
  args(): readonly Value[];
}

type Fields = ReadonlyMap<number, Value>;

/** A struct, or a pointer to one, of which these fields are known; undefined for other types. */
function structGiven(known: ReadonlyMap<Type, Fields>, type: Type): Value | undefined {
  const owner = type.kind === 'pointer' ? type.element : type;
  const fields = known.get(owner);
  const struct = under(owner);
  if (fields === undefined || struct.kind !== 'struct') return undefined;
  const values = struct.fields.map((_, place) => fields.get(place) ?? UNKNOWN);
  const value = new Value(owner, new FixedItems(values, ANY));
  return type.kind === 'pointer' ? new Value(type, { store: new Box(value, 0), key: 0 }) : value;
}

/** Functions of a package that read fields which are set once, and what they are to be given. */
export function fieldsGiven(c: Compiler, home: PackageCode): ReadonlyMap<Code, Given> {
  const given = new Map<Code, Given>();
  const once = fieldsOnceOf(c, home);
  const known = new Map<Type, Fields>();
  for (const { owner } of once.values()) {
    const fields = knownFields(once, owner);
    if (fields.size > 0) known.set(owner, fields);
  }
  if (known.size === 0) return given;
  const names = new Set([...once].flatMap(([name, { owner }]) => (known.has(owner) ? name : [])));
  const receivers = receiversOf(home, new Set(known.keys()));
  for (const code of home.functions) {
    const receiver = receivers.get(code);
    const types = code.type.parameters;
    const isGiven = [...types, receiver].some(
      (type) => type !== undefined && structGiven(known, type) !== undefined,
    );
    if (!isGiven || !reads(c, code, names)) continue;
    given.set(code, {
      receiver: () => receiver && structGiven(known, receiver),
      args: () => types.map((type) => structGiven(known, type) ?? UNKNOWN),
    });
  }
  return given;
}

function receiversOf({ methods }: PackageCode, owners: ReadonlySet<Type>): ReadonlyMap<Code, Type> {
  const found = new Map<Code, Type>();
  for (const owner of owners)
    for (const all of methods.get((owner as NamedType).name)?.values() ?? [])
      for (const { code, isPointer } of all)
        found.set(code, isPointer ? { kind: 'pointer', element: owner } : owner);
  return found;
}

/** True where a field of such a name is read somewhere in a function. */
function reads({ grammar }: Compiler, { file, node }: Code, names: ReadonlySet<string>): boolean {
  const { tree, child, textOf } = file.view;
  const kind = grammar.kind.selector_expression;
  for (let i = node; i < (tree.skip[node] ?? 0); i++)
    if (tree.kind[i] === kind && names.has(textOf(child(i, 'field')))) return true;
  return false;
}
