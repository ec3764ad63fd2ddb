import { compareUtf8, groupBy } from '#base';
import type { Condition } from '../build/platforms.ts';
import { guessPackageName } from '../scope/imports.ts';
import type { Grammar } from '../scope/tree-view.ts';
import type { Declared, Fn, ModuleFile, Package, Result, Site, Type } from '../types/model.ts';
import { createStandardTypes } from '../types/standard.ts';
import { funcType } from '../types/types.ts';
import { readBody } from './body.ts';
import { callNamed } from './call-named.ts';
import type { CallObserver, Checker, FileScope, Memo, PackageScope, Scope } from './checker.ts';
import { concreteTypes } from './concrete.ts';
import { declareTypes, declareValues, type Unread } from './declare.ts';
import { callThroughInterface, callValues, fallBack } from './dispatch.ts';
import { createExpressions } from './evaluate.ts';
import { NOTHING } from './expressions.ts';
import { createFlow } from './flow.ts';
import { createFunctions } from './functions.ts';
import { give } from './give.ts';
import { orderInitialisers, orderPackages } from './init-order.ts';
import { linkImplicit, linkInitialisers, linkNames, linkUnknown, settleHubs } from './links.ts';
import { findMember } from './members.ts';
import { type PackageObserver, showPackages } from './package-source.ts';
import { groupPackages, registerPackages } from './packages.ts';
import { assignAll, createStatements } from './statements.ts';
import { createTypeReader } from './type-reader.ts';

/** The module's code and its possible calls. */
export interface Graph {
  readonly packages: readonly Package[];
  /** Those of other modules that were given. */
  readonly others: readonly Package[];
  readonly fns: readonly Fn[];
  /** The initialisers of all packages, in the order in which they run. */
  readonly initialisers: readonly Fn[];
  /** Where reading stopped because the code is nested too deep. */
  readonly tooDeep: readonly Site[];
  /** What leads deeper or wider than is followed. */
  readonly cuts: Memo['cuts'];
  /** False when values were not followed to the end. */
  readonly isWhole: boolean;
}

/** What following values may cost. */
export interface CheckLimits {
  /** Arrivals and edges of the value flow, to begin with. */
  readonly flowSteps: number;
  /** More of them for each character of the module. */
  readonly flowStepsAUnit: number;
  /** Levels of nested expressions and statements. */
  readonly depth: number;
}

/** What a module is read with. */
export interface CheckTools {
  readonly grammar: Grammar;
  readonly limits: CheckLimits;
  /** The condition that always holds. */
  readonly always: Condition;
  readonly onCall?: CallObserver | undefined;
  readonly packages?: PackageObserver | undefined;
}

/** Rounds in which calls that nothing reaches go to every type that fits. */
const FALLBACK_ROUNDS = 3;

/** A checker with nothing declared. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: builds the one object that all parts share.
function createChecker(
  grammar: Grammar,
  [packages, byFile]: readonly [Map<string, PackageScope>, ReadonlyMap<ModuleFile, FileScope>],
  { limits, always, onCall }: CheckTools,
): { readonly c: Checker; readonly fns: readonly Fn[]; readonly tooDeep: Site[] } {
  const flow = createFlow(limits.flowSteps);
  const functions = createFunctions(flow, always);
  const tooDeep: Site[] = [];
  let depth = 0;

  function deeper<Answer>(scope: Scope, node: number, run: () => Answer): Answer | undefined {
    if (depth >= limits.depth) {
      const { start, end } = scope.at.file.view.tree;
      const site = { file: scope.at.file, start: start[node] ?? 0, end: end[node] ?? 0 };
      tooDeep.push(site);
      return undefined;
    }
    depth++;
    const answer = run();
    depth--;
    return answer;
  }

  const c: Checker = {
    flow,
    standard: createStandardTypes(),
    packages,
    types: undefined as never,
    evaluate(scope, node): Result {
      if (node < 0) return NOTHING;
      const read = expressions[scope.at.file.view.tree.kind[node] as number];
      if (read === undefined) {
        evaluateInside(scope, node);
        return NOTHING;
      }
      return deeper(scope, node, () => read(scope, node)) ?? NOTHING;
    },
    statement(scope, node) {
      const read = statements[scope.at.file.view.tree.kind[node] as number];
      if (read === undefined) c.evaluate(scope, node);
      else deeper(scope, node, () => read(scope, node));
    },
    deeper,
    body: (body) => readBody(c, body),
    createFn: functions.create,
    give: (slot, type, value) => give(c, [slot, type], value),
    assignAll: (scope, list, show) => assignAll(c, scope, list, show),
    findMember: (type, name) => findMember(c, type, name),
    callThroughInterface: (from, target, call) => callThroughInterface(c, from, target, call),
    callValues: (from, target, call) => callValues(c, from, target, call),
    fileScope: (file) => byFile.get(file) as FileScope,
    callNamed: (scope, name, written) => callNamed(c, scope, name, written),
    foreignPath,
    onCall,
    mentions: new Map(),
    memo: {
      members: new Map(),
      methods: new Map(),
      cuts: new Set(),
      aliases: 0,
      imported: new Map(),
      contents: new Map(),
      structs: new Map(),
      ofLibrary: new Set(),
      hubs: new Map(),
      unknown: new Map(),
      asserted: new Map(),
      pending: [],
    },
  };

  /** What the parser made nothing of may still hold calls. */
  function evaluateInside(scope: Scope, node: number): void {
    const { tree } = scope.at.file.view;
    deeper(scope, node, () => {
      for (let i = node + 1; i < (tree.skip[node] as number); i = tree.skip[i] as number)
        c.statement(scope, i);
    });
  }

  (c as { types: Checker['types'] }).types = createTypeReader(c, grammar);
  const expressions = createExpressions(c, grammar);
  const statements = createStatements(c, grammar);
  return { c, fns: functions.all, tooDeep };
}

/** Imports among which a name's own package is looked for; it only names what is unanalyzed anyway. */
const MOST_IMPORTS = 256;

function foreignPath({ at }: Scope, name: string): string {
  const likely = at.file.scan.imports
    .slice(0, MOST_IMPORTS)
    .find(
      (found) => found.name === undefined && found.path.toLowerCase().includes(name.toLowerCase()),
    );
  return likely?.path ?? name;
}

/**
 * Files of one folder that are read together: what others import, or the tests. Tests import what
 * imports their package, so that with them nearly all of a large module would wait for each other.
 */
interface Unit {
  /** The import path of the folder. */
  readonly path: string;
  readonly files: readonly FileScope[];
  readonly isTests: boolean;
}

/** A unit whose imports are not all read. */
interface Waiting extends Unit {
  readonly needs: Set<string>;
}

/** Keeps callees for whoever is shown the packages. */
function noteCallees(
  callees: Map<ModuleFile, Map<number, string>>,
  then: CallObserver | undefined,
): CallObserver {
  return (site, callee, isOfInterface) => {
    const own = callees.get(site.file) ?? new Map<number, string>();
    callees.set(site.file, own);
    own.set(site.start, callee);
    then?.(site, callee, isOfInterface);
  };
}

/** Reads a module folder by folder, and says who may call whom, and what lies outside. */
export interface ModuleChecker {
  /** Takes all files of one folder, by its import path. They are let go as soon as what they import has been read. */
  addFolder(path: string, files: readonly ModuleFile[]): void;
  /** Takes what is left, and follows the values through the module. */
  finish(): Graph;
}

/**
 * A checker with nothing read.
 *
 * `folders` are the paths of all packages that will come: a package waits for those that it imports, so
 * that of a large module only few trees are kept at a time. What waits for each other is read last.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one reader over the packages that wait.
export function createModuleChecker(
  folders: ReadonlySet<string>,
  tools: CheckTools,
): ModuleChecker {
  const packages = new Map<string, PackageScope>();
  const byFile = new Map<ModuleFile, FileScope>();
  const callees = new Map<ModuleFile, Map<number, string>>();
  const onCall = tools.packages === undefined ? tools.onCall : noteCallees(callees, tools.onCall);
  const { c, fns, tooDeep } = createChecker(tools.grammar, [packages, byFile], {
    ...tools,
    onCall,
  });
  const implicit = new Map<PackageScope, Fn>();
  const initialisers = new Map<Package, readonly Fn[]>();
  const isDone = new Set<string>();
  const waiting = new Set<Waiting>();
  const waitedFor = new Map<string, Waiting[]>();

  /** The folders of the module that a unit needs and that are not read yet. */
  function needsOf({ path: own, files, isTests }: Unit): Set<string> {
    const imports = files.flatMap(({ file }) => file.scan.imports.map(({ path }) => path));
    const isOwnNeeded = isTests && !isDone.has(own);
    return new Set([
      ...imports.filter((path) => path !== own && folders.has(path) && !isDone.has(path)),
      ...(isOwnNeeded ? [own] : []),
    ]);
  }

  function implicitOf(at: FileScope): Fn {
    const known = implicit.get(at.home) ?? createImplicit(c, at);
    implicit.set(at.home, known);
    return known;
  }

  /** Reads functions and variables, once all types of their packages are declared. */
  function readCode(files: readonly FileScope[]): void {
    const unread: Unread = { bodies: [], variables: [] };
    for (const at of files) declareValues(c, at, [implicitOf(at), unread]);
    for (const variable of unread.variables) variable.read();
    for (const body of unread.bodies) c.body(body);
    noteOrder(unread);
    c.mentions.clear();
  }

  /** Sorts the initialisers of what was just read. */
  function noteOrder({ variables, bodies }: Unread): void {
    const isBuilt = ({ fn: { file } }: { readonly fn: Fn }) =>
      !file.isTest && !/(^|\/)[._][^/]*$/.test(file.path);
    const isInit = ({ fn }: { readonly fn: Fn }) => fn.kind === 'init';
    const declared = groupBy(variables.filter(isBuilt), ({ fn }) => fn.package);
    const inits = groupBy(bodies.filter(isBuilt).filter(isInit), ({ fn }) => fn.package);
    for (const home of new Set([...declared.keys(), ...inits.keys()])) {
      const own = new Set((declared.get(home) ?? []).flatMap((one) => one.declared));
      const functions = (inits.get(home) ?? []).map(({ fn }) => fn);
      initialisers.set(home, orderInitialisers([...own], functions, c.mentions));
    }
  }

  /** Reads units whose imports are known, or that wait for each other. */
  function read(several: readonly Unit[]): void {
    const files = several.flatMap((unit) => unit.files);
    registerPackages(packages, new Set(files.map(({ home }) => home)));
    for (const at of files) byFile.set(at.file, at);
    for (const at of files) readImports(c, at);
    for (const at of files) declareTypes(c, at, implicitOf(at));
    readCode(files);
    if (tools.packages !== undefined) showPackages(several, callees, tools.packages);
    callees.clear();
    letGo(files);
    for (const { path, isTests } of several) if (!isTests) isDone.add(path);
  }

  /** Reads a unit, and then every one that only waited for it. */
  function readWithFollowers(first: Unit): void {
    const ready = [first];
    for (const unit of ready) {
      read([unit]);
      const { path, isTests } = unit;
      if (isTests) continue;
      for (const one of waitedFor.get(path) ?? []) {
        one.needs.delete(path);
        if (one.needs.size === 0 && waiting.delete(one)) ready.push(one);
      }
      waitedFor.delete(path);
    }
  }

  /** Reads a unit now, or when what it needs has been read. */
  function take(unit: Unit): void {
    const needs = needsOf(unit);
    if (needs.size === 0) {
      readWithFollowers(unit);
      return;
    }
    const one = { ...unit, needs };
    waiting.add(one);
    for (const needed of needs) {
      const known = waitedFor.get(needed);
      if (known === undefined) waitedFor.set(needed, [one]);
      else known.push(one);
    }
  }

  return {
    addFolder(path, files) {
      const units = files.reduce((sum, { view }) => sum + view.text.length, 0);
      c.flow.grant(units * tools.limits.flowStepsAUnit);
      const scopes = groupPackages(path, files).flatMap((home) => home.files);
      for (const isTests of [false, true]) {
        take({ path, files: scopes.filter(({ file }) => file.isTest === isTests), isTests });
      }
    },
    finish() {
      read([...waiting]);
      tools.packages?.finish();
      const scopes = [...implicit.keys()];
      linkImplicit(implicit);
      linkInitialisers(implicit, fns);
      linkUnknown(c.memo.unknown, fns);
      linkNames(c, scopes);
      let isWhole = c.flow.solve();
      const types = concreteTypes(scopes);
      for (let round = 0; round < FALLBACK_ROUNDS && isWhole; round++) {
        fallBack(c, c.memo.pending, types);
        isWhole = c.flow.solve();
      }
      settleHubs(c, fns);
      c.flow.release();
      for (const memo of Object.values(c.memo)) if (memo instanceof Map) memo.clear();
      const isOwn = ({ files }: Package) => files.some(({ isForeign }) => !isForeign);
      const inOrder = scopes.map((home) => home.package);
      inOrder.sort((a, b) => compareUtf8(a.path, b.path) || compareUtf8(a.name, b.name));
      return {
        packages: inOrder.filter(isOwn),
        others: inOrder.filter((home) => !isOwn(home)),
        fns: sortFns(fns),
        initialisers: orderPackages(scopes, packages)
          .filter((home) => isOwn(home.package))
          .flatMap((home) => initialisers.get(home.package) ?? [])
          .filter(({ file }) => !file.isIgnored),
        tooDeep,
        cuts: c.memo.cuts,
        isWhole,
      };
    },
  };
}

/** By package; within one, in the order of the code. */
function sortFns(fns: readonly Fn[]): readonly Fn[] {
  return fns.toSorted((a, b) => compareUtf8(a.package.path, b.package.path) || a.id - b.id);
}

/** Reads what was to be read when first asked for, and lets go of the trees and texts. */
function letGo(files: readonly FileScope[]): void {
  for (const { names } of new Set(files.map(({ home }) => home)))
    for (const declared of names.values()) settle(declared);
  for (const { file } of files) file.release();
}

function settle(declared: Declared): void {
  if (declared.kind === 'type') settleType(declared.type);
  else if (declared.kind === 'const') declared.type;
  else if (declared.kind === 'func')
    for (const parameter of declared.fns.flatMap((fn) => fn.typeParameters)) parameter.constraint();
}

function settleType(type: Type | undefined): void {
  if (type?.kind !== 'named') return;
  type.underlying();
  for (const parameter of type.parameters) parameter.constraint();
}

function readImports(c: Checker, { file, imports, dots }: FileScope): void {
  for (const { path, name } of file.scan.imports) {
    if (name === '.') dots.push(path);
    else if (name !== '_') {
      const own = c.packages.get(path)?.package.name ?? c.standard.packageName(path);
      imports.set(name ?? own ?? guessPackageName(path), path);
    }
  }
}

function createImplicit(c: Checker, at: FileScope): Fn {
  return c.createFn({
    at,
    kind: 'implicit',
    name: '',
    parent: undefined,
    node: 0,
    hasBody: true,
    signature: funcType([], []),
    typeParameters: [],
  });
}
