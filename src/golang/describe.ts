import { type Combination, findCombinations, type Held } from './call-graph/combine.ts';
import type { Graph, ModuleFile, Node, Outside } from './call-graph/graph.ts';
import type { Reach } from './call-graph/reach.ts';
import {
  type Capability,
  capabilityOf,
  isOnTable,
  isStandardPackage,
} from './capability/classify.ts';
import type {
  CapabilityFact,
  CombinationFact,
  ImportReach,
  LimitFact,
  OnImportFact,
  PathStep,
  Power,
  UseFact,
} from './facts.ts';

/** How a symbol outside the module is written: `os/exec.Command`, `net/http.(*Client).Get` as `Client.Get`. */
function symbolOf({ path, symbol }: Outside): string {
  const name = symbol.replace(/\{\}$/, '');
  return name.startsWith('.') ? `${path}${name}` : `${path}.${name}`;
}

/** What a mention of something outside lends; undefined for nothing. */
function lent({ path, symbol, reference }: Outside): Capability | undefined {
  if (path === 'C') return 'CGO';
  if (isStandardPackage(path) || isOnTable(path))
    return symbol.startsWith('.') ? undefined : capabilityOf(path, symbol);
  return reference.use === 'called' && !symbol.endsWith('{}') ? 'UNANALYZED' : undefined;
}

function placeOf({ file }: Node, index: number) {
  return { file: file.path, ...file.places.positionOf(index) };
}

/** The steps from a root to a node: each with the place where it goes on. */
function stepsTo(node: Node, reach: Reach): readonly PathStep[] {
  const path = reach.pathTo(node);
  return path.map(({ node: at }, i) => {
    const next = path[i + 1]?.edge;
    return { function: at.shown, ...placeOf(at, next?.reference.start ?? at.fn.start) };
  });
}

const CERTAINTY = ['stored', 'assumed', 'passed', 'called'] as const;

/** How a mention counts: what is made or kept in code that runs may run too. */
function useOf({ node, outside, capability }: Mention): ImportReach {
  const { use } = outside.reference;
  // Making a value of a type is not yet using its power; a command is made to be run.
  if (outside.symbol.endsWith('{}')) return capability === 'EXEC' ? 'called' : 'stored';
  return use === 'stored' && node.fn.kind !== 'variable' && capability === 'EXEC' ? 'assumed' : use;
}

/** How surely what is mentioned runs on import: no surer than its own use, nor than the code it stands in. */
function reachOfMention(
  { node, outside, capability }: Mention,
  reach: Reach,
): ImportReach | undefined {
  const reached = reach.onImport(node);
  if (reached === undefined) return undefined;
  const use = useOf({ node, outside, capability });
  return CERTAINTY[Math.min(CERTAINTY.indexOf(reached), CERTAINTY.indexOf(use))];
}

/** What is mentioned in one node, with what it lends. */
interface Mention {
  readonly node: Node;
  readonly outside: Outside;
  readonly capability: Capability;
}

function mentionsOf({ nodes }: Graph): readonly Mention[] {
  return nodes.flatMap((node) =>
    node.outside.flatMap((outside) => {
      const capability = lent(outside);
      return capability === undefined ? [] : [{ node, outside, capability }];
    }),
  );
}

/** Everything that the graph says, as facts. */
export interface GraphFacts {
  readonly capabilities: readonly CapabilityFact[];
  readonly uses: readonly UseFact[];
  readonly combinations: readonly CombinationFact[];
  readonly onImport: readonly OnImportFact[];
  readonly limits: readonly LimitFact[];
}

/** Describes a linked module. */
export function describeGraph(graph: Graph, reach: Reach): GraphFacts {
  const mentions = mentionsOf(graph);
  return {
    capabilities: [
      ...directCapabilities(mentions, reach),
      ...declaredCapabilities(graph, reach),
      ...reachedCapabilities(mentions, reach),
    ],
    uses: mentions
      .filter(({ capability }) => capability !== 'UNANALYZED')
      .map((mention) => toUse(mention, reach)),
    combinations: combinations(graph, mentions, reach),
    onImport: onImportFacts(graph),
    limits: limitFacts(graph, mentions, reach),
  };
}

function toUse(mention: Mention, reach: Reach): UseFact {
  const { node, outside, capability } = mention;
  const { reference } = outside;
  const end = node.file.places.positionOf(reference.end);
  const reached = reachOfMention(mention, reach) ?? null;
  return {
    package: node.package.path,
    function: node.shown,
    symbol: symbolOf(outside),
    capability,
    trigger: reach.triggerOf(node),
    reach: reached,
    path: reached === null ? [] : stepsTo(node, reach),
    ...placeOf(node, reference.start),
    endLine: end.line,
    endColumn: end.column,
  };
}

/** True for code that runs when the package is imported, or is made then. */
function isOnImport(node: Node, reach: Reach): boolean {
  return reach.onImport(node) !== undefined && reach.triggerOf(node) === 'import';
}

function directCapabilities(mentions: readonly Mention[], reach: Reach): readonly CapabilityFact[] {
  const facts = new Map<string, CapabilityFact>();
  for (const mention of mentions) {
    const { node, outside, capability } = mention;
    const key = `${node.top.shown}\0${capability}`;
    const known = facts.get(key);
    const onImport = isOnImport(node, reach);
    if (known !== undefined && (known.onImport || !onImport)) continue;
    facts.set(key, {
      capability,
      package: node.package.path,
      function: node.top.shown,
      kind: 'direct',
      onImport,
      ...reachOf(reachOfMention(mention, reach), onImport),
      path: [
        { function: node.shown, ...placeOf(node, outside.reference.start) },
        { function: symbolOf(outside) },
      ],
    });
  }
  return [...facts.values()];
}

function reachOf(reached: ImportReach | undefined, onImport: boolean) {
  return onImport && reached !== undefined ? { reach: reached } : {};
}

/** Functions without a body are assembly, or another package's code by linkname. */
function declaredCapabilities({ nodes }: Graph, reach: Reach): readonly CapabilityFact[] {
  return nodes
    .filter((node) => !node.fn.hasBody)
    .map((node) => {
      const onImport = isOnImport(node, reach);
      return {
        capability: 'ARBITRARY_EXECUTION' as const,
        package: node.package.path,
        function: node.shown,
        kind: 'direct' as const,
        onImport,
        ...reachOf(reach.onImport(node), onImport),
        path: [{ function: node.shown, ...placeOf(node, node.fn.start) }],
      };
    });
}

/** For each initialiser, the capabilities of what it leads to. */
function reachedCapabilities(
  mentions: readonly Mention[],
  reach: Reach,
): readonly CapabilityFact[] {
  const facts = new Map<string, CapabilityFact>();
  for (const mention of mentions) {
    const { node, outside, capability } = mention;
    if (!isOnImport(node, reach)) continue;
    const [root] = reach.pathTo(node);
    if (root === undefined || root.node.top === node.top) continue;
    const key = `${root.node.top.shown}\0${capability}`;
    const known = facts.get(key);
    const steps = stepsTo(node, reach);
    if (known !== undefined && known.path.length <= steps.length + 1) continue;
    facts.set(key, {
      capability,
      package: root.node.package.path,
      function: root.node.top.shown,
      kind: 'transitive',
      onImport: true,
      ...reachOf(reachOfMention(mention, reach), true),
      path: [
        ...steps.slice(0, -1),
        { function: node.shown, ...placeOf(node, outside.reference.start) },
        { function: symbolOf(outside) },
      ],
    });
  }
  return [...facts.values()];
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
  const own = new Map<Node, Held[]>();
  function hold(node: Node, held: Held): void {
    const list = own.get(node);
    if (list === undefined) own.set(node, [held]);
    else list.push(held);
  }
  for (const mention of mentions) {
    const power = powerOf(mention);
    const { node, outside } = mention;
    const isUsed = outside.reference.use === 'called' && !outside.symbol.endsWith('{}');
    if (power !== undefined && isUsed)
      hold(node, { power, detail: symbolOf(outside), start: outside.reference.start, isOwn: true });
  }
  for (const node of graph.nodes) {
    for (const { inFunction, value, how, start } of node.file.scan.strings) {
      if (node.file.scan.functions[inFunction] !== node.fn) continue;
      hold(node, {
        power: how.includes('credential') ? 'credential' : 'assembled',
        detail: JSON.stringify(value),
        start,
        isOwn: true,
      });
    }
  }
  return findCombinations(graph, own).map((found) => toCombination(found, reach));
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
    ...placeOf(node, second.start),
    detail: [first.detail, second.detail],
  };
}

function onImportFacts({ nodes }: Graph): readonly OnImportFact[] {
  return nodes
    .filter(
      ({ fn, file }) => !file.isTest && !file.isIgnored && (fn.kind === 'init' || fn.runsCode),
    )
    .map((node) => {
      const { file, line } = placeOf(node, node.fn.start);
      return {
        package: node.package.path,
        kind: node.fn.kind === 'init' ? 'init' : 'variable',
        file,
        line,
      } as const;
    });
}

const REFLECTS = /^reflect\.(Value\.(Call|CallSlice|MethodByName|Method)|MakeFunc|NewAt)$/;

function limitOf({
  outside,
  capability,
}: Mention): readonly [LimitFact['code'], string] | undefined {
  const symbol = symbolOf(outside);
  if (capability === 'CGO') return ['cgo', 'C code is called'];
  if (capability === 'UNANALYZED')
    return ['external-call', `calls ${outside.path}, which was not given`];
  if (outside.path === 'plugin') return ['plugin', 'loads code that is not in the module'];
  return REFLECTS.test(symbol) ? ['reflection', `calls through ${symbol}`] : undefined;
}

function limitFacts(
  { nodes, packages }: Graph,
  mentions: readonly Mention[],
  reach: Reach,
): readonly LimitFact[] {
  const facts = new Map<string, LimitFact>();
  function add(
    node: Node,
    index: number,
    [code, detail]: readonly [LimitFact['code'], string],
  ): void {
    const onImport = isOnImport(node, reach) && reach.onImport(node) !== 'stored';
    const { file, line } = placeOf(node, index);
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

  for (const mention of mentions) {
    const limit = limitOf(mention);
    if (limit !== undefined && !mention.node.file.isIgnored)
      add(mention.node, mention.outside.reference.start, limit);
  }
  for (const home of packages) for (const file of home.files) addCgo(file);
  for (const node of nodes) {
    if (!node.fn.hasBody) add(node, node.fn.start, ['assembly', 'a function has no Go body']);
  }
  return [...facts.values()];
}
