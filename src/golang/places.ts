import type { Reach } from './call-graph/reach.ts';
import type { PathStep } from './facts.ts';
import type { Fn, Outside, Site } from './types/model.ts';

/** How a symbol outside the module is written: `os/exec.Command`, a method as `net/http.Client.Get`. */
export function symbolOf({ path, symbol }: Outside): string {
  return `${path}.${symbol}`;
}

/** The path, line and column of a place. */
export function placeOf({ file, start }: Site) {
  return { file: file.path, ...file.places.positionOf(start) };
}

/** The steps from an initialiser to a function: each with the place where it goes on. */
export function stepsTo(fn: Fn, reach: Reach): readonly PathStep[] {
  const path = reach.pathTo(fn);
  return path.flatMap(({ node: at, edge }) =>
    at.kind === 'hub' ? [] : [{ function: at.shown, ...placeOf(edge?.site ?? at.site) }],
  );
}
