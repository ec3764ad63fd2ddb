import type { Compiler } from './compile/compiler.ts';
import type { Code, PackageCode } from './compile/model.ts';
import { fieldsOnceOf, isKnownText, knownFields } from './compile/set-once.ts';
import { Box, FixedItems } from './run/stores.ts';
import { ANY, type NamedType, type Type, under } from './run/types.ts';
import { UNKNOWN, Value } from './run/value.ts';

/** What a function is given where it is followed once more: structs of which some fields are known. */
export interface Given {
  receiver(): Value | undefined;
  args(): readonly Value[];
}

/** Functions that call each other, down to the one that names a field. */
const MOST_ROUNDS = 8;

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

/** Functions of a package that use texts of fields which are set once, and what they are to be given. */
export function fieldsGiven(c: Compiler, home: PackageCode): ReadonlyMap<Code, Given> {
  const given = new Map<Code, Given>();
  const once = fieldsOnceOf(c, home);
  const texts = [...once].filter(([, field]) => isKnownText(field));
  if (texts.length === 0) return given;
  const owners = new Set<Type>(texts.map(([, { owner }]) => owner));
  const known = knownFields(once, owners);
  const receivers = receiversOf(home, owners);
  const takers = home.functions.filter((code) =>
    [...code.type.parameters, receivers.get(code)].some(
      (type) => type !== undefined && owners.has(type.kind === 'pointer' ? type.element : type),
    ),
  );
  for (const code of usersOf(c, takers, new Set(texts.map(([name]) => name)))) {
    const receiver = receivers.get(code);
    given.set(code, {
      receiver: () => receiver && structGiven(known, receiver),
      args: () => code.type.parameters.map((type) => structGiven(known, type) ?? UNKNOWN),
    });
  }
  return given;
}

/** Those of the functions that name such a field, or call one that does, by name. */
function usersOf(
  c: Compiler,
  functions: readonly Code[],
  names: ReadonlySet<string>,
): ReadonlySet<Code> {
  const wanted = new Set(names);
  const users = new Set<Code>();
  let before = -1;
  for (let round = 0; round < MOST_ROUNDS && users.size > before; round++) {
    before = users.size;
    for (const code of functions) {
      if (users.has(code) || !mentions(c, code, wanted) || putsWhole(c, code)) continue;
      users.add(code);
      wanted.add(code.file.view.textOf(code.file.view.child(code.node, 'name')));
    }
  }
  return users;
}

function receiversOf({ methods }: PackageCode, owners: ReadonlySet<Type>): ReadonlyMap<Code, Type> {
  const found = new Map<Code, Type>();
  for (const owner of owners)
    for (const all of methods.get((owner as NamedType).name)?.values() ?? [])
      for (const { code, isPointer } of all)
        found.set(code, isPointer ? { kind: 'pointer', element: owner } : owner);
  return found;
}

/** True where a function has a field, a method or a function of such a name. */
function mentions(
  { grammar }: Compiler,
  { file, node }: Code,
  names: ReadonlySet<string>,
): boolean {
  const { tree, child, textOf } = file.view;
  const { selector_expression: selector, identifier } = grammar.kind;
  const body = child(node, 'body');
  for (let i = body; i < (tree.skip[body] ?? 0); i++) {
    const named = tree.kind[i] === selector ? child(i, 'field') : i;
    if ((named !== i || tree.kind[i] === identifier) && names.has(textOf(named))) return true;
  }
  return false;
}

/** What a function assigns to. */
function* targetsOf({ grammar }: Compiler, { file, node }: Code): Generator<number> {
  const { tree, child, children, is } = file.view;
  for (let i = node; i < (tree.skip[node] ?? 0); i++) {
    if (tree.kind[i] !== grammar.kind.assignment_statement) continue;
    const left = child(i, 'left');
    yield* is(left, 'expression_list') ? children(left) : [left];
  }
}

/** True where a function writes through a pointer: what it puts there may be a whole struct. */
function putsWhole(c: Compiler, code: Code): boolean {
  for (const target of targetsOf(c, code))
    if (/^\(*\*/.test(code.file.view.textOf(target))) return true;
  return false;
}

/** True where a function writes a field by its name: what it gives it may depend on who calls. */
export function writesField(c: Compiler, home: PackageCode, code: Code): boolean {
  const names = fieldsOnceOf(c, home);
  if (names.size === 0) return false;
  const { child, is, textOf } = code.file.view;
  for (const target of targetsOf(c, code))
    if (is(target, 'selector_expression') && names.has(textOf(child(target, 'field')))) return true;
  return false;
}
