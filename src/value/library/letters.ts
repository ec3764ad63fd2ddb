import { decodeRune, runesOf, runeText } from '../run/convert.ts';

/** Letters whose case Go and the runtime see alike: one code point each way. */
function changed(rune: number, change: (character: string) => string): number | undefined {
  const result = change(String.fromCodePoint(rune));
  const point = result.codePointAt(0) ?? 0;
  // ß and the like become several; Go has a rune for a rune, and may have another Unicode.
  return String.fromCodePoint(point) === result ? point : undefined;
}

/** A rune in upper case; undefined where that is not sure. */
export function upperRune(rune: number): number | undefined {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 32 : rune;
  return changed(rune, (character) => character.toUpperCase());
}

/** A rune in lower case; undefined where that is not sure. */
export function lowerRune(rune: number): number | undefined {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 32 : rune;
  return changed(rune, (character) => character.toLowerCase());
}

/** Maps each rune of a text; undefined where one is not known. Negative ones are left out. */
export function mapRunes(
  text: string,
  map: (rune: number) => number | undefined,
): string | undefined {
  const parts: string[] = [];
  for (const [, rune] of runesOf(text)) {
    const to = map(rune);
    if (to === undefined) return undefined;
    if (to >= 0) parts.push(runeText(to));
  }
  return parts.join('');
}

/** unicode.IsSpace. */
export function isSpace(rune: number): boolean {
  return (
    (rune >= 9 && rune <= 13) ||
    [0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(rune) ||
    (rune >= 0x2000 && rune <= 0x200a)
  );
}

const character = (rune: number) =>
  rune >= 0 && rune <= 0x10ffff ? String.fromCodePoint(rune) : '';

export const isLetter = (rune: number): boolean => /^\p{L}$/u.test(character(rune));
export const isDigit = (rune: number): boolean => /^\p{Nd}$/u.test(character(rune));
export const isNumber = (rune: number): boolean => /^\p{N}$/u.test(character(rune));
export const isUpper = (rune: number): boolean => /^\p{Lu}$/u.test(character(rune));
export const isLower = (rune: number): boolean => /^\p{Ll}$/u.test(character(rune));
export const isPunctuation = (rune: number): boolean => /^\p{P}$/u.test(character(rune));

/** The runes of a text with their places, from the end. */
export function lastRune(text: string, end: number): readonly [rune: number, length: number] {
  for (const length of [1, 2, 3, 4]) {
    const start = end - length;
    if (start < 0) break;
    const [rune, size] = decodeRune(text, start);
    if (size === length && (rune !== 0xfffd || length > 1)) return [rune, length];
  }
  return [0xfffd, 1];
}

/** Cuts runes that fulfil a condition off the ends; undefined where that is not known. */
export function trimRunes(
  text: string,
  is: (rune: number) => boolean | undefined,
  sides: { readonly left: boolean; readonly right: boolean },
): string | undefined {
  let [start, end] = [0, text.length];
  while (sides.left && start < end) {
    const [rune, length] = decodeRune(text, start);
    const cut = is(rune);
    if (cut === undefined) return undefined;
    if (!cut) break;
    start += length;
  }
  while (sides.right && end > start) {
    const [rune, length] = lastRune(text, end);
    const cut = is(rune);
    if (cut === undefined) return undefined;
    if (!cut) break;
    end -= length;
  }
  return text.slice(start, end);
}

/** The code points of a text. */
export function runeList(text: string): readonly number[] {
  return Array.from(runesOf(text), ([, rune]) => rune);
}
