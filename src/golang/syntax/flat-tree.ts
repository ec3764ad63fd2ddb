/** The kind of a node that the parser could not make sense of. */
export const ERROR_KIND = 65535;

/** Marks a node that the parser made up to go on; the field's number is in the bits below. */
export const MISSING_BIT = 128;

/** What to do with a node kind: leave it out with all below it, keep it, keep it as a field only. */
export const DROP = 0;
export const KEEP = 1;
export const KEEP_FIELD = 2;

/**
 * The nodes of one file in preorder. The children of `i` are `i + 1`, `skip[i + 1]`, … while below
 * `skip[i]`; `i` is a leaf when `skip[i] === i + 1`. Places are UTF-16 indexes.
 */
export interface FlatTree {
  /** How many nodes the arrays hold; they may be longer. */
  count: number;
  readonly kind: Uint16Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** The index behind the subtree. */
  readonly skip: Int32Array;
  readonly parent: Int32Array;
  /** The field's number, with {@link MISSING_BIT}. */
  readonly field: Uint8Array;
}

/** Arrays for `capacity` nodes. */
export function createFlatTree(capacity: number): FlatTree {
  return {
    count: 0,
    kind: new Uint16Array(capacity),
    start: new Uint32Array(capacity),
    end: new Uint32Array(capacity),
    skip: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    field: new Uint8Array(capacity),
  };
}

/** A copy that holds just its nodes: the parser writes over its own arrays. */
export function packTree(tree: FlatTree): FlatTree {
  const { count } = tree;
  return {
    count,
    kind: tree.kind.slice(0, count),
    start: tree.start.slice(0, count),
    end: tree.end.slice(0, count),
    skip: tree.skip.slice(0, count),
    parent: NO_PARENTS,
    field: tree.field.slice(0, count),
  };
}

/** Walks go down; the way up is not kept. */
const NO_PARENTS = new Int32Array(0);

const COLUMNS = ['kind', 'start', 'end', 'skip', 'parent', 'field'] as const;

/** The first difference of two trees; undefined when they are equal. */
export function findDifference(a: FlatTree, b: FlatTree): string | undefined {
  if (a.count !== b.count) return `nodes: ${a.count} and ${b.count}`;
  for (const column of COLUMNS) {
    for (let i = 0; i < a.count; i++) {
      if (a[column][i] !== b[column][i])
        return `${column} of node ${i}: ${a[column][i]} and ${b[column][i]}`;
    }
  }
  return undefined;
}
