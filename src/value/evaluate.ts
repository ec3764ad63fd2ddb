import type { Grammar, PackageObserver, StringFact } from '#golang';
import { type Command, commandOf } from './commands.ts';
import { callAnyhow, callClosure, isText } from './compile/functions.ts';
import type { Code, Declaration, PackageCode, SourceFile } from './compile/model.ts';
import { createProgram, type Program } from './compile/program.ts';
import { commandFacts, stringFacts, type Use } from './facts.ts';
import { createLibrary } from './library/library.ts';
import { GoPanic, type Limits, type Machine, OutOfBudget } from './run/machine.ts';
import { Items, type Store } from './run/stores.ts';
import { nameOf, under } from './run/types.ts';
import { type How, UNKNOWN, type Value } from './run/value.ts';

/** What could not be followed to its end. */
export interface ValueGap {
  readonly code: 'over-budget' | 'stage-failed';
  readonly file: string;
  readonly line: number;
  readonly detail: string;
}

/** What is asked of an evaluation. */
export interface EvaluationTools {
  readonly grammar: Grammar;
  readonly limits: Limits;
  /** The go line of go.mod, such as 1.22; undefined where there is none. */
  readonly goVersion: string | undefined;
}

/** An evaluation of a module, package by package. */
export interface Evaluation extends PackageObserver {
  /** What a function without parameters gives, where that is one text; undefined where it is not known. */
  resultOf(path: string, name: string): string | undefined;
  /** The constant of a package: its type below all names, and its value; undefined where it is not known. */
  constantOf(
    path: string,
    name: string,
  ): { readonly type: string; readonly value: unknown } | undefined;
  /** The texts that say more than the source, in the order of packages and places. */
  readonly strings: readonly StringFact[];
  readonly gaps: readonly ValueGap[];
}

/** What one function showed, and which shared variables it read for that. */
interface RootRun {
  readonly code: Code;
  readonly seen: ReadonlySet<Store>;
}

const MOST_ROUNDS = 3;
/** The part of the budget that a function with parameters gets. */
const OPEN_SHARE = 0.1;

/** An evaluation of nothing yet. */
export function createEvaluation(tools: EvaluationTools): Evaluation {
  const [, minor = '0'] = /^1\.(\d+)/.exec(tools.goVersion ?? '') ?? [];
  const gaps: ValueGap[] = [];
  const strings: StringFact[] = [];
  const uses = new Map<How, Use[]>();
  let commands: Command[] = [];
  let program: Program | undefined = createProgram({
    grammar: tools.grammar,
    limits: tools.limits,
    library: createLibrary(),
    observe: {
      outsideCall(m, name, [args, site]) {
        for (const { how } of args)
          if (how !== undefined) noteUse(uses, { how, function: name, site });
        const command = commandOf(m, name, { args, site });
        if (command !== undefined && commands.length < MOST_COMMANDS) commands.push(command);
      },
    },
    hasOwnLoopVariables: Number(minor) >= 22,
  });
  return {
    gaps,
    strings,
    constantOf(path, name) {
      const found = program?.c.packages.get(path)?.declarations.get(name);
      const [only] = found ?? [];
      if (found?.length !== 1 || only?.kind !== 'constant') return undefined;
      const value = only.value();
      return value === UNKNOWN ? undefined : { type: nameOf(under(value.t)), value: value.v };
    },
    resultOf(path, name) {
      const found = program?.c.packages.get(path)?.declarations.get(name)?.[0];
      if (program === undefined || found?.kind !== 'function') return undefined;
      const { c } = program;
      const { m } = c;
      const mark = m.mark();
      let result = UNKNOWN;
      attempt(program, [found.code, gaps], () => {
        result = callClosure(c, { kind: 'closure', code: found.code, captured: [] }, []) ?? UNKNOWN;
      });
      m.undo(mark);
      return typeof result.v === 'string' ? result.v : undefined;
    },
    show(source) {
      if (program === undefined) return;
      const home = program.add(source);
      initialise(program, home, gaps);
      followFunctions(program, home, gaps);
      const usesOf = (how: How) => uses.get(how) ?? [];
      for (const file of home.files)
        strings.push(...stringFacts(program.sightingsOf(file), usesOf));
      strings.push(...commandFacts(commands));
      commands = [];
      uses.clear();
      program.settle(home);
    },
    finish() {
      program = undefined;
    },
  };
}

const MOST_USES = 8;
const MOST_COMMANDS = 1000;

function noteUse(uses: Map<How, Use[]>, use: Use): void {
  const known = uses.get(use.how);
  if (known === undefined) uses.set(use.how, [use]);
  else if (known.length < MOST_USES && !known.some(({ site }) => site === use.site))
    known.push(use);
}

/** Runs code with a budget of its own; false when it did not come to its end. */
function attempt(
  { c }: Program,
  [code, gaps]: readonly [Code, ValueGap[]],
  run: () => void,
): boolean {
  const { m } = c;
  // Of what depends on its arguments, less can be known.
  const isClosed = code.type.parameters.length === 0 && !code.hasReceiver;
  m.start(isClosed ? 1 : OPEN_SHARE);
  try {
    c.atRoot(code, run);
    if (m.wasCut && m.isClosed)
      addGap(gaps, code, ['over-budget', 'it takes more steps than are followed']);
    return !m.wasCut;
  } catch (error) {
    if (error instanceof GoPanic) return !m.wasCut;
    const gap = gapOf(m, error);
    if (gap !== undefined) addGap(gaps, code, gap);
    return false;
  }
}

/** What is said of a run that did not come to its end; nothing where nothing that is known was lost. */
function gapOf(m: Machine, error: unknown): readonly [ValueGap['code'], string] | undefined {
  if (error instanceof RangeError) return ['over-budget', 'it is nested deeper than is followed'];
  // A fault of ours is no reason to lose what the other functions say.
  if (!(error instanceof OutOfBudget)) return ['stage-failed', String(error)];
  const isKnown = m.doubt === 0 && m.isClosed;
  return error.isLoss || isKnown ? ['over-budget', error.message] : undefined;
}

function addGap(
  gaps: ValueGap[],
  { file, node, name }: Code,
  [code, why]: readonly [ValueGap['code'], string],
): void {
  const { line } = file.positionOf(file.view.tree.start[node] ?? 0);
  const isKnown = gaps.some((gap) => gap.file === file.path && gap.line === line);
  if (isKnown) return;
  gaps.push({
    code,
    file: file.path,
    line,
    detail: `${name} was not evaluated to its end: ${why}`,
  });
}

/** Runs the initialisers of variables, and init, as the program would at its start. */
function initialise(program: Program, home: PackageCode, gaps: ValueGap[]): void {
  const { m } = program.c;
  const before = m.unfollowed;
  let isWhole = true;
  for (const variable of home.variables) {
    const code = variable.code;
    isWhole = attempt(program, [code, gaps], variable.initialise) && isWhole;
    m.keep();
  }
  for (const code of home.inits) {
    const run = () => void callClosure(program.c, { kind: 'closure', code, captured: [] }, []);
    isWhole = attempt(program, [code, gaps], run) && isWhole;
    m.keep();
  }
  const boxes = home.variables.map(({ box }) => box);
  share(boxes);
  // What was not followed may have written any of them.
  if (!isWhole || m.unfollowed !== before) for (const box of boxes) m.spoiled.add(box);
}

/** Everything that package variables lead to is one thing for all functions. */
function share(boxes: readonly Store[]): void {
  const work: Store[] = [...boxes];
  for (let store = work.pop(); store !== undefined; store = work.pop()) {
    if (store.isShared) continue;
    store.isShared = true;
    if (store instanceof Items && store.bytes !== undefined) continue;
    for (const value of store.contents()) work.push(...storesIn(value));
  }
}

function storesIn({ v }: Value): readonly Store[] {
  if (typeof v !== 'object' || v === null) return [];
  if ('born' in v) return [v as Store];
  if ('items' in v) return [(v as { items: Store }).items];
  if ('store' in v) return [(v as { store: Store }).store];
  if ('captured' in v) return (v as { captured: readonly Store[] }).captured;
  return [];
}

/**
 * Whether there is anything in a function that texts are made of: a literal, or a variable or constant of
 * the package, which it may also write.
 */
function hasTexts({ c: { grammar } }: Program, { file, node }: Code): boolean {
  const { tree } = file.view;
  const { kind } = grammar;
  const texts = new Set([
    kind.interpreted_string_literal,
    kind.raw_string_literal,
    kind.rune_literal,
    kind.composite_literal,
  ]);
  for (let i = node; i < (tree.skip[node] ?? 0); i++) {
    const own = tree.kind[i] as number;
    if (texts.has(own)) return true;
    if (own === kind.identifier && namesValue(file, file.view.textOf(i))) return true;
    // Of an imported package it may be either.
    if (own === kind.selector_expression && isImport(file, file.view.textOf(i + 1))) return true;
  }
  return false;
}

function namesValue({ home }: SourceFile, name: string): boolean {
  const found = home.declarations.get(name);
  return found?.some(makesText) === true;
}

function makesText(declared: Declaration): boolean {
  if (declared.kind === 'function') return declared.code.type.results.some(isText);
  return declared.kind === 'variable' || declared.kind === 'constant';
}

function isImport({ imports, home }: SourceFile, name: string): boolean {
  const path = imports.get(name);
  // Values of the standard library make no texts.
  return path?.startsWith(home.path.split('/').slice(0, 3).join('/')) === true;
}

/** Follows every function as if anyone called it; again where others write what it read. */
function followFunctions(program: Program, home: PackageCode, gaps: ValueGap[]): void {
  let open: readonly Code[] = home.functions.filter((code) => hasTexts(program, code));
  const { m } = program.c;
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
    const runs = open.map((code) => followFunction(program, code, gaps));
    open = runs
      .filter(({ seen }) => [...seen].some((store) => m.spoiled.has(store)))
      .map(({ code }) => code);
    for (const code of open) for (const sighting of code.sightings) sighting.values.length = 0;
  }
}

function followFunction(program: Program, code: Code, gaps: ValueGap[]): RootRun {
  const { c } = program;
  const { m } = c;
  const mark = m.mark();
  attempt(program, [code, gaps], () => {
    const args = code.type.parameters.map(() => UNKNOWN);
    callClosure(c, { kind: 'closure', code, captured: [], receiver: UNKNOWN }, args);
  });
  for (const { unused } of code.literals) {
    if (unused === undefined) continue;
    attempt(program, [code, gaps], () => callAnyhow(c, unused));
  }
  m.undo(mark);
  return { code, seen: new Set(m.seen) };
}
