import { decodeRune, runeText } from '../run/convert.ts';

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

/** unicode.IsPrint, as far as it is sure: letters, marks, numbers, punctuation, symbols, the space. */
function isPrint(rune: number): boolean {
  return rune === 0x20 || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(rune));
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}

function quoteRune(rune: number, quote: string, onlyAscii: boolean): string {
  if (rune === quote.charCodeAt(0)) return `\\${quote}`;
  const named = NAMED[rune];
  if (named !== undefined) return named;
  if (rune < 0x80 ? rune >= 0x20 && rune !== 0x7f : !onlyAscii && isPrint(rune))
    return runeText(rune);
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

/** strconv.Quote and its like. */
export function quoteText(text: string, { quote = '"', onlyAscii = false } = {}): string {
  const parts: string[] = [quote];
  for (let at = 0; at < text.length; ) {
    const [rune, length] = decodeRune(text, at);
    if (rune === 0xfffd && length === 1) parts.push(`\\x${hex(text.charCodeAt(at), 2)}`);
    else parts.push(quoteRune(rune, quote, onlyAscii));
    at += length;
  }
  parts.push(quote);
  return parts.join('');
}

/** strconv.QuoteRune. */
export function quoteOneRune(rune: number): string {
  const isValid = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff);
  return `'${quoteRune(isValid ? rune : 0xfffd, "'", false)}'`;
}
