import { toByteString } from '#base';
import {
  type Replacement,
  readGo,
  readGodebug,
  readOne,
  readReplace,
  readToolchain,
} from './directives.ts';
import { type GoModFault, MOST_FAULTS, readStatements, type Statement } from './statements.ts';
import type { Position } from './tokens.ts';
import { toText } from './values.ts';

/** What a go.work says (go.dev/ref/mod#go-work-file); each fault with its place. */
export interface GoWork {
  readonly go: string | null;
  readonly toolchain: string | null;
  readonly godebug: readonly (readonly [key: string, value: string])[];
  readonly uses: readonly string[];
  readonly replaces: readonly Replacement[];
  readonly faults: readonly GoModFault[];
}

const BLOCKS = new Set(['godebug', 'use', 'replace']);

/** Parses a go.work as the go command does. Never throws on content. */
export function parseGoWork(bytes: Uint8Array): GoWork {
  const { statements, faults: syntax } = readStatements(toByteString(bytes), 'go.work');
  const faults = [...syntax];
  const single: { go: string | null; toolchain: string | null } = { go: null, toolchain: null };
  const godebug: (readonly [string, string])[] = [];
  const uses: string[] = [];
  const replaces: Replacement[] = [];

  function add({ line, column }: Position, detail: string): void {
    if (faults.length < MOST_FAULTS) faults.push({ line, column, detail, isSyntax: false });
  }

  function readSingle(statement: Statement, verb: 'go' | 'toolchain'): string | undefined {
    if (single[verb] !== null) return `repeated ${verb} statement`;
    const read = verb === 'go' ? readGo(statement, true) : readToolchain(statement);
    if (read.fault !== undefined) return read.fault;
    single[verb] = toText(read.value);
    return undefined;
  }

  function readMany(statement: Statement): string | undefined {
    const { verb } = statement;
    if (verb === 'godebug') {
      const read = readGodebug(statement);
      if (read.fault === undefined) godebug.push(read.value);
      return read.fault;
    }
    if (verb === 'use') {
      const read = readOne(statement, 'usage: use local/dir');
      if (read.fault === undefined) uses.push(read.value);
      return read.fault;
    }
    if (verb !== 'replace') return `unknown directive: ${toText(verb)}`;
    const read = readReplace(statement);
    if (read.fault === undefined) replaces.push(read.value);
    return read.fault;
  }

  function apply(statement: Statement): void {
    const { verb, line, column } = statement;
    const isSingle = verb === 'go' || verb === 'toolchain';
    const detail = isSingle ? readSingle(statement, verb) : readMany(statement);
    if (detail !== undefined) add({ line, column }, detail);
  }

  for (const statement of statements) {
    if (!('kind' in statement)) apply(statement);
    else if (statement.words.length === 1 && BLOCKS.has(statement.words[0] ?? ''))
      statement.lines.forEach(apply);
    else {
      const { line, column, words } = statement;
      const detail = `unknown block type: ${toText(words.join(' '))}`;
      add({ line, column }, detail);
    }
  }
  return { ...single, godebug, uses, replaces, faults };
}
