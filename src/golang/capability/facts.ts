import type { Conditions } from '../build/platforms.ts';
import type { Reach } from '../call-graph/reach.ts';
import type { CapabilityFact, ImportReach, PathStep } from '../facts.ts';
import { placeOf, symbolOf } from '../places.ts';
import type { Edge, Fn, Outside, Slot } from '../types/model.ts';
import type { Capability } from './classify.ts';
import { callersOf, searchWays, type Way } from './search.ts';

/** A function that has a capability by its own use, and what it uses. */
export interface Source {
  readonly fn: Fn;
  readonly outside: Outside | undefined;
}

/** The functions that have each capability by their own use, in the order of the functions. */
export function sourcesOf(fns: readonly Fn[]): ReadonlyMap<Capability, readonly Source[]> {
  const sources = new Map<Capability, Source[]>();
  const add = (capability: Capability, source: Source) => {
    const known = sources.get(capability);
    if (known === undefined) sources.set(capability, [source]);
    else known.push(source);
  };
  const uses = fns.flatMap((fn) => [...fn.outside.values()].map((outside) => ({ fn, outside })));
  for (const use of uses)
    for (const capability of use.outside.lends ?? []) add(capability as Capability, use);
  // Without a body: assembly, or another package's code by linkname.
  for (const fn of fns) if (!fn.hasBody) add('ARBITRARY_EXECUTION', { fn, outside: undefined });
  return sources;
}

/** True for what code outside the module can name. */
function isExported({ kind, name }: Fn): boolean {
  return (kind === 'function' || kind === 'method') && /(^|\.)\p{Lu}[^.]*$/u.test(name);
}

function addCallees(called: Set<Fn>, { edges }: Fn): void {
  for (const { rank, to, isImplied } of edges.values()) if (rank > 0 && !isImplied) called.add(to);
}

function addValues(fns: Set<Fn>, slot: Slot | undefined): void {
  for (const { fn } of slot?.has?.values() ?? []) if (fn !== undefined) fns.add(fn);
}

/**
 * Functions whose taken values were seen to go on: to a call in the module, or out of it as a result
 * of what can be called from outside. All others count as called where they are taken, so that a
 * value that is lost from sight hides nothing.
 */
export function followedFns(fns: readonly Fn[]): ReadonlySet<Fn> {
  const followed = new Set<Fn>();
  for (const fn of fns) addCallees(followed, fn);
  const leaving = new Set(fns.filter((fn) => isExported(fn) && !fn.file.isForeign));
  for (const fn of leaving) for (const slot of fn.results) addValues(leaving, slot);
  for (const fn of leaving) followed.add(fn);
  return followed;
}

/** True for edges that count as calls, where these functions were followed. */
export function isCall({ rank, to, isImplied }: Edge, followed: ReadonlySet<Fn>): boolean {
  return !isImplied && (rank > 0 || !followed.has(to));
}

/** Steps of paths in all facts of a module: some 60 MB of evidence, three times what large libraries have. */
const MOST_STEPS = 300_000;

/** The facts, and how many did not fit. */
export interface CapabilityFacts {
  readonly facts: readonly CapabilityFact[];
  readonly left: number;
}

interface Found {
  readonly way: Way;
  readonly capability: Capability;
  readonly length: number;
}

/**
 * One fact for each function and capability that it can come to, with the shortest path.
 *
 * Of tests, and of what is never built, only what they do themselves. Where all do not fit, those of
 * most weight come first: own use, what runs on import, what others can call.
 */
export function capabilityFacts(
  fns: readonly Fn[],
  reach: Reach,
  conditions: Conditions,
): CapabilityFacts {
  const followed = followedFns(fns);
  const callers = callersOf(fns, (edge) => isCall(edge, followed));
  const order = new Map(fns.map((fn, i) => [fn, i] as const));
  const capabilities = [...sourcesOf(fns)].sort(([a], [b]) => (a < b ? -1 : 1));
  const found = capabilities.flatMap(([capability, sources]) =>
    shortestWays(searchWays(sources, callers, conditions), order).map((way) => ({
      way,
      capability,
      length: lengthOf(way),
    })),
  );
  const kept = choose(found, reach);
  const steps = new Map<Way, PathStep>();
  return {
    facts: kept.map(({ way, capability }) => toFact(way, capability, { reach, steps })),
    left: found.length - kept.length,
  };
}

/** The ways that are facts, in the order of the functions: of the variants of a function for several systems, the shortest. */
function shortestWays(ways: ReadonlyMap<Fn, Way>, order: ReadonlyMap<Fn, number>): readonly Way[] {
  const byName = new Map<string, Way>();
  for (const way of ways.values()) {
    const { kind, file, shown } = way.fn;
    if (
      kind === 'hub' ||
      file.isForeign ||
      (way.next !== undefined && (file.isTest || file.isIgnored))
    )
      continue;
    const known = byName.get(shown);
    if (known === undefined || lengthOf(way) < lengthOf(known)) byName.set(shown, way);
  }
  const orderOf = ({ fn }: Way) => order.get(fn) ?? 0;
  return [...byName.values()].sort((a, b) => orderOf(a) - orderOf(b));
}

/** As many as fit, in the order in which they were found. */
function choose(found: readonly Found[], reach: Reach): readonly Found[] {
  const all = found.reduce((sum, { length }) => sum + length, 0);
  if (all <= MOST_STEPS) return found;
  const weigh = ({ way }: Found) => {
    if (way.next === undefined) return 0;
    if (reach.onImport(way.fn) !== undefined) return 1;
    return isExported(way.fn) ? 2 : 3;
  };
  const weighed = found.map((one, i) => ({ one, i, weight: weigh(one) }));
  weighed.sort((a, b) => a.weight - b.weight || a.one.length - b.one.length || a.i - b.i);
  let room = MOST_STEPS;
  const kept = weighed.filter(({ one }) => {
    room -= one.length;
    return room >= 0;
  });
  return kept.sort((a, b) => a.i - b.i).map(({ one }) => one);
}

function lengthOf(way: Way): number {
  let length = 0;
  for (let at: Way | undefined = way; at !== undefined; at = at.next) length++;
  return length;
}

const CERTAINTY = ['stored', 'assumed', 'passed', 'called'] as const;

/** How surely the end of a way is reached on import: no surer than any of its steps. */
function reachOf(way: Way, reached: ImportReach | undefined): ImportReach {
  let least = CERTAINTY.indexOf(reached ?? 'stored');
  for (let at: Way | undefined = way; at !== undefined; at = at.next) {
    least = Math.min(least, at.edge?.rank ?? 3, CERTAINTY.indexOf(at.outside?.use ?? 'called'));
  }
  return CERTAINTY[least] ?? 'stored';
}

function toFact(
  way: Way,
  capability: Capability,
  { reach, steps }: { readonly reach: Reach; readonly steps: Map<Way, PathStep> },
): CapabilityFact {
  const { fn } = way;
  const isInitialiser = fn.kind === 'implicit';
  const onImport =
    (reach.onImport(fn) !== undefined && reach.triggerOf(fn) === 'import') ||
    (isInitialiser && !fn.file.isTest && !fn.file.isIgnored && fn.package.name !== 'main');
  return {
    capability,
    package: fn.package.path,
    function: fn.shown,
    kind: way.next === undefined ? 'direct' : 'transitive',
    onImport,
    ...(onImport ? { reach: reachOf(way, isInitialiser ? 'called' : reach.onImport(fn)) } : {}),
    constraint: way.condition.text,
    path: pathOf(way, steps),
  };
}

function pathOf(way: Way, steps: Map<Way, PathStep>): readonly PathStep[] {
  const path: PathStep[] = [];
  for (let at: Way | undefined = way; at !== undefined; at = at.next) {
    if (at.fn.kind === 'hub') {
      if (at.outside !== undefined) path.push({ function: symbolOf(at.outside) });
      continue;
    }
    let step = steps.get(at);
    if (step === undefined) {
      const site = at.edge?.site ?? at.outside?.site ?? at.fn.site;
      step = { function: at.fn.shown, ...placeOf(site) };
      steps.set(at, step);
    }
    // The implicit initialiser and the variables that it sets have one name.
    if (path.at(-1)?.function === step.function && at.fn.kind === 'variable') path.pop();
    path.push(step);
    if (at.outside !== undefined) path.push({ function: symbolOf(at.outside) });
  }
  return path;
}
