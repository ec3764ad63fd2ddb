import {
  ANY,
  BOOL,
  BYTES,
  INT,
  NIL_TYPE,
  STRING,
  STRINGS,
  type Type,
  UINT8,
  UNTYPED_BOOL,
} from './types.ts';

/** How a text came to be: what was done to what, and where. */
export interface How {
  readonly operation: string;
  readonly site: Site | undefined;
  readonly from: readonly How[];
}

/** A place in a file of the module, in UTF-16 indexes. */
export interface Site {
  readonly file: SiteFile;
  readonly start: number;
  readonly end: number;
}

/** What a place needs of its file, when the file's text is gone. */
export interface SiteFile {
  readonly path: string;
  positionOf(index: number): { readonly line: number; readonly column: number };
  /** The source between two places, while the package is read. */
  textOf(start: number, end: number): string;
}

/**
 * A Go value with its type. `v` is, by the type below all names: a boolean; an `Int`; a double (of an
 * untyped constant a `Fraction`); text, one character a byte; a `Slice` or null; `Items` of an array or
 * struct; a `Table` or null; a `Reference` or null; a `Callable` or null. A value in an interface is the
 * value itself.
 */
export class Value {
  readonly t: Type;
  readonly v: unknown;
  readonly how: How | undefined;

  constructor(t: Type, v: unknown, how?: How) {
    this.t = t;
    this.v = v;
    this.how = how;
  }
}

/** What is not known. */
export const UNKNOWN = new Value(ANY, undefined);
export const TRUE = new Value(UNTYPED_BOOL, true);
export const FALSE = new Value(UNTYPED_BOOL, false);
export const NIL = new Value(NIL_TYPE, null);

/** Several results. */
export class Tuple extends Value {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    super(ANY, undefined);
    this.values = values;
  }
}

/** The `i`th of several results; of what is not known, nothing is known. */
export function resultAt(value: Value, i: number): Value {
  if (value instanceof Tuple) return value.values[i] ?? UNKNOWN;
  return value === UNKNOWN || i > 0 ? UNKNOWN : value;
}

/** Typed values as the library's functions give them. */
export const textValue = (text: string, how?: How): Value => new Value(STRING, text, how);
export const intValue = (number: number): Value => new Value(INT, number);
export const boolValue = (is: boolean): Value => new Value(BOOL, is);

export { BYTES, STRINGS, UINT8 };
