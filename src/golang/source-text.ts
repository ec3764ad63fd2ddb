import { decodeUtf8, encodeUtf8, toByteString } from '#base';

/** A Go file as text. */
export interface SourceText {
  readonly text: string;
  /** The line, from 1, of the first byte that is not UTF-8; undefined when there is none. */
  readonly invalidLine: number | undefined;
  readonly places: Places;
}

/** The way from UTF-16 indexes back to lines and bytes; holds no text where that is ASCII. */
export interface Places {
  /** The line and the byte column, both from 1, of a UTF-16 index. */
  positionOf(index: number): Position;
}

/** A place in a file. Columns count bytes, as Go's do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const ESCAPED = 0xdc00;

/** The rune that starts at `start`, and its length; a bad byte becomes a lone surrogate. */
function decodeRune(bytes: Uint8Array, start: number): readonly [string, number] {
  for (const length of [2, 3, 4]) {
    const rune = decodeUtf8(bytes.subarray(start, start + length));
    if (rune !== undefined && [...rune].length === 1) return [rune, length];
  }
  return [String.fromCharCode(ESCAPED + (bytes[start] ?? 0)), 1];
}

/** Decodes UTF-8 with each bad byte marked, so that every place keeps its byte. */
function decodeLossless(bytes: Uint8Array): string {
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    let end = at;
    while (end < bytes.length && (bytes[end] ?? 0) < 0x80) end++;
    if (end > at) parts.push(toByteString(bytes.subarray(at, end)));
    at = end;
    if (at === bytes.length) break;
    const [rune, length] = decodeRune(bytes, at);
    parts.push(rune);
    at += length;
  }
  return parts.join('');
}

function byteLength(text: string): number {
  let length = encodeUtf8(text).length;
  // A lone surrogate of ours stands for one byte, not for the three of U+FFFD.
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const isEscaped = unit >= 0xdc80 && unit <= 0xdcff && !isHighSurrogate(text.charCodeAt(i - 1));
    if (isEscaped) length -= 2;
  }
  return length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}

function createPlaces(text: string, isAscii: boolean): Places {
  const starts = lineStarts(text);
  // A module's texts together are larger than all that is known of them: kept only where needed.
  const kept = isAscii ? undefined : text;
  return {
    positionOf(index) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((starts[middle] ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      const start = starts[low] ?? 0;
      const column = kept === undefined ? index - start : byteLength(kept.slice(start, index));
      return { line: low + 1, column: column + 1 };
    },
  };
}

/** Reads a Go file; never fails: what is not UTF-8 is kept as marked bytes and its line named. */
export function readSourceText(bytes: Uint8Array): SourceText {
  const strict = decodeUtf8(bytes);
  const text = strict ?? decodeLossless(bytes);
  const places = createPlaces(text, text.length === bytes.length && strict !== undefined);
  const bad = strict === undefined ? text.search(/(?<![\ud800-\udbff])[\udc80-\udcff]/) : -1;
  return { text, invalidLine: bad < 0 ? undefined : places.positionOf(bad).line, places };
}
