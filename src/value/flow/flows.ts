import type { FlowFact, FlowStep, GateFact, PackageSource } from '#golang';
import { readCall } from './calls.ts';
import { declareFunction, packageWalk, readLiteral } from './functions.ts';
import { declareNames } from './globals.ts';
import { FlowGraph } from './graph.ts';
import { linkCalls } from './link.ts';
import type { FlowModel, Origin, Sink } from './model.ts';
import { Search } from './search.ts';
import { readBody, readDeclaration, readStatement } from './statements.ts';
import type { FlowSink, GateKind } from './tables.ts';
import type { Readers } from './walk.ts';

/** What flows may cost, for a module. */
export interface FlowLimits {
  /** Nodes and edges. */
  readonly nodes: number;
  /** Steps of searches. */
  readonly steps: number;
}

/** What values go where, and what conditions ask for. */
export interface Flows {
  readonly flows: readonly FlowFact[];
  readonly gates: readonly GateFact[];
  /** False where a budget ended the search. */
  readonly isWhole: boolean;
}

/** The flows of a module, package by package. */
export interface FlowReader {
  show(source: PackageSource): void;
  /** Joins what was shown, once. */
  finish(): Flows;
}

const MOST_FLOWS = 2000;
const MOST_GATES = 2000;
/** Steps that one value is followed, and those that it has in any case. */
const MOST_SEARCH = 4000;
const LEAST_SEARCH = 200;
/** Functions that a value may come from or go to on its way to a condition. */
const MOST_CHANGES = 4;
/** Steps of one path that are said: the first and the last of a longer one. */
const MOST_STEPS = 12;

const READERS: Readers = {
  call: readCall,
  literal: readLiteral,
  statement: readStatement,
  body: readBody,
};

function createModel(limits: FlowLimits): FlowModel {
  return {
    graph: new FlowGraph(),
    packages: new Set(),
    structs: new Set(),
    functions: [],
    byName: new Map(),
    methods: new Map(),
    taken: [],
    takenNodes: new Set(),
    globals: new Map(),
    texts: new Map(),
    pending: [],
    origins: [],
    carriers: [],
    sinks: [],
    writings: [],
    conditions: [],
    guarded: [],
    left: limits.nodes,
    isWhole: true,
  };
}

/** With less than this left, a package is not begun. */
const LEAST_BUDGET = 10_000;
/** The part of what is left that one function may take: a hostile one is not to hide the others. */
const MOST_OF_BUDGET = 0.125;

/** Reads one function with a budget of its own; what is nested deeper than the stack is lost alone. */
function readWithin(model: FlowModel, body: () => void): void {
  const before = model.left;
  const own = Math.floor(before * MOST_OF_BUDGET);
  model.left = own;
  try {
    body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    model.isWhole = false;
  }
  if (model.left <= 0) model.isWhole = false;
  model.left = before - Math.max(0, own - model.left);
}

function showPackage(model: FlowModel, { path, files }: PackageSource): void {
  if (model.left < LEAST_BUDGET) {
    model.isWhole = false;
    return;
  }
  model.packages.add(path);
  for (const file of files) declareNames(model, file, path);
  const bodies: (() => void)[] = [];
  for (const file of files) {
    const { view } = file;
    for (const node of view.children(0)) {
      if (view.is(node, 'function_declaration') || view.is(node, 'method_declaration'))
        bodies.push(declareFunction(model, file, [path, node, READERS]));
      else if (view.is(node, 'var_declaration'))
        bodies.push(() => readDeclaration(packageWalk(model, file, [path, node, READERS]), node));
    }
  }
  for (const body of bodies) readWithin(model, body);
}

/** Adds the sinks that writings are, by what they write to. */
function sinksOfWritings(model: FlowModel, steps: number): readonly Sink[] {
  const made = new Map<number, Set<FlowSink>>();
  const wanted = new Set(model.writings.flatMap(({ targets }) => targets));
  if (wanted.size === 0) return [];
  const search = new Search(model.graph, wanted, { left: steps, most: MOST_SEARCH });
  for (const { node: start, kind } of model.carriers)
    search.from(start, ({ node, isTest }) => {
      if (isTest || !wanted.has(node)) return;
      const kinds = made.get(node) ?? new Set();
      made.set(node, kinds.add(kind));
    });
  return model.writings.flatMap(({ node, targets, name }) => {
    const kinds = new Set(targets.flatMap((target) => [...(made.get(target) ?? [])]));
    return [...kinds].map((kind): Sink => ({ node, kind, name, fields: undefined }));
  });
}

function stepAt(
  { graph, functions }: FlowModel,
  node: number,
  name?: string,
): FlowStep | undefined {
  const fn = functions[graph.fn[node] ?? -1];
  if (fn === undefined) return undefined;
  const start = graph.start[node] ?? 0;
  return { function: name ?? fn.name, file: fn.path, ...fn.places.positionOf(start) };
}

/** The way in steps, a line each. */
function pathOf(
  model: FlowModel,
  way: readonly number[],
  [first, last]: readonly [string, string],
): readonly FlowStep[] {
  const steps: FlowStep[] = [];
  for (const [i, node] of way.entries()) {
    const isEnd = i === way.length - 1;
    const step = stepAt(model, node, i === 0 ? first : isEnd ? last : undefined);
    const before = steps.at(-1);
    if (step === undefined) continue;
    const isSame = before?.file === step.file && before.line === step.line;
    if (!isSame || isEnd) steps.push(step);
  }
  if (steps.length <= MOST_STEPS) return steps;
  return [...steps.slice(0, MOST_STEPS / 2), ...steps.slice(-MOST_STEPS / 2)];
}

/** Calls inside each other through which a condition is said to guard something. */
const MOST_GUARDED = 3;

/** Which capabilities every function comes to, by itself and by what it calls nearby. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a few nested lists.
function guardedByFunction(
  model: FlowModel,
  targets: readonly (readonly number[])[],
): readonly ReadonlySet<string>[] {
  let own: readonly Set<string>[] = model.functions.map(() => new Set<string>());
  for (const { fn, what } of model.guarded) own[fn]?.add(what);
  for (let level = 1; level < MOST_GUARDED; level++) {
    const wider = own.map((what) => new Set(what));
    // A method of which only the name is known may be any.
    for (const [i, { fn, callee }] of model.pending.entries())
      if (callee !== undefined || targets[i]?.length === 1)
        for (const target of targets[i] ?? [])
          for (const what of own[target] ?? []) wider[fn]?.add(what);
    own = wider;
  }
  return own;
}

class Finish {
  readonly flows: FlowFact[] = [];
  readonly gates: GateFact[] = [];
  private readonly model: FlowModel;
  private readonly search: Search;
  private readonly sinks = new Map<number, Sink[]>();
  private readonly conditions = new Map<number, number>();
  private readonly guards: readonly (readonly string[])[];
  private readonly seen = new Set<string>();

  constructor(model: FlowModel, steps: number) {
    this.model = model;
    const { targets, called } = linkCalls(model, steps);
    for (const sink of [...model.sinks, ...sinksOfWritings(model, steps)])
      this.sinks.set(sink.node, [...(this.sinks.get(sink.node) ?? []), sink]);
    this.guards = this.guardsOf(targets);
    for (const [i, { node }] of model.conditions.entries())
      if ((this.guards[i]?.length ?? 0) > 0) this.conditions.set(node, i);
    const goals = [...this.sinks.keys(), ...this.conditions.keys()];
    // Each has its share, so that many of one file do not use up those of others.
    const share = Math.max(LEAST_SEARCH, Math.floor(steps / Math.max(1, model.origins.length)));
    const most = Math.min(MOST_SEARCH, share);
    this.search = new Search(model.graph, goals, { left: steps, most });
    for (const origin of model.origins) {
      const fn = model.graph.fn[origin.node] ?? -1;
      if (!origin.isParameter || !called.has(fn)) this.follow(origin);
    }
    if (this.search.left <= 0) model.isWhole = false;
  }

  /** What each condition guards, by where calls stand. */
  private guardsOf(targets: readonly (readonly number[])[]): readonly (readonly string[])[] {
    const { model } = this;
    const reached = guardedByFunction(model, targets);
    const calls: {
      readonly file: string;
      readonly start: number;
      readonly what: Iterable<string>;
    }[] = [];
    const fileOf = (fn: number) => model.functions[fn]?.path ?? '';
    for (const { fn, start, what } of model.guarded)
      calls.push({ file: fileOf(fn), start, what: [what] });
    for (const [i, { fn, start }] of model.pending.entries()) {
      const known = model.pending[i]?.callee !== undefined || targets[i]?.length === 1;
      const what = new Set(
        (known ? (targets[i] ?? []) : []).flatMap((target) => [...(reached[target] ?? [])]),
      );
      if (what.size > 0) calls.push({ file: fileOf(fn), start, what });
    }
    const byFile = new Map<string, typeof calls>();
    for (const call of calls) byFile.set(call.file, [...(byFile.get(call.file) ?? []), call]);
    return model.conditions.map(({ fn, regions }) => {
      const inside = (byFile.get(fileOf(fn)) ?? []).filter(({ start }) =>
        regions.some(([from, to]) => start >= from && start < to),
      );
      return [...new Set(inside.flatMap(({ what }) => [...what]))].sort();
    });
  }

  private follow(origin: Origin): void {
    // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a few nested lists.
    this.search.from(origin.node, ({ node, field, isTest }, wayTo) => {
      for (const sink of isTest || origin.flow === undefined ? [] : (this.sinks.get(node) ?? [])) {
        if (sink.fields === undefined || sink.fields.has(field)) this.addFlow(origin, sink, wayTo);
      }
      const condition = origin.gate === undefined ? undefined : this.conditions.get(node);
      if (condition !== undefined && this.isNear(wayTo()))
        this.addGate(origin.gate ?? 'host', condition);
    });
  }

  /** True where what a condition asks for is seen close to it: values of a clock go everywhere. */
  private isNear(way: readonly number[]): boolean {
    const { fn } = this.model.graph;
    let changes = 0;
    for (const [i, node] of way.entries())
      if (i > 0 && fn[node] !== fn[way[i - 1] ?? -1]) changes++;
    return changes <= MOST_CHANGES;
  }

  private addFlow(origin: Origin, sink: Sink, wayTo: () => readonly number[]): void {
    const { flow } = origin;
    const { fn, start } = this.model.graph;
    const placeOf = (node: number) => `${fn[node]}:${start[node]}`;
    const key = `${placeOf(origin.node)} ${flow} ${placeOf(sink.node)} ${sink.kind}`;
    if (flow === undefined || this.seen.has(key)) return;
    this.seen.add(key);
    if (this.flows.length >= MOST_FLOWS) {
      this.model.isWhole = false;
      return;
    }
    const path = pathOf(this.model, wayTo(), [origin.name, sink.name.replace(/^\?\./, '')]);
    this.flows.push({ source: flow, sink: sink.kind, path });
  }

  private addGate(kind: GateKind, condition: number): void {
    const found = this.model.conditions[condition];
    const place = found && stepAt(this.model, found.node);
    if (place?.file === undefined) return;
    const { file, line, function: name } = place;
    for (const guards of this.guards[condition] ?? []) {
      const key = `${kind} ${file} ${line} ${guards}`;
      if (this.seen.has(key) || this.gates.length >= MOST_GATES) continue;
      this.seen.add(key);
      this.gates.push({ kind, file, line, guards, function: name });
    }
  }
}

const byPlace = (
  a: { readonly file: string; readonly line: number },
  b: { readonly file: string; readonly line: number },
): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);

/** A reader that was shown nothing. */
export function createFlowReader(limits: FlowLimits): FlowReader {
  let model: FlowModel | undefined = createModel(limits);
  return {
    show(source) {
      if (model !== undefined) showPackage(model, source);
    },
    finish() {
      const read = model ?? createModel(limits);
      // Whoever asks has other uses for the memory.
      model = undefined;
      const { flows, gates } = new Finish(read, limits.steps);
      const placed = flows.flatMap((flow) => {
        const [first] = flow.path;
        return first === undefined ? [] : [{ flow, file: first.file, line: first.line }];
      });
      return {
        flows: placed.sort(byPlace).map(({ flow }) => flow),
        gates: gates.toSorted(byPlace),
        isWhole: read.isWhole,
      };
    },
  };
}
