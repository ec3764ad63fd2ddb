import type { Conditions } from './build/platforms.ts';
import { type Combination, findCombinations, type Held } from './call-graph/combine.ts';
import type { Reach } from './call-graph/reach.ts';
import type { Capability } from './capability/classify.ts';
import { isOnTable, isReflection } from './capability/classify.ts';
import { capabilityFacts } from './capability/facts.ts';
import type { Graph } from './check/check-module.ts';
import type {
  CapabilityFact,
  CombinationFact,
  ImportReach,
  LimitFact,
  OnImportFact,
  Power,
  UseFact,
} from './facts.ts';
import { placeOf, stepsTo, symbolOf } from './places.ts';
import type { Fn, ModuleFile, Outside, Site } from './types/model.ts';

const CERTAINTY = ['stored', 'assumed', 'passed', 'called'] as const;

/** What is used in one function, with what it lends. */
interface Mention {
  readonly fn: Fn;
  readonly outside: Outside;
  readonly capability: Capability;
}

/** How a mention counts: what is kept in code that runs may run too. */
function useOf({ fn, outside, capability }: Mention): ImportReach {
  const { use } = outside;
  return use === 'stored' && fn.kind !== 'variable' && capability === 'EXEC' ? 'assumed' : use;
}

/** How surely what is mentioned runs on import: no surer than its own use, nor than the code it stands in. */
function reachOfMention(mention: Mention, reach: Reach): ImportReach | undefined {
  const reached = reach.onImport(mention.fn);
  if (reached === undefined) return undefined;
  return CERTAINTY[Math.min(CERTAINTY.indexOf(reached), CERTAINTY.indexOf(useOf(mention)))];
}

function mentionsOf({ fns }: Graph): readonly Mention[] {
  const code = fns.filter(({ kind }) => kind !== 'hub');
  return code.flatMap((fn) =>
    [...fn.outside.values()].flatMap((outside) =>
      (outside.lends ?? []).map((capability) => ({
        fn,
        outside,
        capability: capability as Capability,
      })),
    ),
  );
}

/** Everything that the graph says, as facts. */
export interface GraphFacts {
  readonly capabilities: readonly CapabilityFact[];
  /** Capabilities of functions for which there is no room. */
  readonly capabilitiesLeft: number;
  readonly uses: readonly UseFact[];
  readonly combinations: readonly CombinationFact[];
  readonly onImport: readonly OnImportFact[];
  readonly limits: readonly LimitFact[];
}

/** Describes a module that was read. */
export function describeGraph(
  graph: Graph,
  reach: Reach,
  { conditions, isWhole }: { readonly conditions: Conditions; readonly isWhole: boolean },
): GraphFacts {
  // Of other modules, only what this one comes to.
  const within = reachedFrom(graph.fns.filter(({ file }) => !file.isForeign));
  const mentions = mentionsOf(graph).filter(({ fn }) => within.has(fn));
  const capabilities = capabilityFacts(graph.fns, reach, conditions);
  const limits = limitFacts(graph, within, reach);
  return {
    capabilities: capabilities.facts,
    capabilitiesLeft: capabilities.left,
    uses: mentions
      .filter(
        ({ fn, capability }) =>
          capability !== 'UNANALYZED' && (!fn.file.isForeign || reach.onImport(fn) !== undefined),
      )
      .map((mention) => toUse(mention, reach)),
    combinations: combinations(graph, mentions, reach),
    onImport: onImportFacts(graph),
    limits: [...limits, ...missingImports(graph, limits, isWhole)],
  };
}

function toUse(mention: Mention, reach: Reach): UseFact {
  const { fn, outside, capability } = mention;
  const { site } = outside;
  const end = site.file.places.positionOf(site.end);
  const reached = reachOfMention(mention, reach) ?? null;
  return {
    package: fn.package.path,
    function: fn.shown,
    symbol: symbolOf(outside),
    capability,
    trigger: reach.triggerOf(fn),
    reach: reached,
    path: reached === null ? [] : stepsTo(fn, reach),
    ...placeOf(site),
    endLine: end.line,
    endColumn: end.column,
  };
}

/** True for code that runs when the package is imported, or is made then. */
function isOnImport(fn: Fn, reach: Reach): boolean {
  return reach.onImport(fn) !== undefined && reach.triggerOf(fn) === 'import';
}

const WRITES =
  /^(os\.(WriteFile|Create|OpenFile|Chmod|CreateTemp)|io\/ioutil\.(WriteFile|TempFile))$/;

function powerOf({ outside, capability }: Mention): Power | undefined {
  const symbol = symbolOf(outside);
  if (capability === 'NETWORK') return 'network';
  if (capability === 'EXEC') return 'exec';
  if (symbol === 'os.Environ' || symbol === 'syscall.Environ') return 'environment';
  return WRITES.test(symbol) ? 'file-write' : undefined;
}

function combinations(
  graph: Graph,
  mentions: readonly Mention[],
  reach: Reach,
): readonly CombinationFact[] {
  const own = new Map<Fn, Held[]>();
  function hold(fn: Fn, held: Held): void {
    const list = own.get(fn);
    if (list === undefined) own.set(fn, [held]);
    else list.push(held);
  }
  for (const mention of mentions) {
    const power = powerOf(mention);
    const { fn, outside } = mention;
    if (power !== undefined && outside.use === 'called')
      hold(fn, { power, detail: symbolOf(outside), site: outside.site, isOwn: true });
  }
  for (const { fn, value, how, site } of stringsIn(graph)) {
    hold(fn, {
      power: how.includes('credential') ? 'credential' : 'assembled',
      detail: JSON.stringify(value),
      site,
      isOwn: true,
    });
  }
  return findCombinations(graph, own)
    .filter(({ node }) => !node.file.isForeign || reach.onImport(node) !== undefined)
    .map((found) => toCombination(found, reach));
}

interface StringInFn {
  readonly fn: Fn;
  readonly value: string;
  readonly how: readonly string[];
  readonly site: Site;
}

/** The telling strings, each with the innermost function that it stands in. */
function stringsIn({ fns, packages }: Graph): readonly StringInFn[] {
  const telling = new Set(
    packages.flatMap((home) => home.files.filter(({ scan }) => scan.strings.length > 0)),
  );
  const inFile = new Map<ModuleFile, Fn[]>();
  for (const fn of fns) {
    if (fn.kind === 'implicit' || fn.kind === 'hub' || !telling.has(fn.file)) continue;
    inFile.set(fn.file, [...(inFile.get(fn.file) ?? []), fn]);
  }
  return [...telling].flatMap((file) =>
    file.scan.strings.flatMap(({ start, end, value, how }) => {
      const around = (inFile.get(file) ?? []).filter(
        ({ site }) => site.start <= start && end <= site.end,
      );
      const fn = around.toSorted((a, b) => b.site.start - a.site.start)[0];
      return fn === undefined ? [] : [{ fn, value, how, site: { file, start, end } }];
    }),
  );
}

function toCombination({ node, first, second }: Combination, reach: Reach): CombinationFact {
  const reached = reach.onImport(node) ?? null;
  return {
    kinds: [first.power, second.power],
    package: node.package.path,
    function: node.shown,
    trigger: reach.triggerOf(node),
    reach: reached,
    isOwn: first.isOwn && second.isOwn,
    path: reached === null ? [] : stepsTo(node, reach),
    ...placeOf(second.site),
    detail: [first.detail, second.detail],
  };
}

/** What runs, in the order in which it does. */
function onImportFacts({ initialisers }: Graph): readonly OnImportFact[] {
  return initialisers
    .filter(({ kind, runsCode }) => kind === 'init' || runsCode)
    .map((fn) => {
      const { file, line } = placeOf(fn.site);
      return {
        package: fn.package.path,
        kind: fn.kind === 'init' ? 'init' : 'variable',
        file,
        line,
      } as const;
    });
}

function limitOf({
  path,
  symbol,
  lends,
}: Outside): readonly [LimitFact['code'], string] | undefined {
  if (path === 'C') return ['cgo', 'C code is called'];
  if (lends?.includes('UNANALYZED') === true) return ['external-call', callsMissing(path)];
  if (path === 'plugin') return ['plugin', 'loads code that is not in the module'];
  return isReflection(path, symbol) ? ['reflection', `calls through ${path}.${symbol}`] : undefined;
}

/** The functions that calls or values lead to from some, those included. */
function reachedFrom(some: readonly Fn[]): ReadonlySet<Fn> {
  const reached = new Set(some);
  for (const fn of reached) for (const { to } of fn.edges.values()) reached.add(to);
  return reached;
}

/**
 * Packages of other modules that are imported and were not given: what they run on import is not seen.
 * Whoever inspects one module means to inspect the others apart; where all were to be given, one is
 * missing.
 */
function missingImports(
  { packages, others }: Graph,
  said: readonly LimitFact[],
  isWhole: boolean,
): readonly LimitFact[] {
  const known = new Set([...packages, ...others].map(({ path }) => path));
  const details = new Set(said.map(({ detail }) => detail));
  const missing = new Map<string, LimitFact>();
  const files = packages
    .flatMap((home) => home.files)
    .filter((file) => !file.isTest && !file.isIgnored);
  for (const { path: file, scan, places } of files) {
    for (const { path, start } of scan.imports) {
      const isGiven = known.has(path) || path === 'C' || isOnTable(path);
      const isSaid = !isWhole && details.has(callsMissing(path));
      if (isGiven || isSaid || missing.has(path)) continue;
      const { line } = places.positionOf(start);
      const detail = `imports ${path}, which was not given`;
      missing.set(path, { code: 'external-call', file, line, onImport: isWhole, detail });
    }
  }
  return [...missing.values()];
}

function callsMissing(path: string): string {
  return `calls ${path}, which was not given`;
}

function limitFacts(
  { fns, packages, others }: Graph,
  within: ReadonlySet<Fn>,
  reach: Reach,
): readonly LimitFact[] {
  const facts = new Map<string, LimitFact>();
  function add(fn: Fn, site: Site, [code, detail]: readonly [LimitFact['code'], string]): void {
    const onImport = isOnImport(fn, reach) && reach.onImport(fn) !== 'stored';
    const { file, line } = placeOf(site);
    const key = `${code}\0${file}\0${detail}`;
    const known = facts.get(key);
    if (known === undefined || (onImport && !known.onImport))
      facts.set(key, { code, file, line, onImport, detail });
  }
  /** C code is not read, and its constructors run when a program starts that links it. */
  function addCgo({ path, scan, places, isTest, isIgnored }: ModuleFile): void {
    const found = scan.imports.find((imported) => imported.path === 'C');
    if (found === undefined || isTest || isIgnored) return;
    const detail = 'C code is linked, which is not read and may run on import';
    facts.set(`C\0${path}`, {
      code: 'cgo',
      file: path,
      line: places.positionOf(found.start).line,
      onImport: true,
      detail,
    });
  }

  const code = fns.filter((fn) => within.has(fn));
  for (const fn of code) {
    if (fn.file.isIgnored || fn.kind === 'hub') continue;
    for (const outside of fn.outside.values()) {
      const limit = limitOf(outside);
      if (limit !== undefined) add(fn, outside.site, limit);
    }
  }
  for (const home of [...packages, ...others]) for (const file of home.files) addCgo(file);
  for (const fn of code) {
    if (!fn.hasBody) add(fn, fn.site, ['assembly', 'a function has no Go body']);
  }
  return [...facts.values()];
}
