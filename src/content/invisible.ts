import { encodeUtf8 } from '#base';

/** A character that a reader does not see, or that changes the order in which others are shown. */
export interface InvisibleCharacter {
  readonly file: string;
  readonly line: number;
  /** In bytes, from 1. */
  readonly column: number;
  /** `U+202E`. */
  readonly character: string;
  readonly kind: 'bidirectional' | 'invisible';
}

const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const SUSPECT =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: combining characters are what it looks for.
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufe00-\ufe0e\ufeff\uffa0\u{e0000}-\u{e01ef}]/gu;
const MOST_A_FILE = 50;

/** Finds hidden and bidirectional characters in a text; a byte-order mark at its start is none. */
export function findInvisible(file: string, text: string): readonly InvisibleCharacter[] {
  const found: InvisibleCharacter[] = [];
  let line = 1;
  let lineStart = 0;
  for (const { 0: char, index } of text.matchAll(SUSPECT)) {
    if (index === 0 && char === '\ufeff') continue;
    for (
      let at = text.indexOf('\n', lineStart);
      at >= 0 && at < index;
      at = text.indexOf('\n', lineStart)
    ) {
      line++;
      lineStart = at + 1;
    }
    const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    found.push({
      file,
      line,
      column: encodeUtf8(text.slice(lineStart, index)).length + 1,
      character: `U+${code}`,
      kind: BIDIRECTIONAL.test(char) ? 'bidirectional' : 'invisible',
    });
    if (found.length === MOST_A_FILE) break;
  }
  return found;
}
