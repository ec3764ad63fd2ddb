import type { Language, Parser, Tree } from 'web-tree-sitter';
import { encodeHex, sha256 } from '#base';
import { GolangError } from '../errors.ts';
import {
  createFlatTree,
  DROP,
  ERROR_KIND,
  type FlatTree,
  findDifference,
  KEEP,
  KEEP_FIELD,
} from './flat-tree.ts';
import {
  type Heap,
  type LanguageTables,
  readLanguageNumbers,
  readLanguageTables,
} from './language-tables.ts';
import { SELF_CHECK_SAMPLE } from './sample.ts';
import { walkCursor } from './walk-cursor.ts';
import { countNodes, walkMemory } from './walk-memory.ts';

/** SHA-256 of the grammar of tree-sitter-go 0.25.0 as its package ships it. */
export const GRAMMAR_SHA256 = '9504573f352b20be7f2f1911754d710622aedc15afff16d5ed8fb5645681aee7';
const CORE_SHA256 = 'beca80e44cccbf2299ed4d1e3fa6462a9a6fe818aeebf847547a392227ce4acc';

/** The two WebAssembly programs of the parser. */
export interface ParserPrograms {
  readonly core: Uint8Array;
  readonly grammar: Uint8Array;
  /** The address of the library's module, to load it afresh after an abort. */
  readonly library: string;
}

/** What one parse may cost; both count work, so that every run ends at the same place. */
export interface ParseLimits {
  /** Reads of the text for each 5,119 characters of it. */
  readonly steps: number;
  readonly nodes: number;
}

/** Why a text has no tree. */
export type ParseRefusal = 'over-budget' | 'crashed';

/** Parses Go. The tree is valid until the next call. */
export interface GoParser {
  parse(text: string, limits: ParseLimits): FlatTree | ParseRefusal;
  /** The same tree by the library's cursor, to compare with. */
  parseWithCursor(text: string, limits: ParseLimits): FlatTree | ParseRefusal;
  kindOf(name: string): number;
  fieldOf(name: string): number;
  /** True when trees are read from the parser's memory; false for the slower cursor. */
  readonly readsMemory: boolean;
}

/** The library cuts texts at this many UTF-16 units. */
const CHUNK = 5119;
/** Reads that even the shortest text may take. */
const FIRST_READS = 200;

interface Engine {
  readonly heap: Heap;
  readonly parser: Parser;
  readonly language: Language;
}

// The library keeps one core for the process; a second one would give no views of its memory.
let firstEngine: Promise<Engine> | undefined;
let reloads = 0;

async function loadEngine(programs: ParserPrograms, address: string): Promise<Engine> {
  const library = (await import(address)) as typeof import('web-tree-sitter');
  const heap: Heap & { readonly wasmBinary: Uint8Array } = { wasmBinary: programs.core };
  await library.Parser.init(heap);
  const language = await library.Language.load(programs.grammar);
  const parser = new library.Parser();
  parser.setLanguage(language);
  return { heap, parser, language };
}

function checkProgram(name: string, bytes: Uint8Array, expected: string): void {
  const actual = encodeHex(sha256(bytes));
  if (actual === expected) return;
  throw new GolangError(
    'PARSER',
    `Cannot use ${name}: its SHA-256 is ${actual}, not ${expected}; install again with npm ci`,
  );
}

/**
 * Opens the parser once for the process.
 *
 * @throws GolangError `PARSER` when a program is not the pinned one.
 */
export async function openGoParser(programs: ParserPrograms): Promise<GoParser> {
  checkProgram('the parser', programs.core, CORE_SHA256);
  checkProgram('the Go grammar', programs.grammar, GRAMMAR_SHA256);
  firstEngine ??= loadEngine(programs, programs.library);
  const engine = await firstEngine;
  return createParser(engine);
}

/** Opens a fresh copy of the library: after an abort the old one answers nothing any more. */
export async function reopenGoParser(programs: ParserPrograms): Promise<GoParser> {
  reloads++;
  firstEngine = loadEngine(programs, `${programs.library}?reload=${reloads}`);
  return createParser(await firstEngine);
}

function keepTables({ language }: Engine): {
  readonly all: Uint8Array;
  readonly needed: Uint8Array;
} {
  const all = new Uint8Array(65_536).fill(KEEP);
  const needed = new Uint8Array(65_536).fill(DROP);
  for (let id = 0; id < language.nodeTypeCount; id++) {
    needed[id] = language.nodeTypeIsNamed(id) ? KEEP : KEEP_FIELD;
  }
  needed[ERROR_KIND] = KEEP;
  return { all, needed };
}

function createParser(engine: Engine): GoParser {
  const { parser, language } = engine;
  const keep = keepTables(engine);
  const tables = selfCheck(engine, keep);
  let scratch = createFlatTree(1 << 16);

  function run(
    text: string,
    limits: ParseLimits,
    walk: (tree: Tree) => FlatTree,
  ): FlatTree | ParseRefusal {
    const tree = parseWithin(parser, text, limits.steps);
    if (typeof tree === 'string') return tree;
    try {
      const count = tree.rootNode.descendantCount;
      if (count > limits.nodes) return 'over-budget';
      if (scratch.kind.length < count) scratch = createFlatTree(count + (count >> 2));
      return walk(tree);
    } finally {
      tree.delete();
    }
  }

  const byCursor = (tree: Tree) => walkCursor(tree, keep.needed, scratch);
  function byMemory(tree: Tree): FlatTree {
    const words = engine.heap.HEAPU32;
    if (words === undefined || tables === undefined) return byCursor(tree);
    return walkMemory({ words, tables, keep: keep.needed, cell: tree.rootNode.id }, scratch);
  }

  return {
    parse: (text, limits) => run(text, limits, byMemory),
    parseWithCursor: (text, limits) => run(text, limits, byCursor),
    kindOf: (name) => known(language.idForNodeType(name, true), name),
    fieldOf: (name) => known(language.fieldIdForName(name), name),
    readsMemory: tables !== undefined,
  };
}

function known(id: number | null, name: string): number {
  if (id === null) throw new Error(`The grammar does not know ${name}`);
  return id;
}

/** Parses with a bound on the reads of the text: some shapes make the parser read it over and over. */
function parseWithin(parser: Parser, text: string, steps: number): Tree | ParseRefusal {
  const limit = FIRST_READS + steps * Math.ceil(text.length / CHUNK);
  let reads = 0;
  const read = (index: number) => {
    reads++;
    return text.slice(index, index + CHUNK);
  };
  try {
    const tree = parser.parse(read, null, { progressCallback: () => reads > limit });
    if (tree !== null) return tree;
    parser.reset();
    return 'over-budget';
  } catch (error) {
    // The core aborts when its memory is spent; the caller opens another one.
    if (error instanceof Error && error.name === 'RuntimeError') return 'crashed';
    throw error;
  }
}

/** The tables when the memory is laid out as the walk expects, proved on samples; else undefined. */
function selfCheck(
  engine: Engine,
  keep: { readonly all: Uint8Array; readonly needed: Uint8Array },
): LanguageTables | undefined {
  const texts = [
    SELF_CHECK_SAMPLE,
    '',
    '\n',
    SELF_CHECK_SAMPLE.slice(0, SELF_CHECK_SAMPLE.length >> 1),
    SELF_CHECK_SAMPLE.replaceAll('(', ''),
  ];
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  let tables: LanguageTables | undefined;
  for (const text of texts) {
    const tree = engine.parser.parse(text);
    if (tree === null || !isLittleEndian) return undefined;
    tables = agreesWithCursor(engine, tree, { ...keep, tables });
    tree.delete();
    if (tables === undefined) return undefined;
  }
  return tables;
}

interface Expectation {
  readonly all: Uint8Array;
  readonly needed: Uint8Array;
  readonly tables: LanguageTables | undefined;
}

function agreesWithCursor(
  { heap, language }: Engine,
  tree: Tree,
  expected: Expectation,
): LanguageTables | undefined {
  const { HEAPU8, HEAPU16, HEAPU32: words } = heap;
  if (HEAPU8 === undefined || HEAPU16 === undefined || words === undefined) return undefined;
  const cell = tree.rootNode.id;
  const address = words[(cell >>> 2) + 2] ?? 0;
  const numbers = readLanguageNumbers(words, address);
  const agrees =
    numbers.abi === language.abiVersion &&
    numbers.kinds === language.nodeTypeCount &&
    numbers.states === language.stateCount &&
    numbers.fields === language.fieldCount;
  if (!agrees) return undefined;
  const count = countNodes(words, cell);
  if (count !== tree.rootNode.descendantCount) return undefined;
  const tables =
    expected.tables ?? readLanguageTables({ HEAPU8, HEAPU16, HEAPU32: words }, address);
  for (const keep of [expected.all, expected.needed]) {
    const fromMemory = walkMemory({ words, tables, keep, cell }, createFlatTree(count));
    if (findDifference(fromMemory, walkCursor(tree, keep, createFlatTree(count))) !== undefined)
      return undefined;
  }
  return tables;
}
