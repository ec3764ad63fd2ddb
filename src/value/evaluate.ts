import type { Grammar, PackageObserver, PackageSource, StringFact } from '#golang';
import { type Command, commandOf } from './commands.ts';
import { callClosure } from './compile/functions.ts';
import type { Embedding, PackageCode } from './compile/model.ts';
import { createProgram } from './compile/program.ts';
import { commandFacts, stringFacts, type Use } from './facts.ts';
import { attempt, followFunctions, initialise, type Progress, type ValueGap } from './follow.ts';
import { createLibrary } from './library/library.ts';
import type { Limits } from './run/meter.ts';
import { nameOf, under } from './run/types.ts';
import { type How, UNKNOWN } from './run/value.ts';

/** What is asked of an evaluation. */
export interface EvaluationTools {
  readonly grammar: Grammar;
  readonly limits: Limits;
  /** The go line of go.mod, such as 1.22; undefined where there is none. */
  readonly goVersion: string | undefined;
  /** None where it is left out. */
  readonly embedded?: Embedding;
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
  strings(): readonly StringFact[];
  gaps(): readonly ValueGap[];
}

/** Budgets of single functions that all of them together may take, and more for each node of code. */
const MOST_BUDGETS = 20;
const STEPS_A_NODE = 4;
/** Budgets of single initialisers that the variables of a module may hold. */
const MOST_ROOM = 4;
/** Uses of one text, and command lines of one function. */
const MOST_USES = 8;
const MOST_COMMANDS = 1000;
/** Texts of a module, and their characters, that there is room for. */
const MOST_STRINGS = 10_000;
const MOST_CHARACTERS = 8_388_608;

function noteUse(uses: Map<How, Use[]>, use: Use): void {
  const known = uses.get(use.how);
  if (known === undefined) uses.set(use.how, [use]);
  else if (known.length < MOST_USES && !known.some(({ site }) => site === use.site))
    known.push(use);
}

/** Lists of embedded files that are kept. */
const MOST_EMBEDDINGS = 16;

/** Asks once for each list of directives of a file, as long as there are few. */
function remembering(ask: Embedding): Embedding {
  const known = new Map<string, ReturnType<Embedding>>();
  return (file, directives) => {
    const key = [file, ...directives].join('\n');
    const files = known.get(key) ?? ask(file, directives);
    // Of many lists of many files, only the last ones are kept.
    if (known.size >= MOST_EMBEDDINGS) known.clear();
    known.set(key, files);
    return files;
  };
}

function begin(
  { grammar, limits, goVersion, embedded }: EvaluationTools,
  gaps: Map<string, ValueGap>,
  uses: Map<How, Use[]>,
): Progress {
  const [, minor = '0'] = /^1\.(\d+)/.exec(goVersion ?? '') ?? [];
  const program = createProgram({
    grammar,
    limits,
    library: createLibrary(),
    observe: {
      outsideCall(m, name, [args, site]) {
        for (const { how } of args)
          if (how !== undefined) noteUse(uses, { how, function: name, site });
        const command = commandOf(m, name, { args, site });
        if (command === undefined) return;
        if (progress.commands.length < MOST_COMMANDS) progress.commands.push(command);
        else m.lose();
      },
    },
    embedded: remembering(embedded ?? (() => [])),
    hasOwnLoopVariables: Number(minor) >= 22,
  });
  const progress: Progress = {
    program,
    gaps,
    commands: [],
    steps: limits.steps * MOST_BUDGETS,
    room: limits.memory * MOST_ROOM,
  };
  return progress;
}

/** Reading declarations can fail as well: of code that Go refuses, or that is nested without end. */
function failure({ path, files }: PackageSource, error: unknown): ValueGap {
  const detail = `${path} was not evaluated: ${String(error)}`;
  return { code: 'stage-failed', file: files[0]?.path ?? '', line: 1, detail };
}

/** An evaluation of nothing yet. */
export function createEvaluation(tools: EvaluationTools): Evaluation {
  const gaps = new Map<string, ValueGap>();
  const strings: StringFact[] = [];
  let characters = 0;
  const uses = new Map<How, Use[]>();
  let progress: Progress | undefined = begin(tools, gaps, uses);

  /** Takes texts as far as there is room. */
  function take(facts: readonly StringFact[], { files }: PackageCode): void {
    for (const fact of facts) {
      characters += fact.value.length;
      if (strings.length < MOST_STRINGS && characters < MOST_CHARACTERS) strings.push(fact);
      else {
        const file = files[0]?.path ?? '';
        const detail = 'the code makes more texts than there is room for here';
        gaps.set('room', { code: 'over-budget', file, line: 1, detail });
        return;
      }
    }
  }

  function follow(open: Progress, source: PackageSource): void {
    const { program } = open;
    const home = program.add(source);
    const nodes = home.files.reduce((sum, { view }) => sum + view.tree.count, 0);
    open.steps += nodes * STEPS_A_NODE;
    const commands: readonly Command[] = [
      ...initialise(open, home),
      ...followFunctions(open, home),
    ];
    const usesOf = (how: How) => uses.get(how) ?? [];
    take(commandFacts(commands), home);
    for (const file of home.files) take(stringFacts(program.sightingsOf(file), usesOf), home);
    uses.clear();
    program.settle(home);
  }

  return {
    gaps: () => [...gaps.values()],
    strings: () => strings,
    constantOf(path, name) {
      const found = progress?.program.c.packages.get(path)?.declarations.get(name);
      const [only] = found ?? [];
      if (found?.length !== 1 || only?.kind !== 'constant') return undefined;
      const value = only.value();
      return value === UNKNOWN ? undefined : { type: nameOf(under(value.t)), value: value.v };
    },
    resultOf(path, name) {
      const found = progress?.program.c.packages.get(path)?.declarations.get(name)?.[0];
      if (progress === undefined || found?.kind !== 'function') return undefined;
      const { c } = progress.program;
      const { code } = found;
      const mark = c.m.mark();
      let result = UNKNOWN;
      attempt(progress, code, () => {
        result = callClosure(c, { kind: 'closure', code, captured: [] }, []) ?? UNKNOWN;
      });
      c.m.undo(mark);
      return typeof result.v === 'string' ? result.v : undefined;
    },
    show(source) {
      if (progress === undefined) return;
      try {
        follow(progress, source);
      } catch (error) {
        gaps.set(source.path, failure(source, error));
      }
    },
    finish() {
      progress = undefined;
    },
  };
}
