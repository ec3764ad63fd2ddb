import { ERROR_KIND } from './flat-tree.ts';

/** The parser's memory. The library renews the views when it grows: take them after a parse. */
export interface Heap {
  readonly HEAPU8?: Uint8Array;
  readonly HEAPU16?: Uint16Array;
  readonly HEAPU32?: Uint32Array;
}

/** What the walk needs of a language, read once from its tables. */
export interface LanguageTables {
  /** The public kind of each symbol. */
  readonly publicOf: Uint16Array;
  /** Alias and field of (production, structural index), `width` columns a production; 0 for none. */
  readonly aliasOf: Uint16Array;
  readonly fieldOf: Uint8Array;
  readonly width: number;
}

// Offsets in a TSLanguage of ABI 15, in words (tree-sitter's parser.h).
const SYMBOLS = 1;
const ALIASES = 2;
const STATES = 5;
const PRODUCTIONS = 7;
const FIELDS = 8;
const FIELD_SLICES = 16;
const FIELD_ENTRIES = 17;
const PUBLIC_SYMBOLS = 19;
const ALIAS_SEQUENCES = 21;

/** The numbers of a language, for comparison with what the library says in public. */
export function readLanguageNumbers(words: Uint32Array, address: number) {
  const at = address >>> 2;
  const word = (i: number) => words[at + i] ?? 0;
  return {
    abi: word(0),
    kinds: word(SYMBOLS) + word(ALIASES),
    states: word(STATES),
    fields: word(FIELDS),
  };
}

/** Reads the tables of the language at `address`; throws for one that the arrays cannot hold. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: tables in the order in which they lie in memory.
export function readLanguageTables(heap: Required<Heap>, address: number): LanguageTables {
  const { HEAPU8: bytes, HEAPU16: halves, HEAPU32: words } = heap;
  const word = (i: number) => words[(address >>> 2) + i] ?? 0;
  const half = (at: number) => halves[at >>> 1] ?? 0;
  const symbols = word(SYMBOLS) + word(ALIASES);
  const productions = word(PRODUCTIONS);
  const widestAlias = half(address + 36);
  if (word(FIELDS) > 127 || symbols > 60_000 || productions > 65_535)
    throw new Error('language too large');
  const publicOf = new Uint16Array(65_536).fill(ERROR_KIND);
  for (let i = 0; i < symbols; i++) publicOf[i] = half(word(PUBLIC_SYMBOLS) + 2 * i);

  const entries = word(FIELD_ENTRIES);
  const slice = (p: number) => ({
    at: half(word(FIELD_SLICES) + 4 * p),
    length: half(word(FIELD_SLICES) + 4 * p + 2),
  });
  let width = widestAlias;
  for (let p = 0; p < productions; p++) {
    const { at, length } = slice(p);
    for (let e = at; e < at + length; e++)
      width = Math.max(width, (bytes[entries + 4 * e + 2] ?? 0) + 1);
  }
  width++; // The last column stays 0: every index beyond the tables is clamped to it.
  const aliasOf = new Uint16Array(productions * width);
  const fieldOf = new Uint8Array(productions * width);
  for (let p = 0; p < productions; p++) {
    for (let c = 0; p > 0 && c < widestAlias; c++) {
      aliasOf[p * width + c] = half(word(ALIAS_SEQUENCES) + 2 * (p * widestAlias + c));
    }
    const { at, length } = slice(p);
    for (let e = at; e < at + length; e++) {
      const cell = p * width + (bytes[entries + 4 * e + 2] ?? 0);
      const isInherited = bytes[entries + 4 * e + 3] !== 0;
      if (!isInherited && fieldOf[cell] === 0) fieldOf[cell] = half(entries + 4 * e);
    }
  }
  return { publicOf, aliasOf, fieldOf, width };
}
