import { copyText } from '#base';
import { ANYWHERE, checkMatch, type IndicatorKind, type Named, nameWhole } from './classify.ts';

/** Something that names a place, a command or a key outside, where it stands. */
export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly file: string;
  /** Zero in a file without lines. */
  readonly line: number;
  /** True where the source does not show it as it is. */
  readonly decoded: boolean;
  /** Of a file without lines: the byte at which it begins. */
  readonly offset?: number;
}

/** What a search came to. */
export interface Search {
  readonly indicators: readonly Indicator[];
  /** False where a file names more than is listed. */
  readonly isWhole: boolean;
}

const MOST_A_FILE = 20_000;
/** Places of one value in one file. */
const MOST_PLACES = 20;

/** Literals in quotes; those of one letter are taken for themselves, so that `'"'` opens none. */
const LITERAL =
  /'(?:\\.|[^'\\\n])'|"((?:[^"\\\n]|\\.){2,2000})"|`([^`]{4,2000})`|'((?:[^'\\\n]|\\.){4,2000})'/g;
const ENVIRONMENT =
  /\b(?:Getenv|LookupEnv|Setenv|Unsetenv)\(\s*["`]([A-Za-z_][A-Za-z0-9_]{0,100})["`]|\bprocess\.env\.([A-Z_][A-Z0-9_]{0,100})|\bos\.environ(?:\.get)?[[(]\s*["']([A-Za-z_][A-Za-z0-9_]{0,100})["']/g;

interface Found extends Named {
  readonly at: number;
}

/** Escapes of quotes and backslashes alone; what others say is found by following the code. */
const unquoted = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(["'\\])/g, '$1') : text;

function* findAll(text: string): Generator<Found> {
  for (const { groups, index } of text.matchAll(ANYWHERE)) {
    const named = checkMatch(groups ?? {});
    if (named !== undefined) yield { ...named, at: index };
  }
  for (const { 1: double, 2: raw, 3: single, index } of text.matchAll(LITERAL)) {
    const literal = raw ?? unquoted(double ?? single ?? '');
    const named = nameWhole(literal);
    if (named !== undefined) yield { ...named, at: index };
  }
  for (const { 1: go, 2: js, 3: py, index } of text.matchAll(ENVIRONMENT))
    yield { kind: 'env', value: go ?? js ?? py ?? '', at: index };
}

/** Takes what is found once a line, with the first places of each value. */
class Collection {
  readonly indicators: Indicator[] = [];
  isWhole = true;
  private readonly places = new Map<string, Set<number>>();

  add(named: Named, place: Omit<Indicator, 'kind' | 'value'>): void {
    const key = `${named.kind}\0${named.value}`;
    const known = this.places.get(key);
    const at = place.offset ?? place.line;
    if (known !== undefined && (known.has(at) || known.size >= MOST_PLACES)) return;
    if (this.indicators.length >= MOST_A_FILE) {
      this.isWhole = false;
      return;
    }
    if (known === undefined) this.places.set(key, new Set([at]));
    else known.add(at);
    this.indicators.push({ kind: named.kind, value: copyText(named.value), ...place });
  }

  has({ kind, value }: Named): boolean {
    return this.places.has(`${kind}\0${value}`);
  }
}

/** What a text names, with every line, in the order of lines. */
export function findIndicators(file: string, text: string): Search {
  const found = [...findAll(text)].sort((a, b) => a.at - b.at);
  const all = new Collection();
  let line = 1;
  let lineStart = 0;
  for (const { at, ...named } of found) {
    for (
      let end = text.indexOf('\n', lineStart);
      end >= 0 && end < at;
      end = text.indexOf('\n', lineStart)
    ) {
      line++;
      lineStart = end + 1;
    }
    all.add(named, { file, line, decoded: false });
  }
  return all;
}

/** What a text names that the code makes: as a whole, and in its parts. */
export function indicatorsOf(text: string): readonly Named[] {
  const whole = nameWhole(text);
  const parts: Named[] = whole === undefined ? [] : [whole];
  for (const { groups } of text.matchAll(ANYWHERE)) {
    const named = checkMatch(groups ?? {});
    if (named !== undefined && named.value !== whole?.value) parts.push(named);
  }
  return parts;
}

const PRINTABLE = /[\x20-\x7e\t]{6,}/g;
const WIDE = /(?:[\x20-\x7e]\0){6,}/g;
const latin1 = new TextDecoder('latin1');

/** What texts inside of other bytes name: letters of one byte, and of two (UTF-16), each value once. */
export function findInBytes(file: string, bytes: Uint8Array): Search {
  const text = latin1.decode(bytes);
  const all = new Collection();
  for (const [pattern, width] of [
    [PRINTABLE, 1],
    [WIDE, 2],
  ] as const) {
    for (const { 0: run, index } of text.matchAll(pattern)) {
      const plain = width === 1 ? run : run.replaceAll('\0', '');
      for (const named of indicatorsOf(plain)) {
        const offset = index + plain.indexOf(named.value) * width;
        if (!all.has(named)) all.add(named, { file, line: 0, decoded: false, offset });
      }
    }
  }
  return all;
}
