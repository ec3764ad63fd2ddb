import { ANY, type FieldType, type StructType, type Type, under } from '../run/types.ts';
import { UNKNOWN, type Value } from '../run/value.ts';
import { isAlike } from '../run/writes.ts';
import type { Compiler } from './compiler.ts';
import type { FieldOnce, FieldsOnce, PackageCode, SourceFile } from './model.ts';

/**
 * The fields of a package by name that one place alone writes, as far as names tell: of two structs with a
 * field of one name none counts. Only fields that other packages cannot name, of text, numbers and booleans,
 * which nothing else leads to.
 */
export function fieldsOnceOf(c: Compiler, home: PackageCode): FieldsOnce {
  if (home.once !== undefined) return home.once;
  const fields = ownFields(home);
  // Asked for again while it is made, as types may call functions.
  home.once = fields;
  if (fields.size > 0) {
    const counts: Counts = { writes: new Map(), declarations: new Map() };
    for (const file of home.files) countFields(c, file, counts);
    for (const name of fields.keys())
      if (counts.writes.get(name) !== 1 || counts.declarations.get(name) !== 1) fields.delete(name);
  }
  return fields;
}

/** Whether nothing but the name of a field leads to what it holds. */
const isPlain = ({ name, type, isEmbedded }: FieldType): boolean =>
  !isEmbedded && /^[a-z]/.test(name) && type.kind === 'basic';

function ownFields({ declarations }: PackageCode): Map<string, FieldOnce> {
  const fields = new Map<string, FieldOnce>();
  for (const declared of [...declarations.values()].flat()) {
    const owner = declared.kind === 'type' ? declared.type() : ANY;
    const struct = under(owner);
    if (owner.kind !== 'named' || struct.kind !== 'struct') continue;
    for (const [place, field] of struct.fields.entries())
      if (isPlain(field))
        fields.set(field.name, { owner, place, value: undefined, isVaried: false });
  }
  return fields;
}

/** By the names of fields: places that write one or lead someone to it who may, and structs that have one. */
interface Counts {
  readonly writes: Map<string, number>;
  readonly declarations: Map<string, number>;
}

function countFields(
  c: Compiler,
  { home, view }: SourceFile,
  { writes, declarations }: Counts,
): void {
  const { kind } = c.grammar;
  const { child, children, is, textOf, tree } = view;
  const add = (name: string, count: number) => writes.set(name, (writes.get(name) ?? 0) + count);
  const targets = (start: number, count: number) => {
    for (let node of is(start, 'expression_list') ? children(start) : [start]) {
      while (is(node, 'parenthesized_expression')) node = children(node)[0] ?? -1;
      if (is(node, 'selector_expression')) add(textOf(child(node, 'field')), count);
    }
  };
  const readers: Readonly<Record<number, (node: number) => void>> = {
    [kind.keyed_element]: (node) => add(textOf(children(node)[0] ?? -1), 1),
    [kind.field_declaration]: (node) => {
      for (const name of children(node, 'name').map(textOf))
        declarations.set(name, (declarations.get(name) ?? 0) + 1);
    },
    [kind.composite_literal]: (node) => {
      const parts = children(child(node, 'body')).filter((part) => is(part, 'literal_element'));
      const struct =
        parts.length === 0 ? undefined : structNamed(home, textOf(child(node, 'type')));
      for (const { name } of struct?.fields.slice(0, parts.length) ?? []) add(name, 1);
    },
    [kind.assignment_statement]: (node) =>
      targets(child(node, 'left'), textOf(child(node, 'operator')) === '=' ? 1 : 2),
    [kind.inc_statement]: (node) => targets(children(node)[0] ?? -1, 2),
    [kind.dec_statement]: (node) => targets(children(node)[0] ?? -1, 2),
    [kind.range_clause]: (node) => targets(child(node, 'left'), 2),
    [kind.receive_statement]: (node) => targets(child(node, 'left'), 2),
    [kind.unary_expression]: (node) => {
      if (textOf(child(node, 'operator')) === '&') targets(child(node, 'operand'), 2);
    },
  };
  for (let node = 0; node < tree.count; node++) readers[tree.kind[node] as number]?.(node);
}

function structNamed({ declarations }: PackageCode, name: string): StructType | undefined {
  const [declared] = declarations.get(name) ?? [];
  const type = declared?.kind === 'type' ? under(declared.type()) : undefined;
  return type?.kind === 'struct' ? type : undefined;
}

/** Notes what a field was given. */
export function noteField(field: FieldOnce, value: Value): void {
  if (value === UNKNOWN || (field.value !== undefined && !isAlike(field.value, value)))
    field.isVaried = true;
  field.value ??= value;
}

/** True for a field that is known to be a text. */
export const isKnownText = ({ value, isVaried }: FieldOnce): boolean =>
  !isVaried && typeof value?.v === 'string';

/** The fields of types that are known this way, by type and place. */
export function knownFields(
  once: FieldsOnce,
  owners: ReadonlySet<Type>,
): ReadonlyMap<Type, ReadonlyMap<number, Value>> {
  const known = new Map<Type, Map<number, Value>>();
  for (const { owner, place, value, isVaried } of once.values()) {
    if (value === undefined || isVaried || !owners.has(owner)) continue;
    const fields = known.get(owner) ?? new Map<number, Value>();
    known.set(owner, fields.set(place, value));
  }
  return known;
}
