import type { Grammar, KindName } from '../scope/tree-view.ts';
import type {
  Declared,
  Field,
  Func,
  Interface,
  ModuleFile,
  Named,
  Struct,
  Type,
  TypeParameter,
} from '../types/model.ts';
import { substitute } from '../types/substitute.ts';
import {
  ANY,
  basicType,
  ERROR,
  funcType,
  mapOf,
  pointerTo,
  sequenceOf,
  typeId,
} from '../types/types.ts';
import type { Checker, Scope, TypeReader } from './checker.ts';
import { linkParameter } from './generics.ts';

type Reader = (scope: Scope, node: number, depth: number) => Type | undefined;

const PREDECLARED = new Set(
  'bool string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64 complex64 complex128 error any comparable'.split(
    ' ',
  ),
);
/** Types nested deeper than anyone writes them are not known. */
const DEEPEST = 40;
const UNSAFE_POINTER = basicType('unsafe.Pointer');

function predeclared(name: string): Type | undefined {
  if (!PREDECLARED.has(name)) return undefined;
  if (name === 'error') return ERROR;
  return name === 'any' || name === 'comparable' ? ANY : basicType(name);
}

/** A type of a module that was not given. */
function foreignType(path: string, name: string): Named {
  const type: Named = {
    kind: 'named',
    path,
    name,
    home: 'foreign',
    parameters: [],
    arguments: [],
    get origin() {
      return type;
    },
    methods: new Map(),
    underlying: () => undefined,
    instantiate: () => type,
    standardMethod: () => undefined,
  };
  return type;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers over shared tables.
export function createTypeReader(c: Checker, grammar: Grammar): TypeReader {
  const readers: (Reader | undefined)[] = [];
  const on = (kind: KindName, reader: Reader) => {
    readers[grammar.kind[kind]] = reader;
  };

  function lookup({ names, at }: Scope, name: string): Declared | undefined {
    const local = names.get(name) ?? at.home.names.get(name);
    if (local !== undefined) return local;
    const path = at.imports.get(name);
    if (path !== undefined) return { kind: 'package', path };
    for (const dot of at.dots) {
      const found = imported(dot, name);
      if (found !== undefined && found.kind !== 'foreign') return found;
    }
    return undefined;
  }

  function imported(path: string, name: string): Declared | undefined {
    const home = c.packages.get(path);
    if (home !== undefined) return home.names.get(name);
    const key = `${path}\0${name}`;
    const known = c.memo.imported.get(key);
    if (known !== undefined) return known;
    const found = outside(path, name);
    c.memo.imported.set(key, found);
    return found;
  }

  function outside(path: string, name: string): Declared {
    if (path === 'unsafe' && name === 'Pointer') return { kind: 'type', type: UNSAFE_POINTER };
    if (c.standard.packageName(path) === undefined) {
      const type = path === 'C' ? undefined : foreignType(path, name);
      return { kind: 'foreign', path, name, type };
    }
    const { kind, type } = c.standard.member(path, name);
    if (kind === 'type' || kind === 'const') return { kind, type };
    if (kind === 'var') {
      const slot = c.flow.slot();
      c.flow.add(slot, { origin: path });
      c.memo.ofLibrary.add(slot);
      return { kind: 'variable', type, slot };
    }
    const signature = type?.kind === 'func' ? type : undefined;
    return { kind: 'standard', path, name, type: signature };
  }

  function read(scope: Scope, node: number, depth: number): Type | undefined {
    if (node < 0 || depth > DEEPEST) return undefined;
    const kind = scope.at.file.view.tree.kind[node] as number;
    return readers[kind]?.(scope, node, depth + 1);
  }

  const first: Reader = (scope, node, depth) => {
    const inner = scope.at.file.view.children(node);
    return inner.length === 1 ? read(scope, inner[0] ?? -1, depth) : ANY;
  };

  const name: Reader = (scope, node) => {
    const text = scope.at.file.view.textOf(node);
    const declared = lookup(scope, text);
    if (declared === undefined) return predeclared(text);
    return declared.kind === 'type' ? declared.type : undefined;
  };

  const qualified: Reader = (scope, node) => {
    const { children, textOf } = scope.at.file.view;
    const [operand = -1, field = -1] = children(node);
    const declared = lookup(scope, textOf(operand));
    if (declared?.kind !== 'package') return undefined;
    const member = imported(declared.path, textOf(field));
    return member?.kind === 'type' || member?.kind === 'foreign' ? member.type : undefined;
  };

  const generic: Reader = (scope, node, depth) => {
    const { children, child } = scope.at.file.view;
    const [base = -1, ...rest] = children(node);
    const type = read(scope, base, depth);
    const list = child(node, 'type_arguments');
    const args = list < 0 ? rest : children(list);
    const types = args.map((arg) => read(scope, arg, depth));
    const alias = aliasParameters(scope, base);
    if (alias.length > 0) {
      alias.forEach((parameter, i) => void linkParameter(c, parameter, types[i]));
      return substitute(type, new Map(alias.map((parameter, i) => [parameter, types[i]] as const)));
    }
    if (type?.kind !== 'named') return type;
    type.parameters.forEach((parameter, i) => void linkParameter(c, parameter, types[i]));
    return type.instantiate(types);
  };

  /** The type parameters of the alias that a node names. */
  function aliasParameters(scope: Scope, node: number): readonly TypeParameter[] {
    const { is, textOf, children } = scope.at.file.view;
    const [home = -1, field = -1] = children(node);
    let declared: Declared | undefined;
    if (is(node, 'qualified_type') || is(node, 'selector_expression')) {
      const found = lookup(scope, textOf(home));
      if (found?.kind === 'package') declared = imported(found.path, textOf(field));
    } else declared = lookup(scope, textOf(node));
    return (declared?.kind === 'type' && declared.parameters) || [];
  }

  function signatureOf(scope: Scope, node: number): Func {
    return signature(scope, node, 0);
  }

  function signature(scope: Scope, node: number, depth: number): Func {
    const { child, children, is } = scope.at.file.view;
    const parameters: (Type | undefined)[] = [];
    const results: (Type | undefined)[] = [];
    let isVariadic = false;
    const list = child(node, 'parameters');
    for (const part of list < 0 ? [] : children(list)) {
      let type = read(scope, child(part, 'type'), depth);
      if (is(part, 'variadic_parameter_declaration')) {
        type = sequenceOf('slice', type);
        isVariadic = true;
      }
      push(parameters, type, children(part, 'name').length);
    }
    const result = child(node, 'result');
    if (is(result, 'parameter_list')) {
      for (const part of children(result))
        push(results, read(scope, child(part, 'type'), depth), children(part, 'name').length);
    } else if (result >= 0) results.push(read(scope, result, depth));
    return funcType(parameters, results, isVariadic);
  }

  function push(list: (Type | undefined)[], type: Type | undefined, names: number): void {
    for (let i = 0; i < Math.max(1, names); i++) list.push(type);
  }

  function structType(scope: Scope, node: number, depth: number): Struct {
    const { children, is } = scope.at.file.view;
    const fields = new Map<string, Field>();
    for (const part of children(children(node)[0] ?? node)) {
      if (is(part, 'field_declaration')) addFields(fields, scope, [part, depth]);
    }
    return { kind: 'struct', fields };
  }

  function addFields(
    fields: Map<string, Field>,
    scope: Scope,
    [part, depth]: readonly [number, number],
  ): void {
    const { child, children, textOf, text, tree } = scope.at.file.view;
    const names = children(part, 'name');
    const type = read(scope, child(part, 'type'), depth);
    const isPointer = names.length === 0 && text[tree.start[part] as number] === '*';
    const make = (isEmbedded: boolean): Field => ({
      type: isPointer ? pointerTo(type) : type,
      isEmbedded,
      slot: undefined,
    });
    for (const field of names) fields.set(textOf(field), make(false));
    if (names.length === 0)
      fields.set(embeddedName(scope.at.file, child(part, 'type')), make(true));
  }

  function embeddedName({ view }: ModuleFile, type: number): string {
    const { is, child, children, textOf } = view;
    let node = type;
    for (let i = 0; i < DEEPEST && (is(node, 'generic_type') || is(node, 'pointer_type')); i++)
      node = children(node)[0] ?? -1;
    return textOf(is(node, 'qualified_type') ? child(node, 'name') : node);
  }

  /** What an element of an interface names, when it is one type. */
  function only(scope: Scope, node: number, depth: number): Type | undefined {
    const inner = scope.at.file.view.children(node);
    return inner.length === 1 ? read(scope, inner[0] ?? -1, depth) : undefined;
  }

  function interfaceType(scope: Scope, node: number, depth: number): Interface {
    const { children, child, is, textOf } = scope.at.file.view;
    const methods = new Map<string, Func>();
    const embedded: Type[] = [];
    for (const part of children(node)) {
      if (is(part, 'method_elem')) {
        methods.set(textOf(child(part, 'name')), signature(scope, part, depth));
      } else {
        const type = is(part, 'type_elem') ? only(scope, part, depth) : undefined;
        if (type !== undefined) embedded.push(type);
      }
    }
    return { kind: 'interface', methods, embedded };
  }

  const typed = (scope: Scope, node: number, field: 'element' | 'value' | 'key', depth: number) =>
    read(scope, scope.at.file.view.child(node, field), depth);

  on('type_identifier', name);
  on('identifier', name);
  on('package_identifier', name);
  on('qualified_type', qualified);
  on('selector_expression', qualified);
  on('pointer_type', (scope, node, depth) =>
    pointerTo(read(scope, scope.at.file.view.children(node)[0] ?? -1, depth)),
  );
  on('unary_expression', (scope, node, depth) => {
    const { child, textOf } = scope.at.file.view;
    if (textOf(child(node, 'operator')) !== '*') return undefined;
    return pointerTo(read(scope, child(node, 'operand'), depth));
  });
  on('parenthesized_type', first);
  on('parenthesized_expression', first);
  on('type_constraint', first);
  on('type_elem', first);
  on('negated_type', first);
  on('slice_type', (s, node, depth) => sequenceOf('slice', typed(s, node, 'element', depth)));
  on('array_type', (s, node, depth) => sequenceOf('array', typed(s, node, 'element', depth)));
  on('implicit_length_array_type', (s, node, depth) =>
    sequenceOf('array', typed(s, node, 'element', depth)),
  );
  on('map_type', (s, node, depth) =>
    mapOf(typed(s, node, 'key', depth), typed(s, node, 'value', depth)),
  );
  on('channel_type', (s, node, depth) => sequenceOf('chan', typed(s, node, 'value', depth)));
  on('function_type', signature);
  on('generic_type', generic);
  on('type_instantiation_expression', generic);
  on('index_expression', generic);
  on('struct_type', (scope, node, depth) => {
    const struct = structType(scope, node, depth);
    const id = typeId(struct);
    const known = c.memo.structs.get(id);
    if (known === undefined) c.memo.structs.set(id, struct);
    return known ?? struct;
  });
  on('interface_type', interfaceType);

  /** Kinds that may name a type where an expression stands, and when they do. */
  function isTypeName(scope: Scope, node: number, depth: number): boolean {
    const { is, textOf, children, child } = scope.at.file.view;
    if (is(node, 'identifier')) {
      const text = textOf(node);
      const declared = lookup(scope, text);
      return declared === undefined ? PREDECLARED.has(text) : declared.kind === 'type';
    }
    if (is(node, 'selector_expression')) return isQualifiedType(scope, node);
    if (depth > DEEPEST) return false;
    if (is(node, 'unary_expression')) {
      const isStar = textOf(child(node, 'operator')) === '*';
      return isStar && isTypeName(scope, child(node, 'operand'), depth + 1);
    }
    return isTypeNode(scope, children(node)[0] ?? -1, depth + 1);
  }

  function isQualifiedType(scope: Scope, node: number): boolean {
    const { is, textOf, child } = scope.at.file.view;
    const operand = child(node, 'operand');
    if (!is(operand, 'identifier')) return false;
    const declared = lookup(scope, textOf(operand));
    if (declared?.kind !== 'package') return false;
    return imported(declared.path, textOf(child(node, 'field')))?.kind === 'type';
  }

  const wrapped = new Set(
    (
      [
        'identifier',
        'selector_expression',
        'unary_expression',
        'parenthesized_expression',
        'index_expression',
        'type_instantiation_expression',
      ] as const
    ).map((kind) => grammar.kind[kind]),
  );

  function isTypeNode(scope: Scope, node: number, depth: number): boolean {
    if (node < 0) return false;
    const kind = scope.at.file.view.tree.kind[node] as number;
    return wrapped.has(kind) ? isTypeName(scope, node, depth) : readers[kind] !== undefined;
  }

  return {
    lookup,
    imported,
    signatureOf,
    typeOf: (scope, node) => read(scope, node, 0),
    declaredType: (scope, node) =>
      scope.at.file.view.is(node, 'struct_type')
        ? structType(scope, node, 1)
        : read(scope, node, 0),
    typeNamedBy: (scope, node) => (isTypeNode(scope, node, 0) ? read(scope, node, 0) : undefined),
  };
}
