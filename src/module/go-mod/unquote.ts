import { encodeUtf8, toByteString } from '#base';
import { runeAt } from '../quote.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function encodeRune(point: number): string {
  return toByteString(encodeUtf8(String.fromCodePoint(point)));
}

interface Escape {
  readonly value: string;
  readonly length: number;
}

function readHex(text: string, letter: string): Escape | undefined {
  const digits = text.slice(1, 1 + (HEX_DIGITS[letter] ?? 0));
  if (digits.length !== HEX_DIGITS[letter] || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const point = Number(`0x${digits}`);
  const length = 1 + digits.length;
  if (letter === 'x') return { value: String.fromCharCode(point), length };
  const isRune = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isRune ? { value: encodeRune(point), length } : undefined;
}

/** What stands behind a backslash. */
function readEscape(text: string): Escape | undefined {
  const letter = text[0] ?? '';
  const simple = SIMPLE[letter];
  if (simple !== undefined) return { value: simple, length: 1 };
  if (letter in HEX_DIGITS) return readHex(text, letter);
  const octal = /^[0-3][0-7]{2}/.exec(text)?.[0];
  if (octal === undefined) return undefined;
  return { value: String.fromCharCode(Number(`0o${octal}`)), length: 3 };
}

/** Go's strconv.Unquote of a double-quoted byte string; undefined where it is malformed. */
export function unquoteGo(quoted: string): string | undefined {
  const inner = quoted.slice(1, -1);
  if (quoted.length < 2 || !quoted.endsWith('"') || inner.includes('\n')) return undefined;
  let value = '';
  for (let at = 0; at < inner.length; ) {
    const char = inner[at] ?? '';
    if (char === '"') return undefined;
    if (char === '\\') {
      const read = readEscape(inner.slice(at + 1, at + 10));
      if (read === undefined) return undefined;
      value += read.value;
      at += 1 + read.length;
    } else {
      const { point, size } = runeAt(inner, at);
      value += encodeRune(point);
      at += size;
    }
  }
  return value;
}
