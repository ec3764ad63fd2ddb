// What a terminal, a log or a page may act on or hide: controls, format and bidirectional
// characters, surrogates, private code points, separators, spaces that are not the
// space, variation selectors, fillers that draw nothing.
const UNSAFE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: combining characters are what it looks for.
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00a0\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
const UNSAFE_IN_LINES = new RegExp(UNSAFE.source.replace('[', '(?![\\n\\t])['), 'gu');

/** One line of suspect text that is safe to show: whatever could act or hide is written as an escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escapeCodePoint);
}

/** The same for text of many lines: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE_IN_LINES, escapeCodePoint);
}

/** JSON for a terminal: the same value, with every unsafe character written as `\uXXXX`. */
export function printableJson(json: string): string {
  return json.replace(UNSAFE, (char) => {
    let escaped = '';
    for (let i = 0; i < char.length; i++) {
      escaped += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCodePoint(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point < 0x100) return SHORT[char] ?? `\\x${hex.padStart(2, '0')}`;
  return point > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** At most `limit` UTF-16 units, with an ellipsis where text was cut; never half a character. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
