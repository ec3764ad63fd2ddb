import type { KindName } from '#golang';
import {
  ANY,
  EMPTY_INTERFACE,
  type FieldType,
  type FuncType,
  type InterfaceType,
  type NamedType,
  PARAMETER,
  PREDECLARED,
  structOf,
  type Type,
} from '../run/types.ts';
import type { Compiler, Meaning } from './compiler.ts';
import { unquoteBytes } from './constants.ts';
import type { Context } from './model.ts';

type Reader = (at: Context, node: number, depth: number) => Type;

const DEEPEST = 40;
/** Arrays of more elements are not followed. */
const LONGEST_ARRAY = 4_194_304;

/** A named type of a package; its underlying type is read when asked for. */
export function namedType(path: string, name: string, read: () => Type): NamedType {
  let known: Type | undefined;
  let isReading = false;
  return {
    kind: 'named',
    path,
    name,
    under() {
      if (known !== undefined || isReading) return known ?? ANY;
      isReading = true;
      known = read();
      isReading = false;
      return known;
    },
  };
}

/** The names in a list of type parameters. */
export function typeParameters(
  { file: { view } }: Pick<Context, 'file'>,
  node: number,
): readonly string[] {
  const list = view.child(node, 'type_parameters');
  if (list < 0) return [];
  return view.children(list).flatMap((one) => view.children(one, 'name').map(view.textOf));
}

/** Declares a type or an alias where it stands; gives the type. */
export function declaredType(c: Compiler, at: Context, spec: number): Type {
  const { view, home } = at.file;
  const node = view.child(spec, 'type');
  const name = view.textOf(view.child(spec, 'name'));
  const names = typeParameters(at, spec);
  const read = () => {
    at.scope.open();
    for (const one of names) at.scope.declare(one, { kind: 'type', type: PARAMETER });
    const type = c.typeOf(at, node);
    at.scope.close();
    return type;
  };
  return view.is(spec, 'type_alias') ? read() : namedType(home.path, name, read);
}

/** The readers of types, by the number of their kind. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of small readers.
export function createTypeReader(
  c: Pick<
    Compiler,
    'grammar' | 'library' | 'meaningOf' | 'packages' | 'declarationIn' | 'constant'
  >,
): Pick<Compiler, 'typeOf' | 'typeNamedBy' | 'signatureOf'> {
  const readers: (Reader | undefined)[] = [];
  const on = (kind: KindName, reader: Reader) => {
    readers[c.grammar.kind[kind]] = reader;
  };

  function read(at: Context, node: number, depth: number): Type {
    if (node < 0 || depth > DEEPEST) return ANY;
    return readers[at.file.view.tree.kind[node] as number]?.(at, node, depth + 1) ?? ANY;
  }

  function typeMeant(meaning: Meaning | undefined): Type | undefined {
    if (meaning?.kind !== 'type') return undefined;
    return typeof meaning.type === 'function' ? meaning.type() : meaning.type;
  }

  const name: Reader = (at, node) => {
    const text = at.file.view.textOf(node);
    const meaning = c.meaningOf(at, text);
    if (meaning === undefined) return PREDECLARED.get(text) ?? ANY;
    return typeMeant(meaning) ?? ANY;
  };

  function ofPackage(at: Context, node: number): Type | undefined {
    const { children, textOf } = at.file.view;
    const [operand = -1, field = -1] = children(node);
    const meaning = c.meaningOf(at, textOf(operand));
    if (meaning?.kind !== 'package') return undefined;
    const home = c.packages.get(meaning.path);
    if (home === undefined) return c.library.type(meaning.path, textOf(field));
    return typeMeant(c.declarationIn(undefined, home, textOf(field)));
  }

  const first: Reader = (at, node, depth) => read(at, at.file.view.children(node)[0] ?? -1, depth);

  const list = (at: Context, node: number, depth: number): readonly Type[] => {
    const { child, children } = at.file.view;
    return (node < 0 ? [] : children(node)).flatMap((part) => {
      const type = read(at, child(part, 'type'), depth);
      return Array.from({ length: Math.max(1, children(part, 'name').length) }, () => type);
    });
  };

  function signature(at: Context, node: number, depth: number): FuncType {
    const { child, children, is } = at.file.view;
    const parameters = child(node, 'parameters');
    const result = child(node, 'result');
    const last = parameters < 0 ? undefined : children(parameters).at(-1);
    const isVariadic = last !== undefined && is(last, 'variadic_parameter_declaration');
    const types = list(at, parameters, depth).map(
      (type, i, all): Type =>
        isVariadic && i === all.length - 1 ? { kind: 'slice', element: type } : type,
    );
    const results = is(result, 'parameter_list')
      ? list(at, result, depth)
      : result < 0
        ? []
        : [read(at, result, depth)];
    return { kind: 'func', parameters: types, results, isVariadic };
  }

  function fieldsOf(at: Context, part: number, depth: number): readonly FieldType[] {
    const { child, children, textOf, text, tree, is } = at.file.view;
    if (!is(part, 'field_declaration')) return [];
    const names = children(part, 'name');
    const typeNode = child(part, 'type');
    const type = read(at, typeNode, depth);
    const tag = unquoteBytes(textOf(child(part, 'tag'))) ?? '';
    if (names.length > 0)
      return names.map((one) => ({ name: textOf(one), type, isEmbedded: false, tag }));
    const isPointer = text[tree.start[part] as number] === '*';
    const base = is(typeNode, 'generic_type') ? child(typeNode, 'type') : typeNode;
    const shown = textOf(base);
    return [
      {
        name: shown.slice(shown.lastIndexOf('.') + 1),
        type: isPointer ? { kind: 'pointer', element: type } : type,
        isEmbedded: true,
        tag,
      },
    ];
  }

  const struct: Reader = (at, node, depth) => {
    const { children } = at.file.view;
    const inner = children(children(node)[0] ?? node);
    return structOf(inner.flatMap((part) => fieldsOf(at, part, depth)));
  };

  function interfaceType(at: Context, node: number): InterfaceType {
    const { children, is, textOf, child } = at.file.view;
    const parts = children(node).filter((part) => !is(part, 'comment'));
    if (parts.length === 0) return EMPTY_INTERFACE;
    const methods = parts.filter((part) => is(part, 'method_elem'));
    return {
      kind: 'interface',
      methods: new Set(methods.map((part) => textOf(child(part, 'name')))),
      isKnown: methods.length === parts.length,
    };
  }

  const element: Reader = (at, node, depth) => read(at, at.file.view.child(node, 'element'), depth);

  on('type_identifier', name);
  on('identifier', name);
  on('qualified_type', (at, node) => ofPackage(at, node) ?? ANY);
  on('selector_expression', (at, node) => ofPackage(at, node) ?? ANY);
  on('pointer_type', (at, node, depth) => ({ kind: 'pointer', element: first(at, node, depth) }));
  on('unary_expression', (at, node, depth) => {
    const { child, textOf } = at.file.view;
    if (textOf(child(node, 'operator')) !== '*') return ANY;
    return { kind: 'pointer', element: read(at, child(node, 'operand'), depth) };
  });
  on('parenthesized_type', first);
  on('parenthesized_expression', first);
  on('slice_type', (at, node, depth) => ({ kind: 'slice', element: element(at, node, depth) }));
  on('array_type', (at, node, depth) => {
    const length = c.constant(at, at.file.view.child(node, 'length')).v;
    if (typeof length !== 'number' || length < 0 || length > LONGEST_ARRAY) return ANY;
    return { kind: 'array', element: element(at, node, depth), length };
  });
  // Its length is that of the literal it stands in front of.
  on('implicit_length_array_type', (at, node, depth) => ({
    kind: 'array',
    element: element(at, node, depth),
    length: -1,
  }));
  on('map_type', (at, node, depth) => ({
    kind: 'map',
    key: read(at, at.file.view.child(node, 'key'), depth),
    element: read(at, at.file.view.child(node, 'value'), depth),
  }));
  on('channel_type', (at, node, depth) => ({
    kind: 'chan',
    element: read(at, at.file.view.child(node, 'value'), depth),
  }));
  on('function_type', signature);
  on('generic_type', first);
  on('type_instantiation_expression', first);
  on('index_expression', first);
  on('struct_type', struct);
  on('interface_type', interfaceType);

  const wrappers: ReadonlySet<number> = new Set(
    (
      [
        'parenthesized_expression',
        'index_expression',
        'type_instantiation_expression',
        'generic_type',
        'parenthesized_type',
      ] as const
    ).map((kind) => c.grammar.kind[kind]),
  );

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one small decision for each kind of type.
  function namesType(at: Context, node: number, depth: number): boolean {
    const { is, textOf, child, children, tree } = at.file.view;
    if (node < 0 || depth > DEEPEST) return false;
    if (is(node, 'identifier') || is(node, 'type_identifier')) {
      const meaning = c.meaningOf(at, textOf(node));
      return meaning === undefined ? PREDECLARED.has(textOf(node)) : meaning.kind === 'type';
    }
    if (is(node, 'selector_expression') || is(node, 'qualified_type'))
      return ofPackage(at, node) !== undefined;
    if (is(node, 'unary_expression'))
      return (
        textOf(child(node, 'operator')) === '*' && namesType(at, child(node, 'operand'), depth + 1)
      );
    const kind = tree.kind[node] as number;
    if (wrappers.has(kind)) return namesType(at, children(node)[0] ?? -1, depth + 1);
    return readers[kind] !== undefined;
  }

  return {
    typeOf: (at, node) => read(at, node, 0),
    typeNamedBy: (at, node) => (namesType(at, node, 0) ? read(at, node, 0) : undefined),
    signatureOf: (at, node) => signature(at, node, 0),
  };
}
