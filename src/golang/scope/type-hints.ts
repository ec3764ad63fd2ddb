import type { Bindings, TypeHint } from './bindings.ts';
import type { ScannedImport } from './file-scan.ts';
import type { TreeView } from './tree-view.ts';

// A hint is a text: what a value's type is, as far as one file can tell.
//   ''            unknown
//   'path\0T'     type T of the package at path; an empty path is the file's own package
//   '?path\0f'    whatever function f of that package gives back first
//   '@\0v'        the type of the package variable v
//   '@path\0v'    the type of variable v of the package at path
//   '#f\0' + hint  the type of field f of what the hint says
//   '=7'          function literal 7 of the file

/** The hint of a type of a package; the file's own for an empty path. */
export function namedTypeHint(path: string, name: string): TypeHint {
  return `${path}\0${name}`;
}

/** Reads hints off types and expressions. */
export interface TypeHints {
  ofType(node: number): TypeHint;
  ofExpression(node: number): TypeHint;
}

const DEPTH = 12;
const LONGEST_CHAIN = 6;
const STATES_ITS_TYPE = [
  'composite_literal',
  'type_assertion_expression',
  'type_conversion_expression',
] as const;

function prefixed(mark: string, hint: TypeHint): TypeHint {
  return hint === '' ? '' : mark + hint;
}

/** A reader of hints for one file. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one reader for each form over one tree.
export function createTypeHints(
  view: TreeView,
  bindings: Bindings,
  importNamed: (name: string) => ScannedImport | undefined,
): TypeHints {
  const { textOf, is, child, children } = view;

  const firstOf = (node: number) => children(node)[0] ?? -1;

  function ofQualified(node: number): TypeHint {
    const path = importNamed(textOf(child(node, 'package')))?.path;
    return path === undefined ? '' : namedTypeHint(path, textOf(child(node, 'name')));
  }

  function ofType(start: number): TypeHint {
    let node = start;
    for (let depth = 0; depth < DEPTH; depth++) {
      if (is(node, 'generic_type')) node = child(node, 'type');
      else if (is(node, 'pointer_type') || is(node, 'parenthesized_type')) node = firstOf(node);
      else break;
    }
    if (is(node, 'type_identifier')) return namedTypeHint('', textOf(node));
    return is(node, 'qualified_type') ? ofQualified(node) : '';
  }

  function ofName(name: string): TypeHint {
    return bindings.find(name) ?? `@\0${name}`;
  }

  function ofSelector(node: number): TypeHint {
    const operand = child(node, 'operand');
    const name = textOf(operand);
    if (!is(operand, 'identifier') || bindings.find(name) !== undefined) return '';
    const path = importNamed(name)?.path;
    return path === undefined ? '' : `${path}\0${textOf(child(node, 'field'))}`;
  }

  function ofCall(node: number): TypeHint {
    const callee = child(node, 'function');
    if (is(callee, 'selector_expression')) return prefixed('?', ofSelector(callee));
    if (!is(callee, 'identifier')) return '';
    const name = textOf(callee);
    if (bindings.find(name) !== undefined) return '';
    if (name !== 'new') return `?\0${name}`;
    const argument = children(child(node, 'arguments'))[0] ?? -1;
    // Inside an argument list a type may be read as an expression.
    if (is(argument, 'identifier')) return namedTypeHint('', textOf(argument));
    return is(argument, 'selector_expression') ? ofSelector(argument) : ofType(argument);
  }

  /** A chain of fields; what is longer than any by hand is not followed. */
  function ofField(start: number): TypeHint {
    const fields: string[] = [];
    let node = start;
    while (is(node, 'selector_expression') && fields.length < LONGEST_CHAIN) {
      fields.push(textOf(child(node, 'field')));
      node = child(node, 'operand');
      const imported = prefixed('@', is(node, 'selector_expression') ? ofSelector(node) : '');
      if (imported !== '') return nest(fields, imported);
    }
    return is(node, 'selector_expression') ? '' : nest(fields, ofExpression(node));
  }

  function nest(fields: readonly string[], hint: TypeHint): TypeHint {
    if (hint === '' || hint.startsWith('=') || hint.startsWith('!')) return '';
    return fields.map((field) => `#${field}\0`).join('') + hint;
  }

  function ofExpression(start: number): TypeHint {
    let node = start;
    for (let depth = 0; depth < DEPTH; depth++) {
      if (is(node, 'parenthesized_expression')) node = firstOf(node);
      else if (is(node, 'unary_expression')) node = child(node, 'operand');
      else break;
    }
    if (STATES_ITS_TYPE.some((kind) => is(node, kind))) return ofType(child(node, 'type'));
    if (is(node, 'identifier')) return ofName(textOf(node));
    if (is(node, 'selector_expression')) return prefixed('@', ofSelector(node)) || ofField(node);
    return is(node, 'call_expression') ? ofCall(node) : '';
  }

  return { ofType, ofExpression };
}
