import type { Value } from './model.ts';
import { NONE } from './model.ts';
import type { Walk } from './walk.ts';

/** A call with its parts evaluated. */
export interface Call {
  readonly node: number;
  readonly count: number;
  readonly nodes: readonly number[];
  readonly args: readonly Value[];
  readonly isSpread: boolean;
  readonly receiver: Value | undefined;
  /** The node of the receiver; -1 where there is none. */
  readonly operand: number;
}

/** Nodes for the results of a call, and the value that they are. */
export function resultsOf(
  w: Walk,
  { node, count }: Call,
): { readonly nodes: number[]; readonly value: Value } {
  const nodes = Array.from({ length: count }, () => w.fresh(node));
  const parts = nodes.map((one): Value => ({ node: one, obj: w.object(one) }));
  return { nodes, value: count === 1 ? (parts[0] ?? NONE) : { node: nodes[0] ?? -1, parts } };
}
