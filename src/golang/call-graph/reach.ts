import type { Graph } from '../check/check-module.ts';
import type { ImportReach, Trigger } from '../facts.ts';
import type { Edge, Fn, Rank } from '../types/model.ts';

/** How a node is reached from the roots of a trigger. */
export interface Reached {
  readonly rank: Rank;
  /** The edge that led here; undefined for a root. */
  readonly by: { readonly from: Fn; readonly edge: Edge } | undefined;
}

/** What runs when, for every node of a graph. */
export interface Reach {
  triggerOf(node: Fn): Trigger;
  /** How surely the node runs on import; undefined when nothing was seen to lead there. */
  onImport(node: Fn): ImportReach | undefined;
  /** The nodes from a root to the node, each with the edge that goes on; only the node for one not reached. */
  pathTo(node: Fn): readonly { readonly node: Fn; readonly edge: Edge | undefined }[];
}

const NAMES: Readonly<Record<Rank, ImportReach>> = {
  3: 'called',
  2: 'passed',
  1: 'assumed',
  0: 'stored',
};

/** Breadth first over edges of at least each rank in turn: the surest way wins, then the shortest. */
function search(roots: readonly Fn[]): ReadonlyMap<Fn, Reached> {
  const reached = new Map<Fn, Reached>(roots.map((root) => [root, { rank: 3, by: undefined }]));
  for (const rank of [3, 2, 1, 0] as const) {
    const queue = [...reached.keys()];
    for (const from of queue) {
      for (const edge of from.edges.values()) {
        if (edge.rank < rank || reached.has(edge.to)) continue;
        reached.set(edge.to, { rank, by: { from, edge } });
        queue.push(edge.to);
      }
    }
  }
  return reached;
}

/** The implicit ones lead to what is imported of other modules. */
function isInitialiser({ kind }: Fn): boolean {
  return kind === 'init' || kind === 'variable' || kind === 'implicit';
}

/** Computes what runs on import, in main programs and in tests. */
export function computeReach({ fns }: Graph): Reach {
  const built = fns.filter(({ file }) => !file.isIgnored && !file.isForeign);
  const library = built.filter((node) => !node.file.isTest && node.package.name !== 'main');
  const programs = built.filter((node) => !node.file.isTest && node.package.name === 'main');
  const onImport = search(library.filter(isInitialiser));
  const inMain = search(
    programs.filter(
      (node) => isInitialiser(node) || (node.kind === 'function' && node.name === 'main'),
    ),
  );

  function triggerOf(node: Fn): Trigger {
    if (node.file.isIgnored) return 'none';
    if (node.file.isTest) return 'test';
    if (onImport.has(node)) return 'import';
    return inMain.has(node) ? 'main' : 'exported';
  }

  return {
    triggerOf,
    onImport(node) {
      const found = onImport.get(node);
      return found === undefined ? undefined : NAMES[found.rank];
    },
    pathTo(node) {
      const path: { node: Fn; edge: Edge | undefined }[] = [];
      let at: Fn | undefined = node;
      let edge: Edge | undefined;
      while (at !== undefined) {
        path.push({ node: at, edge });
        const by: Reached['by'] = onImport.get(at)?.by;
        edge = by?.edge;
        at = by?.from;
      }
      return path.reverse();
    },
  };
}
