import type { Native } from '../compile/model.ts';
import type { Type } from '../run/types.ts';
import type { Value } from '../run/value.ts';

/** A part of the standard library. */
export interface LibraryPart {
  readonly functions: Readonly<Record<string, Native>>;
  readonly types?: Readonly<Record<string, Type>>;
  readonly values?: Readonly<Record<string, Value>>;
}
