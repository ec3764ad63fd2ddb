import type { Bindings } from './bindings.ts';
import type { TreeView } from './tree-view.ts';
import type { TypeHints } from './type-hints.ts';

/** The hint of a parameter of unknown type: its values come from callers, who are charged for them. */
export const PARAMETER = '!';

/** Local declarations: which names a statement brings into scope, and from where on. */
export interface Declarations {
  parameter(node: number): void;
  shortVariable(node: number): void;
  localVariable(node: number): void;
  localType(node: number): void;
  rangeClause(node: number): void;
  receive(node: number): void;
  typeSwitch(node: number): void;
}

/** Handlers that declare into `bindings`; `literalAt` names the function literal at a node. */
export function createDeclarations(
  view: TreeView,
  bindings: Bindings,
  { hints, literalAt }: { readonly hints: TypeHints; readonly literalAt: (node: number) => string },
): Declarations {
  const { tree, text, textOf, is, child, children } = view;
  const behind = (node: number) => tree.skip[node] as number;

  /** The hint of the value that the i-th of several names gets. */
  function hintOfValue(values: readonly number[], names: number, i: number): string {
    const value = values[i];
    if (value === undefined || (values.length !== names && i > 0)) {
      // `v, err := f()`: the first name has f's first result, the others are not known.
      return i === 0 && values[0] !== undefined ? hints.ofExpression(values[0]) : '';
    }
    return is(value, 'func_literal') ? literalAt(value) : hints.ofExpression(value);
  }

  function declareList(node: number, at: number): void {
    const names = children(child(node, 'left'));
    const values = children(child(node, 'right'));
    names.forEach((name, i) => {
      if (is(name, 'identifier'))
        bindings.declareAt(at, textOf(name), hintOfValue(values, names.length, i));
    });
  }

  return {
    parameter(node) {
      const hint = hints.ofType(child(node, 'type')) || PARAMETER;
      for (const name of children(node, 'name')) bindings.declare(textOf(name), hint);
    },
    shortVariable: (node) => declareList(node, behind(node)),
    localVariable(node) {
      const type = child(node, 'type');
      const names = children(node, 'name');
      const values = children(child(node, 'value'));
      names.forEach((name, i) => {
        const hint = type < 0 ? hintOfValue(values, names.length, i) : hints.ofType(type);
        bindings.declareAt(behind(node), textOf(name), hint);
      });
    },
    localType: (node) => bindings.declare(textOf(child(node, 'name')), ''),
    rangeClause(node) {
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (left < 0 || right < 0) return;
      const between = text.slice(tree.end[left], tree.start[right]);
      if (!between.includes(':=')) return;
      for (const name of children(left)) {
        if (is(name, 'identifier')) bindings.declareAt(behind(node), textOf(name), '');
      }
    },
    receive(node) {
      const left = child(node, 'left');
      if (left < 0 || !text.slice(tree.end[left], tree.start[child(node, 'right')]).includes(':='))
        return;
      for (const name of children(left)) bindings.declareAt(behind(node), textOf(name), '');
    },
    typeSwitch(node) {
      const alias = child(node, 'alias');
      const value = child(node, 'value');
      if (alias < 0 || value < 0) return;
      for (const name of children(alias)) bindings.declareAt(behind(value), textOf(name), '');
    },
  };
}
