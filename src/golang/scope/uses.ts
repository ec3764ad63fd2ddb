import type { Use } from './file-scan.ts';
import type { KindName, TreeView } from './tree-view.ts';

/** How an expression is used, and the name that it is kept under. */
export interface Usage {
  readonly use: Use;
  readonly keptAs: string;
}

const CLIMB = 12;
const RUNNERS = new Set([
  'AfterFunc',
  'Do',
  'Go',
  'OnceFunc',
  'OnceValue',
  'OnceValues',
  'Walk',
  'WalkDir',
  'Map',
  'Range',
  'SortFunc',
  'Slice',
]);
const TRANSPARENT: readonly KindName[] = [
  'parenthesized_expression',
  'type_instantiation_expression',
  'unary_expression',
  'variadic_argument',
];
/** Nodes of a list beyond which nobody assigns by hand; looking up places in it would be quadratic. */
const LONGEST_LIST = 2000;
const CALLED: Usage = { use: 'called', keptAs: '' };
const PASSED: Usage = { use: 'passed', keptAs: '' };
const STORED: Usage = { use: 'stored', keptAs: '' };

/** Tells whether the expression at a node is called, passed to a call, or kept. */
export function createUsage(view: TreeView): (node: number) => Usage {
  const { tree, is, child, children, textOf } = view;

  /** The selector's field, or the variable, that the right side of an assignment is kept in. */
  function targetOf(list: number, value: number): string {
    const assignment = tree.parent[list] as number;
    const isLong = (tree.skip[list] as number) - list > LONGEST_LIST;
    if (isLong || !is(assignment, 'assignment_statement')) return '';
    const place = children(list).indexOf(value);
    const target = children(child(assignment, 'left'))[place] ?? -1;
    if (is(target, 'selector_expression')) return textOf(child(target, 'field'));
    return is(target, 'identifier') ? textOf(target) : '';
  }

  /** True for calls that run a function they are given: `once.Do(f)`, `time.AfterFunc(d, f)`. */
  function runsArguments(list: number): boolean {
    const callee = child(tree.parent[list] as number, 'function');
    return is(callee, 'selector_expression') && RUNNERS.has(textOf(child(callee, 'field')));
  }

  function inLiteral(parent: number): Usage {
    const element = tree.parent[parent] as number;
    if (!is(element, 'keyed_element')) return STORED;
    return { use: 'stored', keptAs: textOf(child(element, 'key')) };
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one line for each kind of parent.
  function step(node: number, parent: number): Usage | 'up' {
    if (is(parent, 'call_expression')) return child(parent, 'function') === node ? CALLED : STORED;
    if (is(parent, 'argument_list')) return runsArguments(parent) ? CALLED : PASSED;
    if (is(parent, 'literal_element')) return inLiteral(parent);
    if (is(parent, 'expression_list')) return { use: 'stored', keptAs: targetOf(parent, node) };
    if (is(parent, 'index_expression')) return child(parent, 'operand') === node ? 'up' : STORED;
    return TRANSPARENT.some((kind) => is(parent, kind)) ? 'up' : STORED;
  }

  return (start) => {
    let node = start;
    for (let i = 0; i < CLIMB; i++) {
      const parent = tree.parent[node] as number;
      const usage = step(node, parent);
      if (usage !== 'up') return usage;
      node = parent;
    }
    return STORED;
  };
}
