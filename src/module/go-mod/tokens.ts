import { quoteGoRune, runeAt } from '../quote.ts';
import { isPrint } from '../unicode.ts';

/** A place in a file, counted from 1; columns in runes, as the go command counts them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A word, a mark, a line's end, a comment, or what is none of them. */
export interface Token extends Position {
  readonly kind: 'word' | 'end' | 'comment' | 'suffix' | 'fault';
  /** The bytes as they stand there; of a fault, the go command's sentence. */
  readonly text: string;
  /** The column behind the token. */
  readonly endColumn: number;
}

const MARKS = '()[]{},';
const NO_BLOCK_COMMENTS = 'mod files must use // comments (not /* */ comments)';
const SPACES = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const BACKSLASH = 0x5c;
const BACKTICK = 0x60;

interface Cursor {
  readonly source: string;
  at: number;
  line: number;
  column: number;
  /** True behind a word of the same line. */
  hasWord: boolean;
}

function isWordRune(point: number): boolean {
  if (point < 0x80)
    return point > 0x20 && point < 0x7f && !MARKS.includes(String.fromCharCode(point));
  return isPrint(point) && !SPACES.test(String.fromCodePoint(point));
}

function step(cursor: Cursor): number {
  const { point, size } = runeAt(cursor.source, cursor.at);
  cursor.at += size;
  cursor.column = point === 10 ? 1 : cursor.column + 1;
  if (point === 10) cursor.line++;
  return point;
}

function placeOf({ line, column }: Cursor): Position {
  return { line, column };
}

function token(cursor: Cursor, from: Position, kind: Token['kind'], text: string): Token {
  return { kind, text, line: from.line, column: from.column, endColumn: cursor.column };
}

/** A fault; the rest of the line is of no use once a token in it is not. */
function fault(cursor: Cursor, detail: string, place: Position = placeOf(cursor)): Token {
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== '\n') step(cursor);
  return token(cursor, place, 'fault', detail);
}

function readComment(cursor: Cursor, from: Position): Token {
  const { source, at } = cursor;
  const kind = cursor.hasWord ? 'suffix' : 'comment';
  while (cursor.at < source.length && source[cursor.at] !== '\n') step(cursor);
  const text = source.slice(at, cursor.at);
  const isEnded = cursor.at < source.length;
  if (isEnded) step(cursor);
  cursor.hasWord = false;
  return token(cursor, from, kind, isEnded ? text.replace(/\r$/, '') : text);
}

function readString(cursor: Cursor, from: Position): Token {
  const { source, at: start } = cursor;
  const quote = step(cursor);
  for (let last = 0; last !== quote; ) {
    if (cursor.at >= source.length) return fault(cursor, 'unexpected EOF in string', from);
    if (source[cursor.at] === '\n') return fault(cursor, 'unexpected newline in string');
    last = step(cursor);
    if (last !== BACKSLASH || quote === BACKTICK) continue;
    if (cursor.at >= source.length) return fault(cursor, 'unexpected EOF in string', from);
    step(cursor);
  }
  return token(cursor, from, 'word', source.slice(start, cursor.at));
}

function readWord(cursor: Cursor, from: Position): Token {
  const { source, at: start } = cursor;
  const { point } = runeAt(source, start);
  if (!isWordRune(point)) {
    return fault(cursor, `unexpected input character ${quoteGoRune(point)}`);
  }
  while (cursor.at < source.length && isWordRune(runeAt(source, cursor.at).point)) {
    if (source.startsWith('//', cursor.at)) break;
    if (source.startsWith('/*', cursor.at)) return fault(cursor, NO_BLOCK_COMMENTS);
    step(cursor);
  }
  return token(cursor, from, 'word', source.slice(start, cursor.at));
}

function readToken(cursor: Cursor): Token {
  const { source } = cursor;
  while (/[ \t\r]/.test(source[cursor.at] ?? '')) step(cursor);
  const from = placeOf(cursor);
  const char = source[cursor.at] ?? '';
  if (char === '') return token(cursor, from, 'end', '');
  if (source.startsWith('//', cursor.at)) return readComment(cursor, from);
  if (source.startsWith('/*', cursor.at)) return fault(cursor, NO_BLOCK_COMMENTS);
  cursor.hasWord = char !== '\n';
  if (char === '"' || char === '`') return readString(cursor, from);
  if (char !== '\n' && !MARKS.includes(char)) return readWord(cursor, from);
  step(cursor);
  return token(cursor, from, char === '\n' ? 'end' : 'word', char);
}

/** Reads a go.mod token by token, given as a byte string (golang.org/x/mod/modfile, read.go). */
export function createTokens(source: string): () => Token {
  const cursor: Cursor = { source, at: 0, line: 1, column: 1, hasWord: false };
  return () => readToken(cursor);
}
