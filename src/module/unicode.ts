// The tables are those of a Go release: Node's own follow another Unicode version, and a file name
// that only one of the two calls a letter would be judged differently.
import unicode from './data/unicode.json' with { type: 'json' };

const { letters, printable, folds } = unicode.tables;
const foldOf = new Map(folds.map(([from = 0, to = 0]) => [from, to]));

function isWithin(ranges: readonly (readonly number[])[], point: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const [first = 0, last = 0] = ranges[middle] ?? [];
    if (point < first) high = middle - 1;
    else if (point > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Go's unicode.IsLetter for a code point above ASCII. */
export function isLetter(point: number): boolean {
  return isWithin(letters, point);
}

/** Go's strconv.IsPrint. */
export function isPrint(point: number): boolean {
  return point < 0x80 ? point >= 0x20 && point < 0x7f : isWithin(printable, point);
}

/** The key under which two names collide: equal for names that differ in case alone. */
export function foldCase(text: string): string {
  // The slow path has the same answer: of ASCII, only capitals fold, and to their small letters.
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  let key = '';
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const fold = foldOf.get(point);
    key += fold === undefined ? char : String.fromCodePoint(fold);
  }
  return key;
}
