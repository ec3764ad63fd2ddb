import { compareUtf8, type Emit } from '#base';
import { type Indicator, type InvisibleCharacter, indicatorsOf } from '#content';
import type { FileFact } from '#detection';
import {
  analyzeModule,
  embeddedFiles,
  type FlowFact,
  type Gap,
  type GateFact,
  type LimitFact,
  type OtherPackage,
  type PackageObserver,
  readGrammar,
  type SourceFacts,
  type SourceTree,
  type WhyQuestion,
} from '#golang';
import type { GoMod, Replacement, Requirement } from '#module';
import type { Profile } from '#sandbox';
import { createEvaluation, createFlowReader, type Evaluation, type Flows } from '#value';
import { createExcerpts } from '../excerpts.ts';
import { fileFacts } from '../file-facts.ts';
import { type Contents, readContents } from '../read-contents.ts';
import type { SourceFiles } from '../source-files.ts';
import type { ExaminationTools } from '../tools.ts';

/** What the files say, the Go source and all others. */
export interface Analysis {
  readonly source: SourceFacts;
  readonly files: readonly FileFact[];
  readonly flows: readonly FlowFact[];
  readonly gates: readonly GateFact[];
  readonly invisible: readonly InvisibleCharacter[];
  readonly indicators: readonly Indicator[];
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  readonly gaps: readonly Gap[];
}

function goModGaps(goMod: GoMod | undefined): readonly Gap[] {
  return (goMod?.faults ?? []).map(({ line, detail }) => ({
    code: 'parse-error',
    file: 'go.mod',
    line,
    detail,
  }));
}

/** Calls inside calls that are followed to know a value. */
const DEEPEST_CALLS = 200;
/** Steps for one function under conditions that are not known. */
const LOOSE_STEPS = 20_000;

/** Nodes and edges of values that are followed through a module, and steps of searches. */
const FLOW_NODES = 1_500_000;
const FLOW_STEPS = 4_000_000;

/** Stands for flows that a module of this size has no room for. */
const UNFOLLOWED: LimitFact = {
  code: 'evaluation',
  file: '',
  line: 0,
  onImport: false,
  detail:
    'values go further through this module than is followed: there may be more flows and gates',
};

/** Shows packages to two observers. */
const both = (a: PackageObserver, b: PackageObserver): PackageObserver => ({
  show(source) {
    a.show(source);
    b.show(source);
  },
  finish() {
    a.finish();
    b.finish();
  },
});

/** Flows of the packages that are shown, found when there are no more. */
function followFlows(): { readonly packages: PackageObserver; readonly found: () => Flows } {
  const reader = createFlowReader({ nodes: FLOW_NODES, steps: FLOW_STEPS });
  let found: Flows = { flows: [], gates: [], isWhole: false };
  const packages: PackageObserver = {
    show: reader.show,
    finish() {
      found = reader.finish();
    },
  };
  return { packages, found: () => found };
}

/** What was not followed to its end, as gaps and as limits. */
function cutsOf(evaluation: Evaluation): {
  readonly gaps: readonly Gap[];
  readonly limits: SourceFacts['limits'];
} {
  const gaps: Gap[] = [];
  const limits: LimitFact[] = [];
  for (const { code, file, line, detail } of evaluation.gaps()) {
    if (code === 'evaluation') limits.push({ code, file, line, onImport: false, detail });
    else gaps.push({ code, file, line, detail });
  }
  return { gaps, limits };
}

/** Places, commands and keys that only the texts name which the code makes. */
function decodedIndicators(
  { indicators }: Contents,
  followed: SourceFacts['strings'],
): readonly Indicator[] {
  const keyOf = ({ kind, value, file }: Omit<Indicator, 'line' | 'decoded'>) =>
    `${kind}\0${value}\0${file}`;
  const known = new Set(indicators.map(keyOf));
  return followed.flatMap(({ file, line, value, how }) => {
    const isCommand = how.includes('command');
    const named = indicatorsOf(value).filter(({ kind }) => !(isCommand && kind === 'command'));
    if (isCommand) named.unshift({ kind: 'command', value });
    return named.flatMap((found) => {
      const key = keyOf({ ...found, file });
      if (known.has(key)) return [];
      known.add(key);
      return [{ ...found, file, line, decoded: true }];
    });
  });
}

/** Of a text at one place, what following the code says is better than what its tokens say. */
function withValues(
  source: SourceFacts,
  followed: SourceFacts['strings'],
  limits: SourceFacts['limits'],
): SourceFacts {
  const placeOf = ({ file, line, column }: SourceFacts['strings'][number]) =>
    `${file}\0${line}\0${column}`;
  const known = new Set(followed.map(placeOf));
  const strings = [...source.strings.filter((one) => !known.has(placeOf(one))), ...followed];
  strings.sort((a, b) => compareUtf8(a.file, b.file) || a.line - b.line || a.column - b.column);
  return { ...source, strings, limits: [...source.limits, ...limits] };
}

/** The answer that was asked for, with the line of each step. */
function withLines(source: SourceFacts, kept: ReadonlyMap<string, Uint8Array>): SourceFacts {
  const { why } = source;
  if (why === undefined) return source;
  const { beside } = createExcerpts((file) => kept.get(file));
  const paths = why.paths.map((path) => ({ ...path, steps: path.steps.map(beside) }));
  return { ...source, why: { ...why, paths } };
}

/**
 * Reads every file through the sandbox and says what it holds. The files are opened here: the stacks of
 * accesses are cut at this function, so that they are the same whoever calls it.
 */
export async function analysisStage(
  modulePath: string,
  openFiles: () => SourceFiles,
  {
    limits,
    tools,
    why,
    others,
    emit,
  }: {
    readonly limits: Profile['limits'];
    readonly why: WhyQuestion | undefined;
    readonly others: readonly OtherPackage[];
    readonly tools: ExaminationTools;
    readonly emit: Emit<{ readonly done: number; readonly total: number }>;
  },
): Promise<Analysis> {
  const files = openFiles();
  const own = files.list().filter((path) => path.endsWith('.go')).length;
  const total = others.reduce((sum, one) => sum + one.files.length, own);
  const contents = await readContents(files, {
    unpackedBytes: limits.unpackedBytes,
    breathe: tools.breathe,
  });
  let done = 0;
  // Kept to show lines of, when lines are asked for: another read would stand in the log.
  const kept = new Map<string, Uint8Array>();
  const keeping: SourceTree = {
    list: files.list,
    read(path) {
      const bytes = files.read(path);
      if (why !== undefined) kept.set(path, bytes);
      return bytes;
    },
  };
  const readOther = (path: string) => {
    const bytes = files.readOther(path) ?? new Uint8Array(0);
    if (why !== undefined) kept.set(path, bytes);
    return bytes;
  };
  const parser = await tools.openParser();
  const evaluation = createEvaluation({
    grammar: readGrammar(parser),
    limits: {
      steps: limits.interpreterSteps,
      memory: limits.interpreterBytes,
      depth: DEEPEST_CALLS,
      loose: LOOSE_STEPS,
    },
    goVersion: contents.goMod?.go ?? undefined,
    embedded: (file, directives) => embeddedFiles(files, file, directives),
  });
  const flowing = followFlows();
  const source = await analyzeModule(modulePath, keeping, {
    packages: both(evaluation, flowing.packages),
    why,
    others: { packages: others, isWhole: tools.fetchModule !== undefined, read: readOther },
    parser,
    reopen: tools.reopenParser,
    limits: { steps: limits.parserSteps, nodes: limits.nodes, sourceBytes: limits.sourceBytes },
    breathe: () => {
      emit({ done: ++done, total });
      return tools.breathe();
    },
  });
  const strings = evaluation.strings();
  const cuts = cutsOf(evaluation);
  return {
    source: withLines(
      withValues(source, strings, [
        ...cuts.limits,
        ...(flowing.found().isWhole ? [] : [UNFOLLOWED]),
      ]),
      kept,
    ),
    flows: flowing.found().flows,
    gates: flowing.found().gates,
    files: fileFacts(files, contents, source),
    invisible: contents.invisible,
    indicators: [...contents.indicators, ...decodedIndicators(contents, strings)],
    requires: contents.goMod?.requires ?? [],
    replaces: contents.goMod?.replaces ?? [],
    gaps: [...goModGaps(contents.goMod), ...contents.gaps, ...cuts.gaps],
  };
}
