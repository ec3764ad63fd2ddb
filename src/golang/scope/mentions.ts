import { MISSING_BIT } from '../syntax/flat-tree.ts';
import type { Bindings, TypeHint } from './bindings.ts';
import { PARAMETER } from './declarations.ts';
import type { ReferenceKind, ScannedImport } from './file-scan.ts';
import type { KindName, TreeView } from './tree-view.ts';
import { namedTypeHint, type TypeHints } from './type-hints.ts';
import { createUsage, type Usage } from './uses.ts';

/** Names that every package has and that lead nowhere. */
export const BUILTINS = new Set([
  'append',
  'cap',
  'clear',
  'close',
  'complex',
  'copy',
  'delete',
  'imag',
  'len',
  'make',
  'max',
  'min',
  'new',
  'panic',
  'print',
  'println',
  'real',
  'recover',
  'bool',
  'byte',
  'error',
  'any',
  'float32',
  'float64',
  'int',
  'int8',
  'int16',
  'int32',
  'int64',
  'rune',
  'string',
  'uint',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'uintptr',
  'complex64',
  'complex128',
]);
const NAMES_ITS_OWN: readonly KindName[] = [
  'function_declaration',
  'parameter_declaration',
  'variadic_parameter_declaration',
  'var_spec',
  'const_spec',
  'type_parameter_declaration',
];

const WRAPS_A_TYPE: readonly KindName[] = [
  'generic_type',
  'parenthesized_type',
  'slice_type',
  'array_type',
];
const DEEPEST_TYPE = 8;
const CALLED: Usage = { use: 'called', keptAs: '' };

/** What mentions are read with. */
export interface MentionTools {
  readonly bindings: Bindings;
  readonly hints: TypeHints;
  readonly importNamed: (name: string) => ScannedImport | undefined;
  /** Writes a reference down in the function that is being walked. */
  readonly refer: (
    kind: ReferenceKind,
    target: string,
    at: readonly [node: number, usage: Usage],
  ) => void;
}

/** Handlers for the nodes that may mention a function. */
export interface Mentions {
  identifier(node: number): void;
  selector(node: number): void;
  conversion(node: number): void;
  /** A value of the hinted type is made at a node. */
  made(node: number, hint: string): void;
  usageOf(node: number): Usage;
}

/** Reads mentions off one tree. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: handlers over one tree.
export function createMentions(
  view: TreeView,
  { bindings, hints, importNamed, refer }: MentionTools,
): Mentions {
  const { tree, grammar, is, child, children, textOf } = view;
  const usageOf = createUsage(view);
  const parentOf = (node: number) => tree.parent[node] as number;

  function bareName(node: number, usage: Usage): void {
    const name = textOf(node);
    const hint = bindings.find(name);
    if (hint !== undefined) localName(node, hint, usage);
    else if (name !== '_' && !BUILTINS.has(name)) refer('name', name, [node, usage]);
  }

  /** A local name leads to what it stands for: a literal, a function, a variable. */
  function localName(node: number, hint: TypeHint, usage: Usage): void {
    if (hint.startsWith('=')) refer('literal', hint.slice(1), [node, usage]);
    else if (usage.use !== 'called' || hint === PARAMETER) return;
    else if (hint.startsWith('@\0')) refer('name', hint.slice(2), [node, usage]);
    else if (hint.startsWith('@')) refer('package', hint.slice(1), [node, usage]);
    else refer('unknown', '', [node, usage]);
  }

  function isDeclaredHere(node: number): boolean {
    const parent = parentOf(node);
    if ((tree.field[node] as number) % MISSING_BIT === grammar.field.name) {
      return NAMES_ITS_OWN.some((kind) => is(parent, kind));
    }
    if (is(parent, 'literal_element')) {
      const element = parentOf(parent);
      return is(element, 'keyed_element') && child(element, 'key') === parent;
    }
    if (!is(parent, 'expression_list')) return false;
    const statement = parentOf(parent);
    const declares = is(statement, 'short_var_declaration') || is(statement, 'range_clause');
    return declares && child(statement, 'left') === parent;
  }

  function isSelectorOperand(node: number): boolean {
    const parent = parentOf(node);
    return is(parent, 'selector_expression') && child(parent, 'operand') === node;
  }

  function identifier(node: number): void {
    if (!isSelectorOperand(node) && !isDeclaredHere(node)) bareName(node, usageOf(node));
  }

  function selector(node: number): void {
    const operand = child(node, 'operand');
    const member = textOf(child(node, 'field'));
    const usage = usageOf(node);
    if (is(operand, 'identifier')) {
      const name = textOf(operand);
      const imported = bindings.find(name) === undefined ? importNamed(name) : undefined;
      if (imported !== undefined) {
        refer('package', namedTypeHint(imported.path, member), [node, usage]);
        return;
      }
    }
    const hint = hints.ofExpression(operand);
    // A field of something unknown that is only read leads nowhere.
    const isVague = hint === '' || hint === PARAMETER || hint.startsWith('#');
    const isIdle = usage.use === 'stored' && isVague;
    if (!isIdle) refer('member', `${hint}\0\0${member}`, [node, usage]);
  }

  /** `G[int](x)` and `(f)(x)` parse as conversions: what looks like a type may be a function. */
  function conversion(node: number): void {
    let type = child(node, 'type');
    for (let i = 0; i < DEEPEST_TYPE && WRAPS_A_TYPE.some((kind) => is(type, kind)); i++) {
      type = children(type)[0] ?? -1;
    }
    if (is(type, 'type_identifier')) bareName(type, CALLED);
    const hint = is(type, 'qualified_type') ? hints.ofType(type) : '';
    if (hint !== '') refer('package', hint, [type, CALLED]);
  }

  function made(node: number, hint: string): void {
    const path = hint.slice(0, hint.indexOf('\0'));
    if (path !== '' && !/^[?@]/.test(path)) refer('package', `${hint}{}`, [node, CALLED]);
  }

  return { identifier, selector, conversion, made, usageOf };
}
