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
function valueOf(word: string | undefined): string {
  if (word === undefined) return '';
  if (!word.startsWith('"')) return word;
  const decoded = decodeJson(word.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1'));
  return typeof decoded === 'string' ? decoded : word;
}

function readRequire({ words, line, comment }: Statement): Requirement | undefined {
  const [, path, version] = words;
  if (words.length !== 3) return undefined;
  const direct = !/^\s*indirect\s*(;|$)/.test(comment);
  return { path: valueOf(path), version: valueOf(version), direct, line };
}

function readReplace({ words, line }: Statement): Replacement | undefined {
  const arrow = words.indexOf('=>');
  const before = words.slice(1, arrow).map(valueOf);
  const after = words.slice(arrow + 1).map(valueOf);
  const [path, version = null] = before;
  const [target, targetVersion = null] = after;
  if (arrow < 0 || before.length > 2 || after.length > 2) return undefined;
  if (path === undefined || target === undefined) return undefined;
  return { path, version, target, targetVersion, line };
}

/** Parses a go.mod as the go command reads those of dependencies: unknown directives are skipped. */
export function parseGoMod(bytes: Uint8Array): GoMod {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const faults = [{ line: 1, detail: 'the file is not UTF-8 text' }];
    return { module: null, go: null, requires: [], replaces: [], faults };
  }
  const { statements, faults: lexed } = lexGoMod(text);
  const faults = [...lexed];
  const requires: Requirement[] = [];
  const replaces: Replacement[] = [];
  let module: string | null = null;
  let go: string | null = null;
  for (const statement of statements) {
    const [verb, first] = statement.words;
    const { line } = statement;
    if (verb === 'module' || verb === 'go') {
      const repeated = verb === 'module' ? module !== null : go !== null;
      if (repeated) faults.push({ line, detail: `repeated ${verb} statement` });
      else if (statement.words.length !== 2) faults.push({ line, detail: `usage: ${verb} value` });
      else if (verb === 'module') module = valueOf(first);
      else go = valueOf(first);
      continue;
    }
    const list = verb === 'require' ? requires : verb === 'replace' ? replaces : undefined;
    const read = verb === 'require' ? readRequire(statement) : readReplace(statement);
    if (list === undefined) continue;
    if (read === undefined) faults.push({ line, detail: `malformed ${verb} directive` });
    else (list as (Requirement | Replacement)[]).push(read);
  }
  return { module, go, requires, replaces, faults };
}
