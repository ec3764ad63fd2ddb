import type { Type } from './types.ts';
import { type How, UNKNOWN, Value } from './value.ts';

/** What names a place inside a store: an index, a map's key, or that the store has escaped. */
export type Key = number | string;

/** Stands for "whoever has it may have changed all of it". */
export const ESCAPED = 'escaped';

/** Something that can be written: a variable, the elements of an array, the fields of a struct, a map. */
export interface Store {
  /** The fork before which it was made: only what is older than a fork has to be put back. */
  readonly born: number;
  /** Handed to code that is not followed: nothing of it is known from then on. */
  isEscaped: boolean;
  /** Made before the module's own functions run: they all see the same one. */
  isShared: boolean;
  read(key: Key): Value | undefined;
  write(key: Key, value: Value | undefined): void;
  /** Everything it holds, to find what can be reached through it. */
  contents(): Iterable<Value>;
}

/** A variable. */
export class Box implements Store {
  readonly born: number;
  isEscaped = false;
  isShared = false;
  value: Value;
  /** What it can hold; ANY where that is not known. */
  type: Type;

  constructor(value: Value, born: number, type: Type = value.t) {
    this.value = value;
    this.born = born;
    this.type = type;
  }

  read(): Value {
    return this.value;
  }

  write(_: Key, value: Value | undefined): void {
    this.value = value ?? UNKNOWN;
  }

  contents(): Iterable<Value> {
    return [this.value];
  }
}

/** Elements that were never written: so many, each with its zero value. */
export interface Zeros {
  readonly length: number;
  /** A new one each time where it can be written to. */
  readonly zero: () => Value;
}

/**
 * The elements of an array or the fields of a struct. Bytes are kept as bytes while all are known, and of
 * other arrays what was written or looked at.
 */
export class Items implements Store {
  readonly born: number;
  isEscaped = false;
  isShared = false;
  bytes: Uint8Array | undefined;
  readonly length: number;
  private values: Value[];
  private readonly zero: (() => Value) | undefined;
  private readonly element: Type;
  /** How the bytes came to be: single bytes cannot say it. */
  how: How | undefined;

  constructor(content: Uint8Array | Value[] | Zeros, element: Type, born: number) {
    this.bytes = content instanceof Uint8Array ? content : undefined;
    this.values = Array.isArray(content) ? content : [];
    this.zero = 'zero' in content ? content.zero : undefined;
    this.length = content.length;
    this.element = element;
    this.born = born;
  }

  read(key: Key): Value | undefined {
    const i = key as number;
    if (this.bytes !== undefined) {
      const byte = this.bytes[i];
      return byte === undefined ? undefined : new Value(this.element, byte, this.how);
    }
    const known = this.values[i];
    if (known !== undefined || this.zero === undefined || i < 0 || i >= this.length) return known;
    const made = this.zero();
    this.values[i] = made;
    return made;
  }

  write(key: Key, value: Value | undefined): void {
    const i = key as number;
    if (this.bytes !== undefined) {
      if (value !== undefined && value !== UNKNOWN && typeof value.v === 'number') {
        this.bytes[i] = value.v;
        if (value.how !== undefined) this.how = value.how;
        return;
      }
      this.values = Array.from(this.bytes, (byte) => new Value(this.element, byte, this.how));
      this.bytes = undefined;
    }
    this.values[i] = value ?? UNKNOWN;
  }

  *contents(): Iterable<Value> {
    // Holes hold nothing that leads anywhere.
    for (const i of this.zero === undefined ? this.values.keys() : Object.keys(this.values)) {
      const value = this.values[Number(i)];
      if (value !== undefined) yield value;
    }
  }
}

/** Fields that nobody writes: whatever else there is of them is not known, and stays so. */
export class FixedItems extends Items {
  constructor(fields: Value[], element: Type) {
    super(fields, element, 0);
    Object.defineProperty(this, 'isEscaped', { get: () => false, set: () => undefined });
  }

  override write(): void {}
}

/** A map: entries in the order in which they came, by a text that equal keys share. */
export class Table implements Store {
  readonly born: number;
  isEscaped = false;
  isShared = false;
  readonly entries = new Map<string, readonly [key: Value, value: Value]>();

  constructor(born: number) {
    this.born = born;
  }

  /** The value under a key; a pair, as the trail keeps both. */
  read(key: Key): Value | undefined {
    const found = this.entries.get(String(key));
    return found === undefined ? undefined : new Pair(found[0], found[1]);
  }

  write(key: Key, value: Value | undefined): void {
    if (value instanceof Pair) this.entries.set(String(key), [value.key, value.value]);
    else this.entries.delete(String(key));
  }

  *contents(): Iterable<Value> {
    for (const [key, value] of this.entries.values()) {
      yield key;
      yield value;
    }
  }
}

/** An entry of a map on its way through the trail. */
export class Pair extends Value {
  readonly key: Value;
  readonly value: Value;

  constructor(key: Value, value: Value) {
    super(key.t, key.v);
    this.key = key;
    this.value = value;
  }
}

/** What a pointer points to: a place in a store. */
export interface Reference {
  readonly store: Store;
  readonly key: Key;
}

/** A part of an array that grows into what is behind it. */
export interface Slice {
  readonly items: Items;
  readonly offset: number;
  readonly length: number;
  readonly capacity: number;
}

/** The slice that a value is: null for nil, undefined for what is none. */
export function asSlice(v: unknown): Slice | null | undefined {
  if (v === null) return null;
  return typeof v === 'object' && 'items' in v ? (v as Slice) : undefined;
}

/** The reference that a pointer is: null for nil, undefined for what is none. */
export function asReference(v: unknown): Reference | null | undefined {
  if (v === null) return null;
  return typeof v === 'object' && 'store' in v ? (v as Reference) : undefined;
}
