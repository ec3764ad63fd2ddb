import { copyText, decodeUtf8, toByteString } from '#base';

/** A Go file as text. */
export interface SourceText {
  readonly text: string;
  /** The line, from 1, of the first byte that is not UTF-8; undefined when there is none. */
  readonly invalidLine: number | undefined;
  readonly places: Places;
}

/** The way from UTF-16 indexes back to lines and bytes, without the text. */
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

/** The UTF-8 bytes of one UTF-16 unit; the first of a pair stands for both. */
function bytesOfUnit(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  const isLow = unit >= 0xdc00;
  const other = text.charCodeAt(isLow ? i - 1 : i + 1);
  const isPaired = isLow ? other >= 0xd800 && other < 0xdc00 : other >= 0xdc00 && other <= 0xdfff;
  if (isPaired) return isLow ? 0 : 4;
  // A lone surrogate of ours stands for one byte that is not UTF-8.
  return unit >= ESCAPED + 0x80 && unit <= ESCAPED + 0xff ? 1 : 3;
}

/** A line that is not ASCII: its text, and the bytes in front of every so many units of it. */
interface WideLine {
  readonly text: string;
  readonly marks: Uint32Array;
}

const MARK_EVERY = 256;

/** Marks make a look-up cost the same in a line of ten bytes and of ten megabytes. */
function markLine(text: string): WideLine {
  const marks = new Uint32Array(Math.ceil(text.length / MARK_EVERY) + 1);
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    if (i % MARK_EVERY === 0) marks[i / MARK_EVERY] = bytes;
    bytes += bytesOfUnit(text, i);
  }
  return { text, marks };
}

function bytesBefore({ text, marks }: WideLine, index: number): number {
  const mark = Math.floor(index / MARK_EVERY);
  let bytes = marks[mark] ?? 0;
  for (let i = mark * MARK_EVERY; i < index; i++) bytes += bytesOfUnit(text, i);
  return bytes;
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}

/** The lines that are not ASCII, by their start: only there bytes and UTF-16 units differ. */
function wideLines(text: string): ReadonlyMap<number, WideLine> {
  const lines = new Map<number, WideLine>();
  const wide = /[\u0080-\uffff]/g;
  for (let found = wide.exec(text); found !== null; found = wide.exec(text)) {
    const start = text.lastIndexOf('\n', found.index) + 1;
    const end = text.indexOf('\n', found.index);
    lines.set(start, markLine(copyText(text.slice(start, end < 0 ? undefined : end))));
    if (end < 0) break;
    wide.lastIndex = end;
  }
  return lines;
}

function createPlaces(text: string, isAscii: boolean): Places {
  const starts = lineStarts(text);
  // A module's texts together are larger than all that is known of them: only such lines are kept.
  const wide = isAscii ? new Map<number, WideLine>() : wideLines(text);
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
      const line = wide.get(start);
      const column = line === undefined ? index - start : bytesBefore(line, index - start);
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
