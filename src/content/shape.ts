/** What a text looks like, seen from afar. */
export interface TextShape {
  /** The longest line, in characters; null for an empty text. */
  readonly longestLine: { readonly line: number; readonly length: number } | null;
  /** The longest run of blanks in a line with something behind it; null where none is long. */
  readonly blankRun: {
    readonly line: number;
    readonly column: number;
    readonly length: number;
  } | null;
  /** The longest run of empty lines with something behind it; null where none is long. */
  readonly emptyLines: { readonly line: number; readonly length: number } | null;
}

/** Blanks that push what follows out of a window. */
const LONG_BLANK = 120;
/** Empty lines that push what follows out of a window. */
const MANY_EMPTY = 60;
const isBlank = (code: number): boolean =>
  code === 32 ||
  code === 9 ||
  code === 13 ||
  code === 0xa0 ||
  code === 0x3000 ||
  (code >= 0x2000 && code <= 0x200a);

/** The longest run of blanks in a line that something follows. */
function blankRunIn(line: string): { readonly at: number; readonly length: number } | undefined {
  let longest: { at: number; length: number } | undefined;
  let start = -1;
  for (let at = 0; at < line.length; at++) {
    if (isBlank(line.charCodeAt(at))) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      if (at - start > (longest?.length ?? 0)) longest = { at: start, length: at - start };
      start = -1;
    }
  }
  return longest !== undefined && longest.length >= LONG_BLANK ? longest : undefined;
}

const isEmpty = (text: string, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) if (!isBlank(text.charCodeAt(at))) return false;
  return true;
};

/** Measures lines and blanks of a text, in one pass; columns in characters. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the lines, for all that is measured.
export function shapeOf(text: string): TextShape {
  let longestLine: TextShape['longestLine'] = null;
  let blankRun: TextShape['blankRun'] = null;
  let emptyLines: TextShape['emptyLines'] = null;
  let [line, start, empty] = [0, 0, 0];
  while (start <= text.length) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const length = end - start;
    line++;
    if (length > (longestLine?.length ?? 0)) longestLine = { line, length };
    if (length > LONG_BLANK) {
      const run = blankRunIn(text.slice(start, end));
      if (run !== undefined && run.length > (blankRun?.length ?? 0))
        blankRun = { line, column: run.at + 1, length: run.length };
    }
    if (isEmpty(text, start, end)) empty++;
    else {
      if (empty >= MANY_EMPTY && empty > (emptyLines?.length ?? 0))
        emptyLines = { line: line - empty, length: empty };
      empty = 0;
    }
    start = end + 1;
  }
  return { longestLine, blankRun, emptyLines };
}

/** Bytes of one window, and how far the next begins. */
const WINDOW = 4096;

/** The window whose bytes are the least predictable. */
export interface Entropy {
  /** Shannon entropy in bits a byte, two places. */
  readonly bits: number;
  readonly offset: number;
}

/** Shannon entropy of bytes, in bits a byte. */
function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts)
    if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}

/** Looks at windows of 4,096 bytes; the last may be shorter, and counts from 1,024 bytes on. */
export function highestEntropy(bytes: Uint8Array): Entropy | null {
  let highest: Entropy | null = null;
  for (let offset = 0; offset < bytes.length; offset += WINDOW) {
    const part = bytes.subarray(offset, offset + WINDOW);
    if (part.length < WINDOW / 4 && offset > 0) break;
    const bits = Math.round(entropyOf(part) * 100) / 100;
    if (highest === null || bits > highest.bits) highest = { bits, offset };
  }
  return highest;
}
