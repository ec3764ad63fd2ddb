import { ERROR_KIND, type FlatTree, MISSING_BIT } from '../syntax/flat-tree.ts';
import type { GoParser } from '../syntax/go-parser.ts';

const KINDS = [
  'array_type',
  'assignment_statement',
  'binary_expression',
  'block',
  'break_statement',
  'call_expression',
  'channel_type',
  'comment',
  'communication_case',
  'composite_literal',
  'const_declaration',
  'const_spec',
  'continue_statement',
  'dec_statement',
  'default_case',
  'defer_statement',
  'expression_case',
  'expression_list',
  'expression_statement',
  'expression_switch_statement',
  'fallthrough_statement',
  'false',
  'field_declaration',
  'float_literal',
  'for_clause',
  'for_statement',
  'func_literal',
  'function_declaration',
  'function_type',
  'generic_type',
  'go_statement',
  'goto_statement',
  'identifier',
  'if_statement',
  'imaginary_literal',
  'implicit_length_array_type',
  'import_spec',
  'inc_statement',
  'index_expression',
  'int_literal',
  'interface_type',
  'interpreted_string_literal',
  'iota',
  'keyed_element',
  'label_name',
  'labeled_statement',
  'literal_element',
  'literal_value',
  'map_type',
  'method_declaration',
  'method_elem',
  'negated_type',
  'nil',
  'package_clause',
  'package_identifier',
  'parameter_declaration',
  'parameter_list',
  'parenthesized_expression',
  'parenthesized_type',
  'pointer_type',
  'qualified_type',
  'range_clause',
  'raw_string_literal',
  'receive_statement',
  'return_statement',
  'rune_literal',
  'select_statement',
  'selector_expression',
  'send_statement',
  'short_var_declaration',
  'slice_expression',
  'slice_type',
  'source_file',
  'statement_list',
  'struct_type',
  'true',
  'type_alias',
  'type_assertion_expression',
  'type_case',
  'type_constraint',
  'type_conversion_expression',
  'type_declaration',
  'type_elem',
  'type_identifier',
  'type_instantiation_expression',
  'type_switch_statement',
  'type_spec',
  'unary_expression',
  'var_declaration',
  'var_spec',
  'var_spec_list',
  'variadic_argument',
  'variadic_parameter_declaration',
] as const;

const FIELDS = [
  'alias',
  'alternative',
  'arguments',
  'body',
  'capacity',
  'channel',
  'communication',
  'condition',
  'consequence',
  'element',
  'end',
  'field',
  'function',
  'initializer',
  'key',
  'label',
  'left',
  'length',
  'name',
  'operand',
  'operator',
  'package',
  'parameters',
  'path',
  'receiver',
  'result',
  'right',
  'start',
  'tag',
  'type',
  'type_arguments',
  'type_parameters',
  'update',
  'value',
] as const;

/** The name of a node kind that the analysis looks at. */
export type KindName = (typeof KINDS)[number];

/** The numbers of kinds and fields in the loaded grammar. */
export interface Grammar {
  readonly kind: Readonly<Record<KindName, number>>;
  readonly field: Readonly<Record<(typeof FIELDS)[number], number>>;
}

/** Looks the numbers up once. */
export function readGrammar(parser: GoParser): Grammar {
  const kind = Object.fromEntries(KINDS.map((name) => [name, parser.kindOf(name)]));
  const field = Object.fromEntries(FIELDS.map((name) => [name, parser.fieldOf(name)]));
  return { kind, field } as unknown as Grammar;
}

/** A tree with its text: what a walk asks of a node. Nodes are numbers; -1 is no node. */
export interface TreeView {
  readonly tree: FlatTree;
  readonly text: string;
  readonly grammar: Grammar;
  textOf(node: number): string;
  is(node: number, kind: KindName): boolean;
  /** The first child in a field. */
  child(node: number, field: keyof Grammar['field']): number;
  /** All children in a field, or all children. */
  children(node: number, field?: keyof Grammar['field']): readonly number[];
  isBroken(node: number): boolean;
}

/** A view of one parsed file. */
export function createTreeView(tree: FlatTree, text: string, grammar: Grammar): TreeView {
  const { kind, start, end, skip, field } = tree;
  const at = (column: Uint16Array | Uint32Array | Int32Array, node: number) =>
    column[node] as number;

  function child(node: number, name: keyof Grammar['field']): number {
    const wanted = grammar.field[name];
    const stop = at(skip, node);
    for (let i = node + 1; i < stop; i = at(skip, i)) {
      if ((field[i] as number) % MISSING_BIT === wanted) return i;
    }
    return -1;
  }

  function children(node: number, name?: keyof Grammar['field']): readonly number[] {
    const wanted = name === undefined ? undefined : grammar.field[name];
    const found: number[] = [];
    for (let i = node + 1; i < at(skip, node); i = at(skip, i)) {
      if (wanted === undefined || (field[i] as number) % MISSING_BIT === wanted) found.push(i);
    }
    return found;
  }

  return {
    tree,
    text,
    grammar,
    child,
    children,
    textOf: (node) => (node < 0 ? '' : text.slice(at(start, node), at(end, node))),
    is: (node, name) => node >= 0 && kind[node] === grammar.kind[name],
    isBroken: (node) => kind[node] === ERROR_KIND || (field[node] as number) >= MISSING_BIT,
  };
}
