import type { Tree } from 'web-tree-sitter';
import { DROP, type FlatTree, KEEP, KEEP_FIELD, MISSING_BIT } from './flat-tree.ts';

/** The same tree with the library's own cursor: the fallback, and what the memory walk is held to. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop, to be read beside the memory walk.
export function walkCursor(tree: Tree, keep: Uint8Array, out: FlatTree): FlatTree {
  const { kind, start, end, skip, parent, field } = out;
  const cursor = tree.walk();
  let count = 0;
  let owner = -1;
  for (;;) {
    const name = cursor.nodeTypeId;
    const wanted = owner < 0 ? KEEP : keep[name];
    const number = wanted === DROP ? 0 : cursor.currentFieldId;
    const isKept = wanted === KEEP || (wanted === KEEP_FIELD && number !== 0);
    if (isKept) {
      kind[count] = name;
      start[count] = cursor.startIndex;
      end[count] = cursor.endIndex;
      parent[count] = owner;
      field[count] = cursor.nodeIsMissing ? number | MISSING_BIT : number;
      owner = count++;
      if (cursor.gotoFirstChild()) continue;
      skip[owner] = count;
      owner = parent[owner] as number;
    }
    while (owner >= 0 && !cursor.gotoNextSibling()) {
      cursor.gotoParent();
      skip[owner] = count;
      owner = parent[owner] as number;
    }
    if (owner < 0) break;
  }
  cursor.delete();
  out.count = count;
  return out;
}
