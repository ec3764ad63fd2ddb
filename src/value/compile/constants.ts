import { encodeUtf8, toByteString } from '#base';

const SHORT: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[abfnrtv\\'"])/g;
const HALF = 0xdc00;

/** UTF-8 of a text in which a lone low surrogate stands for a byte that is none. */
function bytesOfText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const parts: string[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const isByte = point >= HALF + 0x80 && point <= HALF + 0xff;
    parts.push(isByte ? String.fromCharCode(point - HALF) : toByteString(encodeUtf8(character)));
  }
  return parts.join('');
}

function decodeEscape(code: string): string {
  const short = SHORT[code];
  if (short !== undefined) return short;
  // \x and octal are bytes, \u and \U are runes.
  if (code.startsWith('x')) return String.fromCharCode(Number(`0x${code.slice(1)}`));
  if (/^[0-7]/.test(code)) return String.fromCharCode(Number(`0o${code}`) & 0xff);
  const point = Number(`0x${code.slice(1)}`);
  const isValid = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return toByteString(encodeUtf8(String.fromCodePoint(isValid ? point : 0xfffd)));
}

/** The bytes of a Go string literal, one character each; undefined where it is cut off. */
export function unquoteBytes(literal: string): string | undefined {
  if (literal.length < 2 || literal.at(0) !== literal.at(-1)) return undefined;
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return bytesOfText(body.replaceAll('\r', ''));
  if (!body.includes('\\')) return bytesOfText(body);
  const parts: string[] = [];
  let at = 0;
  for (const { 0: whole, 1: code = '', index } of body.matchAll(ESCAPE)) {
    parts.push(bytesOfText(body.slice(at, index)), decodeEscape(code));
    at = index + whole.length;
  }
  parts.push(bytesOfText(body.slice(at)));
  return parts.join('');
}

/** Whether a literal writes letters, digits or parts of addresses as escapes, which need none. */
export function hasNeedlessEscapes(literal: string): boolean {
  if (!literal.startsWith('"') || !/\\[xuU0-7]/.test(literal)) return false;
  for (const { 1: code = '' } of literal.matchAll(ESCAPE))
    if (SHORT[code] === undefined && /^[A-Za-z0-9:/._-]$/.test(decodeEscape(code))) return true;
  return false;
}

/** The number that a rune literal is. */
export function runeOf(literal: string): number | undefined {
  const body = literal.slice(1, -1);
  if (!body.startsWith('\\')) return body.codePointAt(0);
  const code = body.slice(1);
  const short = SHORT[code];
  if (short !== undefined) return short.charCodeAt(0);
  if (/^[xuU][0-9a-fA-F]+$/.test(code)) return Number(`0x${code.slice(1)}`);
  return /^[0-7]{3}$/.test(code) ? Number(`0o${code}`) : undefined;
}
