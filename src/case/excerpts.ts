import { cutText, decodeUtf8, encodeUtf8, printable, toByteString } from '#base';
import type { PathStep } from '#golang';

const EXCERPT_BYTES = 400;
const LINE_LENGTH = 120;

/** Lines of files as code to show, printable and short. */
export interface Excerpts {
  /** Null where there is no such file. */
  lines(file: string, first: number, count: number): string | null;
  /** A step of a path with its line; itself where that is outside the module. */
  beside(step: PathStep): PathStep;
}

function cutBytes(text: string): string {
  let cut = text;
  while (encodeUtf8(cut).length > EXCERPT_BYTES) cut = cutText(cut, cut.length - 8);
  return cut;
}

/** Excerpts of what `read` gives; each file is read once. */
export function createExcerpts(read: (file: string) => Uint8Array | undefined): Excerpts {
  const known = new Map<string, readonly string[] | undefined>();

  function linesOf(file: string): readonly string[] | undefined {
    if (known.has(file)) return known.get(file);
    const bytes = read(file);
    const lines = bytes && (decodeUtf8(bytes) ?? toByteString(bytes)).split('\n');
    known.set(file, lines);
    return lines;
  }

  function lines(file: string, first: number, count: number): string | null {
    const all = linesOf(file);
    if (all === undefined) return null;
    const wanted = all.slice(Math.max(0, first - 1), first - 1 + count);
    return cutBytes(
      wanted.map((line) => cutText(printable(line.replaceAll('\t', '  ')), LINE_LENGTH)).join('\n'),
    );
  }

  return {
    lines,
    beside(step) {
      if (step.file === undefined || step.line === undefined) return step;
      const excerpt = lines(step.file, step.line, 1);
      return excerpt === null ? step : { ...step, excerpt };
    },
  };
}
