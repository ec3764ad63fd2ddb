import { createTokens, type Position, type Token } from './tokens.ts';
import { toText } from './values.ts';

/** Comments above and behind a statement, a line each and without their slashes; no blank lines. */
export interface Comment {
  /** As a byte string. */
  readonly raw: string;
  /** As text. */
  readonly text: string;
}

/** One line of a directive with its words as byte strings; inside a block the verb stands in front. */
export interface Statement extends Position {
  readonly verb: string;
  readonly words: readonly string[];
  readonly comment: Comment;
  /** The comment behind it; undefined where there is none. */
  readonly suffix: string | undefined;
}

/** `verb (` with its lines. */
export interface Block extends Position {
  readonly kind: 'block';
  readonly words: readonly string[];
  readonly lines: readonly Statement[];
}

/** A fault with its place, in the words of the go command. */
export interface GoModFault extends Position {
  readonly detail: string;
  /** True where the text is none at all, so that the go command looks no further. */
  readonly isSyntax: boolean;
}

/** The statements of a go.mod or go.work; what cannot be read is a fault, and reading goes on. */
export interface Statements {
  readonly statements: readonly (Statement | Block)[];
  readonly faults: readonly GoModFault[];
}

// More than any file by hand or by tool; a file of nothing but lines must not cost a gigabyte.
const MOST_STATEMENTS = 100_000;
/** The most faults that are listed; the rest of such a file says nothing new. */
export const MOST_FAULTS = 1000;
const AFTER_BLOCK = 'syntax error (expected newline after closing paren)';

interface Line {
  readonly first: Position;
  readonly words: readonly string[];
  readonly suffix: string | undefined;
}

interface Parser {
  readonly file: string;
  readonly next: () => Token;
  readonly faults: GoModFault[];
  token: Token;
  count: number;
}

/** What a comment says; the go command's white space, which is ASCII's here, is cut off. */
function commentText(text: string): string {
  return text.slice(2).replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
}

function take(parser: Parser): Token {
  const { token } = parser;
  parser.token = parser.next();
  return token;
}

function fault({ faults }: Parser, { line, column }: Position, detail: string): void {
  if (faults.length < MOST_FAULTS) faults.push({ line, column, detail, isSyntax: true });
}

function isLineEnd({ kind }: Token): boolean {
  return kind === 'end' || kind === 'suffix' || kind === 'comment';
}

function isFileEnd({ kind, text }: Token): boolean {
  return kind === 'end' && text === '';
}

/** The words of one line; undefined where one of them is a fault. */
function readLine(parser: Parser): Line | undefined {
  const { line, column } = parser.token;
  const words: string[] = [];
  let isWhole = true;
  while (!isLineEnd(parser.token)) {
    const word = take(parser);
    if (word.kind === 'fault') {
      fault(parser, word, word.text);
      isWhole = false;
    } else words.push(word.text);
  }
  const end = take(parser);
  if (!isWhole || words.length === 0) return undefined;
  return { first: { line, column }, words, suffix: end.kind === 'suffix' ? end.text : undefined };
}

const NO_COMMENT: Comment = { raw: '', text: '' };

function toComment(lines: readonly string[]): Comment {
  const raw = lines.join('\n');
  return { raw, text: toText(raw) };
}

/** What comments say together; undefined where there are none. */
function joinComments(comments: readonly string[]): Comment | undefined {
  const texts = comments.filter((text) => text !== '').map(commentText);
  return texts.length === 0 ? undefined : toComment(texts);
}

function toStatement(
  { first, words, suffix }: Line,
  verb: string | undefined,
  above: Comment | undefined,
): Statement {
  const behind = suffix === undefined ? undefined : commentText(suffix);
  const parts = above === undefined ? [] : [above.raw];
  return {
    ...first,
    verb: verb ?? words[0] ?? '',
    words: verb === undefined ? words.slice(1) : words,
    // One for all lines of a block that have no comment of their own: a copy for each cost a square.
    comment: behind === undefined ? (above ?? NO_COMMENT) : toComment([...parts, behind]),
    suffix: behind,
  };
}

function closeBlock(parser: Parser): void {
  const { line } = take(parser);
  const { token } = parser;
  if (token.kind === 'fault') fault(parser, token, token.text);
  else if (!isLineEnd(token)) fault(parser, { line, column: token.endColumn }, AFTER_BLOCK);
  while (!isLineEnd(parser.token)) take(parser);
  take(parser);
}

/** True at the end of a block, which is read, or of the file, which is a fault. */
function isBlockOver(parser: Parser, { line, column }: Position): boolean {
  const { token } = parser;
  if (isFileEnd(token)) {
    const start = `${parser.file}:${line}:${column}`;
    fault(parser, token, `syntax error (unterminated block started at ${start})`);
    return true;
  }
  if (token.kind !== 'word' || token.text !== ')') return false;
  closeBlock(parser);
  return true;
}

/** A comment, or a blank line, which keeps the comment of the block away from the line below it. */
function readBetween(parser: Parser, comments: string[], isFirst: boolean): void {
  const { kind, text } = take(parser);
  const last = comments.at(-1);
  if (kind === 'comment') comments.push(text);
  else if (last === undefined ? !isFirst : last !== '') comments.push('');
}

function readBlock(
  parser: Parser,
  { first, words: opening }: Line,
  above: Comment | undefined,
): Block {
  const words = opening.slice(0, -1);
  const lines: Statement[] = [];
  let comments: string[] = [];
  while (parser.count < MOST_STATEMENTS && !isBlockOver(parser, first)) {
    if (isLineEnd(parser.token)) {
      readBetween(parser, comments, lines.length === 0);
      continue;
    }
    const line = readLine(parser);
    parser.count++;
    if (line === undefined) continue;
    const isBare = comments.length === 0 && line.suffix === undefined;
    lines.push(toStatement(line, words[0], isBare ? above : joinComments(comments)));
    comments = [];
  }
  return { kind: 'block', ...first, words, lines };
}

function readStatement(parser: Parser, before: readonly string[]): Statement | Block | undefined {
  const above = joinComments(before);
  const line = readLine(parser);
  parser.count++;
  if (line === undefined) return undefined;
  const { first, words } = line;
  if (words.length > 1 && words.at(-1) === '(') return readBlock(parser, line, above);
  if (words.length > 2 && words.slice(-2).join(' ') === '( )')
    return { kind: 'block', ...first, words: words.slice(0, -2), lines: [] };
  return toStatement(line, undefined, above);
}

/** Reads the statements of a go.mod or go.work, named in faults as `file`. */
export function readStatements(source: string, file: string): Statements {
  const next = createTokens(source);
  const parser: Parser = { file, next, faults: [], token: next(), count: 0 };
  const statements: (Statement | Block)[] = [];
  let before: string[] = [];
  while (!isFileEnd(parser.token)) {
    if (parser.count >= MOST_STATEMENTS) {
      fault(parser, parser.token, `more than ${MOST_STATEMENTS} lines: the rest was not read`);
      break;
    }
    if (parser.token.kind === 'comment') {
      before.push(take(parser).text);
      continue;
    }
    if (isLineEnd(parser.token)) take(parser);
    else {
      const statement = readStatement(parser, before);
      if (statement !== undefined) statements.push(statement);
    }
    before = [];
  }
  return { statements, faults: parser.faults };
}
