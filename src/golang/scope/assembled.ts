import { unquoteGo } from './constants.ts';
import type { TreeView } from './tree-view.ts';

/** A string that code puts together from single places of a table, and its value. */
export interface Assembled {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const FEWEST_PARTS = 3;
const MOST_PARTS = 10_000;
const MOST_SUMS = 1000;

/** Finds `t[3] + t[0] + …` over tables of constants, the way droppers hide their command. */
export interface AssembledStrings {
  /** Is shown every variable and its initial value. */
  table(name: string, value: number): void;
  /** Is shown every outermost `+`. */
  sum(node: number): void;
  /** What the sums come to; to be called when the whole file was shown. */
  finish(): readonly Assembled[];
}

/** A finder for one file. */
export function createAssembledStrings(view: TreeView): AssembledStrings {
  const { tree, is, child, children, textOf } = view;
  // Undefined: two tables of one name. Go's scopes would tell; a wrong value would be worse than none.
  const tables = new Map<string, readonly string[] | undefined>();
  const sums: number[] = [];

  function elementsOf(value: number): readonly string[] | undefined {
    if (!is(value, 'composite_literal')) return undefined;
    const elements = children(child(value, 'body')).map((element) => children(element)[0] ?? -1);
    const isString = (node: number) =>
      is(node, 'interpreted_string_literal') || is(node, 'raw_string_literal');
    if (elements.length < FEWEST_PARTS || !elements.every(isString)) return undefined;
    return elements.map((node) => unquoteGo(textOf(node)));
  }

  /** The operands of a chain of `+`, left to right; the chain leans left. */
  function operandsOf(sum: number): readonly number[] {
    const operands: number[] = [];
    let node = sum;
    while (is(node, 'binary_expression') && operands.length < MOST_PARTS) {
      operands.push(child(node, 'right'));
      node = child(node, 'left');
    }
    return [...operands, node].reverse();
  }

  function readValue(
    node: number,
  ): { readonly text: string; readonly isIndexed: boolean } | undefined {
    if (is(node, 'interpreted_string_literal') || is(node, 'raw_string_literal')) {
      return { text: unquoteGo(textOf(node)), isIndexed: false };
    }
    if (!is(node, 'index_expression')) return undefined;
    const [operand = -1, index = -1] = children(node);
    const text = tables.get(textOf(operand))?.[Number(textOf(index))];
    return text === undefined || !is(index, 'int_literal') ? undefined : { text, isIndexed: true };
  }

  return {
    table(name, value) {
      const elements = elementsOf(value);
      if (elements !== undefined) tables.set(name, tables.has(name) ? undefined : elements);
    },
    sum(node) {
      if (sums.length < MOST_SUMS) sums.push(node);
    },
    finish: () =>
      sums.flatMap((node) => {
        const parts = operandsOf(node).map(readValue);
        const known = parts.filter((part) => part !== undefined);
        const indexed = known.filter((part) => part.isIndexed);
        if (known.length !== parts.length || indexed.length < FEWEST_PARTS) return [];
        const value = known.map((part) => part.text).join('');
        return [{ start: tree.start[node] as number, end: tree.end[node] as number, value }];
      }),
  };
}
