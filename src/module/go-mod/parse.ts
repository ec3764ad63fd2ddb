import { toByteString } from '#base';
import {
  isIndirect,
  type NamedVersion,
  type Replacement,
  type Requirement,
  type Retraction,
  readDeprecation,
  readGo,
  readGodebug,
  readOne,
  readPair,
  readReplace,
  readRetract,
  readToolchain,
} from './directives.ts';
import { type GoModFault, MOST_FAULTS, readStatements, type Statement } from './statements.ts';
import { type Reading, toText } from './values.ts';

/** What a go.mod says (go.dev/ref/mod#go-mod-file); each fault with its place. */
export interface GoMod {
  readonly module: string | null;
  /** The paragraph behind `Deprecated:` above the module directive; empty where there is none. */
  readonly deprecated: string;
  readonly go: string | null;
  readonly toolchain: string | null;
  readonly godebug: readonly (readonly [key: string, value: string])[];
  readonly requires: readonly Requirement[];
  readonly excludes: readonly NamedVersion[];
  readonly replaces: readonly Replacement[];
  readonly retracts: readonly Retraction[];
  readonly tools: readonly string[];
  readonly ignores: readonly string[];
  readonly faults: readonly GoModFault[];
}

/**
 * How a go.mod is read: `strict` as the go command reads the main module's, `lax` as it reads those of
 * dependencies (unknown directives skipped), `full` as lax, with every directive that can be read.
 */
export type GoModReading = 'strict' | 'lax' | 'full';

const BLOCKS = new Set([
  'module',
  'godebug',
  'require',
  'exclude',
  'replace',
  'retract',
  'tool',
  'ignore',
]);
const READ_BY_LAX = new Set(['go', 'module', 'retract', 'require', 'ignore']);

interface Draft {
  module: string | null | undefined;
  deprecated: string;
  go: string | null;
  toolchain: string | null;
  readonly godebug: (readonly [string, string])[];
  readonly requires: Requirement[];
  readonly excludes: NamedVersion[];
  readonly replaces: Replacement[];
  readonly retracts: Retraction[];
  readonly tools: string[];
  readonly ignores: string[];
}

type Apply = (draft: Draft, statement: Statement, isStrict: boolean) => string | undefined;

/** Keeps a value, or says why there is none. */
function keep<Value>(read: Reading<Value>, store: (value: Value) => void): string | undefined {
  if (read.fault !== undefined) return read.fault;
  store(read.value);
  return undefined;
}

const DIRECTIVES: Readonly<Record<string, Apply>> = {
  module(draft, statement) {
    if (draft.module !== undefined) return 'repeated module statement';
    draft.module = null;
    draft.deprecated = readDeprecation(statement);
    return keep(readOne(statement, 'usage: module module/path'), (path) => {
      draft.module = path;
    });
  },
  go(draft, statement, isStrict) {
    if (draft.go !== null) return 'repeated go statement';
    return keep(readGo(statement, isStrict), (version) => {
      draft.go = version;
    });
  },
  toolchain(draft, statement) {
    if (draft.toolchain !== null) return 'repeated toolchain statement';
    return keep(readToolchain(statement), (name) => {
      draft.toolchain = toText(name);
    });
  },
  godebug: (draft, statement) =>
    keep(readGodebug(statement), (setting) => draft.godebug.push(setting)),
  require: (draft, statement) =>
    keep(readPair(statement), ({ path, version }) =>
      draft.requires.push({ path, version, direct: !isIndirect(statement), line: statement.line }),
    ),
  exclude: (draft, statement) => keep(readPair(statement), (pair) => draft.excludes.push(pair)),
  replace: (draft, statement) => keep(readReplace(statement), (read) => draft.replaces.push(read)),
  retract: (draft, statement, isStrict) =>
    keep(readRetract(statement, isStrict), (read) => {
      if (read !== undefined) draft.retracts.push(read);
    }),
  tool: (draft, statement) =>
    keep(readOne(statement, 'tool directive expects exactly one argument'), (path) =>
      draft.tools.push(path),
    ),
  ignore: (draft, statement) =>
    keep(readOne(statement, 'ignore directive expects exactly one argument'), (path) =>
      draft.ignores.push(path),
    ),
};

/** Parses a go.mod. Never throws on content: the faults have the go command's own sentences. */
export function parseGoMod(bytes: Uint8Array, reading: GoModReading = 'full'): GoMod {
  const { statements, faults: syntax } = readStatements(toByteString(bytes), 'go.mod');
  const draft: Draft = {
    module: undefined,
    deprecated: '',
    go: null,
    toolchain: null,
    godebug: [],
    requires: [],
    excludes: [],
    replaces: [],
    retracts: [],
    tools: [],
    ignores: [],
  };
  const isStrict = reading === 'strict';
  const faults = [...syntax];
  const add = (
    { line, column }: { readonly line: number; readonly column: number },
    detail: string,
  ) => {
    if (faults.length < MOST_FAULTS) faults.push({ line, column, detail, isSyntax: false });
  };

  function apply(statement: Statement): void {
    const { verb } = statement;
    if (reading === 'lax' && !READ_BY_LAX.has(verb)) return;
    const directive = Object.hasOwn(DIRECTIVES, verb) ? DIRECTIVES[verb] : undefined;
    const isForeign = reading === 'full' && !READ_BY_LAX.has(verb);
    if (directive === undefined) {
      if (isStrict) add(statement, `unknown directive: ${toText(verb)}`);
      return;
    }
    const fault = directive(draft, statement, isStrict);
    // What the go command passes over in a dependency is no fault there.
    if (fault !== undefined && !isForeign) add(statement, fault);
  }

  for (const statement of statements) {
    if (!('kind' in statement)) apply(statement);
    else if (statement.words.length === 1 && BLOCKS.has(statement.words[0] ?? ''))
      statement.lines.forEach(apply);
    else if (isStrict) add(statement, `unknown block type: ${toText(statement.words.join(' '))}`);
  }
  return { ...draft, module: draft.module ?? null, faults };
}
