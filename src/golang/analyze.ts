import { baseName, compareUtf8, copyText, directoryOf, groupBy } from '#base';
import { isIgnoredName, isIgnoredPath, limitsBeside } from './beside.ts';
import { buildConstraint, nameConstraint } from './build/constraint.ts';
import { embedPatterns, matchEmbed, readDirectives } from './build/directives.ts';
import { type Conditions, createConditions } from './build/platforms.ts';
import { computeReach } from './call-graph/reach.ts';
import { explain } from './capability/why.ts';
import { createModuleChecker, type Graph } from './check/check-module.ts';
import type { PackageObserver } from './check/package-source.ts';
import { describeGraph } from './describe.ts';
import type {
  DirectiveFact,
  Gap,
  GoFileFact,
  PackageFact,
  SourceFacts,
  StringFact,
  WhyQuestion,
} from './facts.ts';
import { placeOf } from './places.ts';
import { scanFile } from './scope/scan-file.ts';
import { createTreeView, type Grammar, readGrammar } from './scope/tree-view.ts';
import { type Places, readSourceText } from './source-text.ts';
import { createFlatTree, packTree } from './syntax/flat-tree.ts';
import type { GoParser, ParseLimits } from './syntax/go-parser.ts';
import type { ModuleFile, Package, Site } from './types/model.ts';

/** The port through which source is read: all files in a fixed order, each with its path. */
export interface SourceTree {
  /** The module's paths in byte order. */
  list(): readonly string[];
  read(path: string): Uint8Array;
}

/** A package of another module, to follow calls into. */
export interface OtherPackage {
  readonly path: string;
  /** Its Go files without tests, by the paths that facts name: `module@version/dir/file.go`. */
  readonly files: readonly string[];
  /** Object files beside them, which are linked as they are. */
  readonly objects: readonly string[];
}

/** Packages of other modules that were given, each after those that it imports. */
export interface OtherPackages {
  readonly packages: readonly OtherPackage[];
  /** True when all that is imported was meant to be given. */
  readonly isWhole: boolean;
  read(file: string): Uint8Array;
}

/** What an analysis may cost. */
export interface AnalysisLimits extends ParseLimits {
  /** A Go file of more bytes is not parsed: a gap. */
  readonly sourceBytes: number;
}

/** What an analysis works with. */
export interface AnalysisTools {
  readonly parser: GoParser;
  /** Gives a fresh parser after a crash; undefined when there were too many. */
  readonly reopen: () => Promise<GoParser | undefined>;
  readonly limits: AnalysisLimits;
  /** Lets others run between two files, so that an interruption is heard. */
  readonly breathe: () => Promise<void>;
  readonly others?: OtherPackages | undefined;
  /** What else is to be said. */
  readonly why?: WhyQuestion | undefined;
  /** Is shown each call whose callee the types alone say, by the place of the callee's name. */
  readonly onCall?: (call: ResolvedCall) => void;
  readonly packages?: PackageObserver;
}

/** A call of a declared function or method: `path.F`, or `path.T.M` whether T is a pointer or not. */
export interface ResolvedCall {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly callee: string;
}

const LONGEST_STRING = 4096;
const MOST_GAPS_A_FILE = 20;

/** What is left out by the name of its folder is built where it is imported, also by other modules. */
function buildImported(
  modulePath: string,
  [files, foreign]: readonly [own: readonly ModuleFile[], foreign: readonly ModuleFile[]],
): void {
  const out = files.filter((file) => file.isIgnored && !isIgnoredName(file.path));
  const folders = groupBy(out, ({ path }) => importPath(modulePath, path));
  const work = [...files, ...foreign].filter((file) => !file.isIgnored && !file.isTest);
  for (let file = work.pop(); file !== undefined; file = work.pop()) {
    for (const { path } of file.scan.imports) {
      for (const found of folders.get(path) ?? []) {
        found.isIgnored = false;
        if (!found.isTest) work.push(found);
      }
      folders.delete(path);
    }
  }
}

interface FileReading {
  readonly file: ModuleFile | undefined;
  readonly gaps: readonly Gap[];
}

function unreadGaps(
  path: string,
  places: Places,
  unread: readonly (readonly [number, number])[],
): readonly Gap[] {
  const gaps: Gap[] = [];
  let reached = -1;
  for (const [start, end] of unread) {
    if (start < reached) continue;
    reached = Math.max(end, start + 1);
    const line = places.positionOf(start).line;
    const last = places.positionOf(Math.max(start, end - 1)).line;
    const detail =
      last === line ? 'not read: this is not Go' : `not read up to line ${last}: this is not Go`;
    gaps.push({ code: 'parse-error', file: path, line, detail });
    if (gaps.length === MOST_GAPS_A_FILE) break;
  }
  return gaps;
}

interface Parsing {
  parser: GoParser | undefined;
  readonly grammar: Grammar;
  readonly conditions: Conditions;
  readonly own: (text: string) => string;
}

async function readFile(
  path: string,
  bytes: Uint8Array,
  [parsing, tools, isForeign]: readonly [Parsing, AnalysisTools, boolean],
): Promise<FileReading> {
  const gap = (code: Gap['code'], detail: string): FileReading => ({
    file: undefined,
    gaps: [{ code, file: path, line: 1, detail }],
  });
  if (bytes.length > tools.limits.sourceBytes) {
    return gap(
      'too-large',
      `${bytes.length} bytes; the profile parses at most ${tools.limits.sourceBytes}`,
    );
  }
  if (parsing.parser === undefined)
    return gap('over-budget', 'the parser ran out of memory too often in this module');
  const source = readSourceText(bytes);
  const tree = parsing.parser.parse(source.text, tools.limits);
  if (tree === 'over-budget')
    return gap('over-budget', 'parsing cost more than the profile allows');
  if (tree === 'crashed') {
    parsing.parser = await tools.reopen();
    return gap('over-budget', 'the parser ran out of memory');
  }
  const { text } = source;
  const scan = scanFile(createTreeView(tree, text, parsing.grammar), parsing.own);
  const gaps = [...unreadGaps(path, source.places, scan.unread)];
  if (source.invalidLine !== undefined) {
    gaps.push({
      code: 'parse-error',
      file: path,
      line: source.invalidLine,
      detail: 'not UTF-8: the Go compiler refuses the file',
    });
  }
  const constraint = buildConstraint(baseName(path), source.text);
  const { grammar } = parsing;
  const file = {
    path,
    dir: directoryOf(path),
    places: source.places,
    constraint,
    condition: parsing.conditions.of(constraint),
    scan,
    view: createTreeView(packTree(tree), text, grammar),
    release() {
      file.view = createTreeView(createFlatTree(0), '', grammar);
    },
    isTest: path.endsWith('_test.go'),
    isIgnored: !isForeign && isIgnoredPath(path),
    isForeign,
  };
  return { file, gaps };
}

/**
 * Gives each text once, in memory of its own: a slice would keep the whole file alive.
 */
function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const copy = copyText(text);
    known.set(copy, copy);
    return copy;
  };
}

/** Parses every Go file of a tree, whatever its build constraint, and says what the code can do. */
export async function analyzeModule(
  modulePath: string,
  tree: SourceTree,
  tools: AnalysisTools,
): Promise<SourceFacts> {
  const paths = tree.list();
  const parsing: Parsing = {
    parser: tools.parser,
    grammar: readGrammar(tools.parser),
    conditions: createConditions(),
    own: createInterner(),
  };
  const sources = paths.filter((path) => path.endsWith('.go'));
  const folders = createFolders(sources);
  const others = tools.others?.packages ?? [];
  const packages = new Set([...folders.packages(modulePath), ...others.map(({ path: p }) => p)]);
  const checker = createModuleChecker(packages, {
    grammar: parsing.grammar,
    limits: { flowSteps: FLOW_STEPS, flowStepsAUnit: FLOW_STEPS_A_UNIT, depth: DEEPEST },
    always: parsing.conditions.of(null),
    packages: tools.packages,
    onCall:
      tools.onCall &&
      ((site, callee, isOfInterface) => {
        if (!isOfInterface) tools.onCall?.({ ...placeOf(site), callee });
      }),
  });
  const files: ModuleFile[] = [];
  const gaps: Gap[] = [];
  const foreign: ModuleFile[] = [];
  async function take(path: string, bytes: Uint8Array, into: ModuleFile[]) {
    await tools.breathe();
    const reading = await readFile(path, bytes, [parsing, tools, into === foreign]);
    gaps.push(...reading.gaps);
    if (reading.file !== undefined) into.push(reading.file);
    return reading.file;
  }
  for (const { path: importing, files: paths } of others) {
    const first = foreign.length;
    for (const path of paths)
      await take(path, tools.others?.read(path) ?? new Uint8Array(0), foreign);
    checker.addFolder(importing, foreign.slice(first));
  }
  for (const path of sources) {
    const whole = folders.finish(path, await take(path, tree.read(path), files));
    if (whole !== undefined) checker.addFolder(importPath(modulePath, path), whole);
  }
  buildImported(modulePath, [files, foreign]);
  const graph = checker.finish();
  const { capabilitiesLeft, ...found } = describeGraph(graph, computeReach(graph), {
    conditions: parsing.conditions,
    isWhole: tools.others?.isWhole === true,
  });
  gaps.push(...graphGaps(graph, capabilitiesLeft));
  const directives = files.flatMap(directivesOf);
  const beside = limitsBeside(
    tree,
    files,
    others.flatMap((one) => one.objects),
  );
  return {
    ...found,
    limits: [...found.limits, ...beside],
    files: fileFacts(paths, files, directives),
    packages: graph.packages.map(toPackageFact),
    directives,
    strings: files.flatMap(stringsOf),
    gaps,
    why: tools.why && explain(graph.fns, parsing.conditions, tools.why),
  };
}

/** Real modules take at most 0.1 steps for each character. */
const FLOW_STEPS = 500_000;
const FLOW_STEPS_A_UNIT = 0.25;
/** Nested expressions and statements that are followed. */
const DEEPEST = 400;

function toDeepGap({ file, start }: Site): Gap {
  return {
    code: 'over-budget',
    file: file.path,
    line: file.places.positionOf(start).line,
    detail: 'the code is nested deeper than is followed',
  };
}

function graphGaps({ tooDeep, cuts, isWhole }: Graph, left: number): readonly Gap[] {
  const gaps = tooDeep.slice(0, MOST_GAPS_A_FILE).map(toDeepGap);
  const add = (detail: string) =>
    void gaps.push({ code: 'over-budget', file: '', line: 1, detail });
  for (const kind of cuts) add(`${kind} lead to others deeper or wider than is followed`);
  if (!isWhole) add('following values through the module cost more than the limit');
  if (left > 0) add(`capabilities of ${left} more functions were found and have no room here`);
  return gaps;
}

function toPackageFact({ path, name, dir, files }: Package): PackageFact {
  const imports = new Set(files.flatMap((file) => file.scan.imports.map((found) => found.path)));
  return {
    path,
    name,
    dir,
    imports: [...imports].sort(compareUtf8),
    files: files.map((file) => file.path),
  };
}

/** The import path of the folder of a file. */
function importPath(modulePath: string, file: string): string {
  const dir = directoryOf(file);
  return dir === '' ? modulePath : `${modulePath}/${dir}`;
}

/** Gathers files until their folder is whole; in byte order of paths, folders interleave. */
function createFolders(sources: readonly string[]) {
  const left = new Map<string, number>();
  const files = new Map<string, ModuleFile[]>();
  for (const path of sources) left.set(directoryOf(path), (left.get(directoryOf(path)) ?? 0) + 1);
  return {
    packages: (modulePath: string): ReadonlySet<string> =>
      new Set(sources.map((path) => importPath(modulePath, path))),
    /** The folder's files when this was its last. */
    finish(path: string, file: ModuleFile | undefined): readonly ModuleFile[] | undefined {
      const folder = directoryOf(path);
      const found = files.get(folder) ?? [];
      files.set(folder, found);
      if (file !== undefined) found.push(file);
      left.set(folder, (left.get(folder) ?? 0) - 1);
      if (left.get(folder) !== 0) return undefined;
      files.delete(folder);
      return found;
    },
  };
}

function directivesOf({ path, scan, places }: ModuleFile): readonly DirectiveFact[] {
  return scan.comments.flatMap(readDirectives).map(({ kind, start, text }) => ({
    kind,
    file: path,
    line: places.positionOf(start).line,
    text,
  }));
}

function stringsOf({ path, scan, places }: ModuleFile): readonly StringFact[] {
  return scan.strings
    .filter(({ how }) => !how.includes('credential'))
    .map(({ start, value, how }) => ({
      file: path,
      ...places.positionOf(start),
      value: value.slice(0, LONGEST_STRING),
      how,
    }));
}

function fileFacts(
  paths: readonly string[],
  files: readonly ModuleFile[],
  directives: readonly DirectiveFact[],
): readonly GoFileFact[] {
  const embedded = new Map<string, string[]>();
  for (const { kind, file, line, text } of directives) {
    if (kind !== 'embed') continue;
    for (const pattern of embedPatterns(text)) {
      for (const path of matchEmbed(pattern, directoryOf(file), paths)) {
        embedded.set(path, [...(embedded.get(path) ?? []), `${file}:${line}`]);
      }
    }
  }
  const parsed = new Map(files.map((file) => [file.path, file]));
  return paths.map((path) => {
    const file = parsed.get(path);
    return {
      path,
      constraint: file === undefined ? nameConstraint(baseName(path)) : file.constraint,
      embeddedBy: embedded.get(path) ?? [],
      isTest: path.endsWith('_test.go'),
      isIgnored: file?.isIgnored ?? isIgnoredPath(path),
    };
  });
}
