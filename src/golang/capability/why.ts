import { groupBy, nearestName } from '#base';
import type { Condition, Conditions } from '../build/platforms.ts';
import type { PathStep, Why, WhyPath, WhyQuestion } from '../facts.ts';
import { placeOf, symbolOf } from '../places.ts';
import type { Edge, Fn, Outside } from '../types/model.ts';
import { followedFns, isCall, type Source, sourcesOf } from './facts.ts';
import { callersOf } from './search.ts';

/** Paths, and the text of all their steps, in one answer: more than anyone reads. */
const MOST_PATHS = 200;
const MOST_TEXT = 1_000_000;
/** Of a step, besides its names: its place and its line of code. */
const STEP_TEXT = 500;
/** Beginnings of paths that are followed: in a knot there are more than stars. */
const MOST_BEGINNINGS = 300_000;
/** Functions of beginnings that are looked at for circles. */
const MOST_LOOKS = 20_000_000;
const MOST_CANDIDATES = 10;
/** Names among which one that was misspelt is looked for. */
const MOST_NAMES = 20_000;

/** The beginning of a path, from its last function back. */
interface Beginning {
  readonly fn: Fn;
  readonly by: { readonly before: Beginning; readonly edge: Edge } | undefined;
  readonly condition: Condition;
  /** Functions so far; what stands for calls through a place is none. */
  readonly length: number;
}

/** The functions that a question means: by their full name, or by the end of it where that is one's own. */
function findFunctions(fns: readonly Fn[], name: string): readonly Fn[] | readonly string[] {
  const code = fns.filter(({ kind }) => kind !== 'hub');
  const exact = code.filter(({ shown }) => shown === name);
  if (exact.length > 0) return exact;
  const ends = code.filter(({ shown }) => shown.endsWith(`/${name}`) || shown.endsWith(`.${name}`));
  const names = [...new Set(ends.map(({ shown }) => shown))];
  if (names.length === 1) return ends;
  if (names.length > 1) return names.slice(0, MOST_CANDIDATES);
  // By the last names: all have the module's path.
  const last = (text: string) => text.slice(text.lastIndexOf('/') + 1);
  const some = code.slice(0, MOST_NAMES);
  const nearest = nearestName(
    last(name),
    some.map(({ shown }) => last(shown)),
  );
  return some
    .filter(({ shown }) => last(shown) === nearest)
    .map(({ shown }) => shown)
    .slice(0, 1);
}

/** How many functions each is away from one that has the capability itself. */
function distancesTo(
  sources: readonly Source[],
  fns: readonly Fn[],
  isCounted: (edge: Edge) => boolean,
): ReadonlyMap<Fn, number> {
  const callers = callersOf(fns, isCounted);
  const distance = new Map<Fn, number>();
  let level = new Set(sources.map(({ fn }) => fn));
  for (let away = 0; level.size > 0; away++) {
    const next = new Set<Fn>();
    // A set that grows: what calls through a place is no further away than the place.
    for (const fn of level) {
      if (distance.has(fn)) continue;
      distance.set(fn, away);
      const further = fn.kind === 'hub' ? level : next;
      for (const { fn: caller } of callers.get(fn) ?? []) further.add(caller);
    }
    level = next;
  }
  return distance;
}

function isOn(beginning: Beginning, fn: Fn): boolean {
  for (let at: Beginning | undefined = beginning; at !== undefined; at = at.by?.before)
    if (at.fn === fn) return true;
  return false;
}

function pathOf(end: Beginning, outside: Outside | undefined): readonly PathStep[] {
  const back: PathStep[] = [];
  let site = outside?.site ?? end.fn.site;
  for (let at: Beginning | undefined = end; at !== undefined; at = at.by?.before) {
    // The implicit initialiser and the variables that it sets have one name.
    const isTwin = at.fn.kind === 'implicit' && back.at(-1)?.function === at.fn.shown;
    if (at.fn.kind !== 'hub' && !isTwin) back.push({ function: at.fn.shown, ...placeOf(site) });
    if (at.by !== undefined) site = at.by.edge.site;
  }
  const path = back.reverse();
  return outside === undefined ? path : [...path, { function: symbolOf(outside) }];
}

function textOf(steps: readonly PathStep[]): number {
  return steps.reduce(
    (sum, step) => sum + STEP_TEXT + step.function.length + (step.file?.length ?? 0),
    0,
  );
}

/** Beginnings by how long their paths will be at least; of equal ones the first. */
function createLine() {
  const lines: Beginning[][] = [];
  const heads: number[] = [];
  let shortest = 0;
  return {
    push(beginning: Beginning, length: number): void {
      lines[length] ??= [];
      lines[length].push(beginning);
      shortest = Math.min(shortest, length);
    },
    pop(): Beginning | undefined {
      for (; shortest < lines.length; shortest++) {
        const head = heads[shortest] ?? 0;
        const found = lines[shortest]?.[head];
        if (found === undefined) continue;
        heads[shortest] = head + 1;
        return found;
      }
      return undefined;
    },
  };
}

interface Search {
  readonly starts: readonly Fn[];
  readonly sources: readonly Source[];
  readonly fns: readonly Fn[];
  readonly conditions: Conditions;
  readonly isCounted: (edge: Edge) => boolean;
}

/** Every path without a circle from the starts to a source, shortest first, as far as there is room. */
function searchPaths({ starts, sources, fns, conditions, isCounted }: Search) {
  const distance = distancesTo(sources, fns, isCounted);
  const ends = groupBy(sources, ({ fn }) => fn);
  const line = createLine();
  const paths: WhyPath[] = [];
  let [room, beginnings, looks] = [MOST_TEXT, MOST_BEGINNINGS, MOST_LOOKS];
  const begin = (beginning: Beginning) => {
    const left = distance.get(beginning.fn);
    if (left !== undefined) line.push(beginning, beginning.length + left);
  };

  /** What goes on from a beginning, by calls that can be in one build with it. */
  function goOn(before: Beginning): void {
    for (const edge of before.fn.edges.values()) {
      const condition = conditions.both(before.condition, edge.to.condition);
      looks -= 1 + before.length;
      if (!isCounted(edge) || condition === undefined || isOn(before, edge.to)) continue;
      const length = before.length + (edge.to.kind === 'hub' ? 0 : 1);
      begin({ fn: edge.to, by: { before, edge }, condition, length });
    }
  }

  const cut = () => ({ paths: withoutTwins(paths), isWhole: false });
  for (const fn of starts) begin({ fn, by: undefined, condition: fn.condition, length: 0 });
  for (let at = line.pop(); at !== undefined; at = line.pop()) {
    for (const { outside } of ends.get(at.fn) ?? []) {
      const steps = pathOf(at, outside);
      room -= textOf(steps);
      if (room < 0 || paths.length === MOST_PATHS) return cut();
      paths.push({ constraint: at.condition.text, steps });
    }
    if (--beginnings === 0 || looks < 0) return cut();
    goOn(at);
  }
  return { paths: withoutTwins(paths), isWhole: true };
}

/** What a place lends stands at the place and at who calls through it: one of two equal paths goes. */
function withoutTwins(paths: readonly WhyPath[]): readonly WhyPath[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

/** Says by which ways a function comes to a capability. */
export function explain(
  fns: readonly Fn[],
  conditions: Conditions,
  { function: name, capability }: WhyQuestion,
): Why {
  const found = findFunctions(fns, name);
  const [first] = found;
  if (first === undefined || typeof first === 'string')
    return {
      function: null,
      candidates: found as readonly string[],
      capability,
      paths: [],
      isAssumed: false,
      isWhole: true,
    };
  const starts = found as readonly Fn[];
  const implicit = starts.filter(({ kind }) => kind === 'implicit');
  const followed = followedFns(fns);
  const search = {
    starts: implicit.length > 0 ? implicit : starts,
    sources: sourcesOf(fns).get(capability) ?? [],
    fns,
    conditions,
  };
  const answer = { function: first.shown, candidates: [], capability };
  const seen = searchPaths({ ...search, isCounted: (edge) => isCall(edge, followed) });
  if (seen.paths.length > 0 || !seen.isWhole) return { ...answer, ...seen, isAssumed: false };
  // What the library may call, and what is kept: better than no answer.
  const assumed = searchPaths({ ...search, isCounted: () => true });
  return { ...answer, ...assumed, isAssumed: assumed.paths.length > 0 };
}
