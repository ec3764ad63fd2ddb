import { type FlatTree, KEEP, KEEP_FIELD, MISSING_BIT } from './flat-tree.ts';
import type { LanguageTables } from './language-tables.ts';

// Layout of tree-sitter 0.27 in wasm32 (its subtree.h). A Subtree is two words: an inline leaf when
// bit 0 of the first is set, else a pointer to its data; children lie directly before the data.
const INLINE = 1;
const INLINE_VISIBLE = 2;
const INLINE_EXTRA = 8;
const INLINE_MISSING = 32;
const PADDING = 1;
const SIZE = 4;
const CHILDREN = 9;
const SYMBOL = 10;
const BITS = 11;
const VISIBLE = 1;
const EXTRA = 4;
const MISSING = 512;
const DESCENDANTS = 14;
const PRODUCTION = 16;

/** An upper bound of the visible nodes below and with the Subtree at `cell`. */
export function countNodes(words: Uint32Array, cell: number): number {
  const first = words[cell >>> 2] ?? 0;
  if ((first & INLINE) !== 0) return 1;
  const at = first >>> 2;
  return (words[at + CHILDREN] ?? 0) === 0 ? 1 : (words[at + DESCENDANTS] ?? 0) + 1;
}

/** What stays the same in one walk. */
export interface WalkInput {
  readonly words: Uint32Array;
  readonly tables: LanguageTables;
  /** What to do with each kind: DROP, KEEP or KEEP_FIELD. */
  readonly keep: Uint8Array;
  /** The address of the root's Subtree. */
  readonly cell: number;
}

const FRAME = 6;
const FIRST_DEPTH = 256;

/**
 * Writes the tree out of the parser's memory into `out`, which must hold {@link countNodes} nodes.
 *
 * Rules of tree_cursor.c: a child starts where the one before ends, plus its padding; nodes that
 * are neither visible nor aliased hand their children to their parent; extras have no alias, no
 * field and no structural index. Nothing is allocated in the parser's memory meanwhile.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over millions of nodes; each call in it costs a tenth of the parse.
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the same.
export function walkMemory({ words, tables, keep, cell }: WalkInput, out: FlatTree): FlatTree {
  const { publicOf, aliasOf, fieldOf, width } = tables;
  const { kind, start, end, skip, parent, field } = out;
  const last = width - 1;
  const word = (i: number) => words[i] as number;
  let stack = new Int32Array(FRAME * FIRST_DEPTH);
  let depth = 0;
  const root = word(cell >>> 2);
  const rootIsLeaf = (root & INLINE) !== 0;
  const rootAt = root >>> 2;
  const rootLeaf = word((cell >>> 2) + 1);
  let place = rootIsLeaf ? (rootLeaf >>> 16) & 255 : word(rootAt + PADDING);
  const rootSymbol = rootIsLeaf ? (root >>> 8) & 255 : word(rootAt + SYMBOL) & 0xffff;
  const rootMissing = rootIsLeaf ? root & INLINE_MISSING : word(rootAt + BITS) & MISSING;
  kind[0] = publicOf[rootSymbol] as number;
  start[0] = place >>> 1;
  end[0] = (place + (rootIsLeaf ? rootLeaf >>> 24 : word(rootAt + SIZE))) >>> 1;
  parent[0] = -1;
  skip[0] = 1;
  field[0] = rootMissing === 0 ? 0 : MISSING_BIT;
  let count = 1;
  out.count = 1;
  if (rootIsLeaf || word(rootAt + CHILDREN) === 0) return out;

  // The frame: next child, end of the children, structural index, row of the production, the
  // visible node it belongs to, and -1 for a visible node or the field a hidden node hands down.
  let at = rootAt - 2 * word(rootAt + CHILDREN);
  let stop = rootAt;
  let structural = 0;
  let row = (word(rootAt + PRODUCTION) >>> 16) * width;
  let owner = 0;
  let inherited = -1;
  let isFirst = true;
  for (;;) {
    if (at === stop) {
      if (inherited === -1) skip[owner] = count;
      if (depth === 0) break;
      depth -= FRAME;
      at = stack[depth] as number;
      stop = stack[depth + 1] as number;
      structural = stack[depth + 2] as number;
      row = stack[depth + 3] as number;
      owner = stack[depth + 4] as number;
      inherited = stack[depth + 5] as number;
      isFirst = false;
      continue;
    }
    const head = word(at);
    const isInline = (head & INLINE) !== 0;
    const data = head >>> 2;
    const leaf = word(at + 1);
    at += 2;
    if (!isFirst) place += isInline ? (leaf >>> 16) & 255 : word(data + PADDING);
    isFirst = false;
    const bits = isInline ? head : word(data + BITS);
    let symbol = isInline ? (head >>> 8) & 255 : word(data + SYMBOL) & 0xffff;
    let isVisible = (bits & (isInline ? INLINE_VISIBLE : VISIBLE)) !== 0;
    let number = 0;
    if ((bits & (isInline ? INLINE_EXTRA : EXTRA)) === 0) {
      const column = row + (structural < last ? structural : last);
      structural++;
      const alias = aliasOf[column] as number;
      if (alias !== 0) {
        symbol = alias;
        isVisible = true;
      }
      number = fieldOf[column] as number;
      if (number === 0 && inherited > 0) number = inherited;
    }
    const size = isInline ? leaf >>> 24 : word(data + SIZE);
    const children = isInline ? 0 : word(data + CHILDREN);
    const name = publicOf[symbol] as number;
    const wanted = keep[name];
    const isKept = isVisible && (wanted === KEEP || (wanted === KEEP_FIELD && number !== 0));
    if (isKept) {
      kind[count] = name;
      start[count] = place >>> 1;
      end[count] = (place + size) >>> 1;
      parent[count] = owner;
      field[count] =
        (bits & (isInline ? INLINE_MISSING : MISSING)) === 0 ? number : number | MISSING_BIT;
      skip[count] = count + 1;
      count++;
    }
    if (children === 0 || (isVisible && !isKept)) {
      place += size;
      continue;
    }
    if (depth + FRAME > stack.length) {
      const larger = new Int32Array(stack.length * 2);
      larger.set(stack);
      stack = larger;
    }
    stack[depth] = at;
    stack[depth + 1] = stop;
    stack[depth + 2] = structural;
    stack[depth + 3] = row;
    stack[depth + 4] = owner;
    stack[depth + 5] = inherited;
    depth += FRAME;
    inherited = isVisible ? -1 : number;
    if (isVisible) owner = count - 1;
    at = data - 2 * children;
    stop = data;
    structural = 0;
    row = (word(data + PRODUCTION) >>> 16) * width;
    isFirst = true;
  }
  out.count = count;
  return out;
}
