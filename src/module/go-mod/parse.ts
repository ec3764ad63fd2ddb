import { decodeJson, decodeUtf8 } from '#base';
import { lexGoMod, type Statement } from './lexer.ts';

/** A module that a go.mod requires. */
export interface Requirement {
  readonly path: string;
  readonly version: string;
  /** False behind `// indirect`. */
  readonly direct: boolean;
  readonly line: number;
}

/** `replace path [version] => target [version]`; the target may be a folder. */
export interface Replacement {
  readonly path: string;
  readonly version: string | null;
  readonly target: string;
  readonly targetVersion: string | null;
  readonly line: number;
}

/** What a go.mod says, read tolerantly; each fault with its line. */
export interface GoMod {
  readonly module: string | null;
  readonly go: string | null;
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  readonly faults: readonly { readonly line: number; readonly detail: string }[];
}

/** A word as the value it writes: interpreted strings are decoded, raw strings and words stay. */
function readValue(word: string | undefined): string {
  if (word === undefined) return '';
  if (!word.startsWith('"')) return word;
  const decoded = decodeJson(word.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1'));
  return typeof decoded === 'string' ? decoded : word;
}

function readRequire({ words, line, comment }: Statement): Requirement | undefined {
  const [, path, version] = words;
  if (words.length !== 3) return undefined;
  const direct = !/^\s*indirect\s*(;|$)/.test(comment);
  return { path: readValue(path), version: readValue(version), direct, line };
}

function readReplace({ words, line }: Statement): Replacement | undefined {
  const arrow = words.indexOf('=>');
  const before = words.slice(1, arrow).map(readValue);
  const after = words.slice(arrow + 1).map(readValue);
  const [path, version = null] = before;
  const [target, targetVersion = null] = after;
  if (arrow < 0 || before.length > 2 || after.length > 2) return undefined;
  if (path === undefined || target === undefined) return undefined;
  return { path, version, target, targetVersion, line };
}

interface Draft {
  module: string | null;
  go: string | null;
  readonly requires: Requirement[];
  readonly replaces: Replacement[];
}

/** Applies one statement; the words of its fault, or undefined. */
function apply(draft: Draft, statement: Statement): string | undefined {
  const [verb, first] = statement.words;
  if (verb === 'module' || verb === 'go') {
    if (draft[verb] !== null) return `repeated ${verb} statement`;
    if (statement.words.length !== 2) return `usage: ${verb} value`;
    draft[verb] = readValue(first);
  }
  if (verb === 'require') {
    const read = readRequire(statement);
    if (read === undefined) return 'malformed require directive';
    draft.requires.push(read);
  }
  if (verb === 'replace') {
    const read = readReplace(statement);
    if (read === undefined) return 'malformed replace directive';
    draft.replaces.push(read);
  }
  return undefined;
}

/** Parses a go.mod as the go command reads those of dependencies: unknown directives are skipped. */
export function parseGoMod(bytes: Uint8Array): GoMod {
  const draft: Draft = { module: null, go: null, requires: [], replaces: [] };
  const text = decodeUtf8(bytes);
  if (text === undefined)
    return { ...draft, faults: [{ line: 1, detail: 'the file is not UTF-8 text' }] };
  const { statements, faults: lexed } = lexGoMod(text);
  const faults = [...lexed];
  for (const statement of statements) {
    const detail = apply(draft, statement);
    if (detail !== undefined) faults.push({ line: statement.line, detail });
  }
  return { ...draft, faults };
}
