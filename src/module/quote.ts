import { decodeByteString, decodeUtf8, encodeUtf8, fromByteString, toByteString } from '#base';
import { isPrint } from './unicode.ts';

const SHORT: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

function quoteRune(point: number, quote: string): string {
  const char = String.fromCodePoint(point);
  if (char === quote) return `\\${char}`;
  const short = SHORT[point];
  if (short !== undefined) return short;
  if (isPrint(point)) return char;
  const hex = point.toString(16);
  if (point < 0x20 || point === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Go's %q of a rune. */
export function quoteGoRune(point: number): string {
  return `'${quoteRune(point, "'")}'`;
}

// Twice as much in letters of four bytes as any fault is shown of.
const LONGEST_QUOTED = 16 * 1024;
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * Go's %q of a string, given as a byte string: invalid UTF-8 becomes \x escapes. Of a very long one the
 * beginning: it is cut where it is shown.
 */
export function quoteGo(byteString: string): string {
  const shown = byteString.slice(0, LONGEST_QUOTED);
  if (PLAIN.test(shown)) return `"${shown}"`;
  const text = decodeByteString(shown);
  const parts: string[] = [];
  if (text !== undefined)
    for (const char of text) parts.push(quoteRune(char.codePointAt(0) ?? 0, '"'));
  else quoteBytes(shown, parts);
  return `"${parts.join('')}"`;
}

/** The runes of a text that is not all UTF-8. */
function quoteBytes(byteString: string, parts: string[]): void {
  for (let at = 0; at < byteString.length; ) {
    const length = runeLength(byteString, at);
    if (length === 0) parts.push(`\\x${byteString.charCodeAt(at).toString(16).padStart(2, '0')}`);
    else {
      const char = decodeUtf8(fromByteString(byteString.slice(at, at + length))) ?? '';
      parts.push(quoteRune(char.codePointAt(0) ?? 0, '"'));
    }
    at += Math.max(1, length);
  }
}

/** The bytes of the rune that starts at `at`; 0 when no valid one does. */
function runeLength(byteString: string, at: number): number {
  const first = byteString.charCodeAt(at);
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const bytes = fromByteString(byteString.slice(at, at + length));
  return bytes.length === length && decodeUtf8(bytes) !== undefined ? length : 0;
}

/** Go's utf8.DecodeRune of a byte string: U+FFFD and one byte where no valid rune starts. */
export function runeAt(
  byteString: string,
  at: number,
): { readonly point: number; readonly size: number } {
  const first = byteString.charCodeAt(at);
  if (first < 0x80) return { point: first, size: 1 };
  const size = runeLength(byteString, at);
  if (size === 0) return { point: 0xfffd, size: 1 };
  const text = decodeUtf8(fromByteString(byteString.slice(at, at + size))) ?? '';
  return { point: text.codePointAt(0) ?? 0xfffd, size };
}

/** Go's %q of a text. */
export function quoteGoText(text: string): string {
  return quoteGo(toByteString(encodeUtf8(text)));
}
