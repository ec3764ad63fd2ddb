import { runesOf } from '../run/convert.ts';
import { TooLarge } from '../run/errors.ts';
import { LONGEST_TEXT } from '../run/operators.ts';
import {
  isDigit,
  isLetter,
  isSpace,
  lowerRune,
  mapRunes,
  runeList,
  trimRunes,
  upperRune,
} from './letters.ts';

/*
 * What packages strings and bytes do with text, one character a byte. Undefined is not known.
 */

/** Parts that a text is cut into at most. */
const MOST_PARTS = 100_000;

export function repeat(text: string, times: number): string | undefined {
  if (times < 0) return undefined;
  if (text.length * times > LONGEST_TEXT)
    throw new TooLarge('it makes larger values than are followed');
  return text.repeat(times);
}

/** Each rune, or byte that is none, by itself: what splitting at nothing gives. */
function explode(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = 0;
  for (const [offset, , length] of runesOf(text)) {
    if (most > 0 && parts.length === most - 1) break;
    parts.push(text.slice(offset, offset + length));
    rest = offset + length;
  }
  if (rest < text.length) parts.push(text.slice(rest));
  return parts;
}

/** strings.SplitN, and SplitAfterN with `keep` the length of the separator. */
export function split(
  text: string,
  separator: string,
  { most = -1, keepsSeparator = false } = {},
): readonly string[] | undefined {
  if (most === 0) return [];
  if (separator === '') return explode(text, most);
  const parts: string[] = [];
  let at = 0;
  while (most < 0 || parts.length < most - 1) {
    const next = text.indexOf(separator, at);
    if (next < 0) break;
    parts.push(text.slice(at, keepsSeparator ? next + separator.length : next));
    at = next + separator.length;
    if (parts.length > MOST_PARTS) return undefined;
  }
  return [...parts, text.slice(at)];
}

/** strings.Replace. */
export function replace(text: string, [from, to]: readonly [string, string], most: number): string {
  if (from === to || most === 0) return text;
  if (from === '') {
    const pieces = explode(text, -1);
    const count = most < 0 ? pieces.length + 1 : Math.min(most, pieces.length + 1);
    return (
      pieces.map((piece, i) => (i < count ? to : '') + piece).join('') +
      (count > pieces.length ? to : '')
    );
  }
  const parts = split(text, from, { most: most < 0 ? -1 : most + 1 });
  return parts === undefined ? text : parts.join(to);
}

export function count(text: string, part: string): number {
  if (part === '') return runeList(text).length + 1;
  return (split(text, part)?.length ?? 1) - 1;
}

/** strings.Fields. */
export function fields(
  text: string,
  is: (rune: number) => boolean | undefined = isSpace,
): readonly string[] | undefined {
  const parts: string[] = [];
  let start = -1;
  for (const [offset, rune] of runesOf(text)) {
    const cuts = is(rune);
    if (cuts === undefined) return undefined;
    if (!cuts && start < 0) start = offset;
    if (cuts && start >= 0) {
      parts.push(text.slice(start, offset));
      start = -1;
    }
  }
  return start < 0 ? parts : [...parts, text.slice(start)];
}

/** The first place of any of the runes. */
export function indexAny(text: string, runes: string): number {
  const wanted = new Set(runeList(runes));
  for (const [offset, rune] of runesOf(text)) if (wanted.has(rune)) return offset;
  return -1;
}

export function lastIndexAny(text: string, runes: string): number {
  const wanted = new Set(runeList(runes));
  let last = -1;
  for (const [offset, rune] of runesOf(text)) if (wanted.has(rune)) last = offset;
  return last;
}

export function indexRune(text: string, rune: number): number {
  for (const [offset, one] of runesOf(text)) if (one === rune) return offset;
  return -1;
}

export function trim(
  text: string,
  cutset: string,
  sides: { readonly left: boolean; readonly right: boolean },
): string | undefined {
  const wanted = new Set(runeList(cutset));
  return trimRunes(text, (rune) => wanted.has(rune), sides);
}

export const trimSpace = (text: string): string | undefined =>
  trimRunes(text, isSpace, { left: true, right: true });

export const toUpper = (text: string): string | undefined => mapRunes(text, upperRune);
export const toLower = (text: string): string | undefined => mapRunes(text, lowerRune);

/** strings.Title: letters after what is none are written large. */
export function title(text: string): string | undefined {
  let isInWord = false;
  return mapRunes(text, (rune) => {
    const starts = !isInWord;
    isInWord = isWordPart(rune);
    return starts ? upperRune(rune) : rune;
  });
}

function isWordPart(rune: number): boolean {
  if (rune < 0x80) return /[0-9A-Za-z_]/.test(String.fromCharCode(rune));
  if (isLetter(rune) || isDigit(rune)) return true;
  return !isSpace(rune);
}

export function equalFold(a: string, b: string): boolean | undefined {
  const [x, y] = [toLower(a), toLower(b)];
  if (x === undefined || y === undefined) return undefined;
  // Beyond ASCII letters fold in ways of their own.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
  if (!/^[\x00-\x7f]*$/.test(a + b)) return x === y ? true : undefined;
  return x === y;
}

/** A strings.Replacer: the pairs in the order in which they were given. */
export function replaceAll(text: string, pairs: readonly string[]): string | undefined {
  const parts: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const found = findPair(text, pairs, at);
    if (found === undefined) {
      if (at < text.length) parts.push(text[at] ?? '');
      at++;
      continue;
    }
    const [from, to] = found;
    // What replaces nothing is a matter of its own.
    if (from === '') return undefined;
    parts.push(to);
    at += from.length;
  }
  return parts.join('');
}

function findPair(
  text: string,
  pairs: readonly string[],
  at: number,
): readonly [string, string] | undefined {
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const from = pairs[i] ?? '';
    if (text.startsWith(from, at)) return [from, pairs[i + 1] ?? ''];
  }
  return undefined;
}

export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
