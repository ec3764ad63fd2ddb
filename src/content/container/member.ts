import type { Unpacked } from '#base';

/** One thing that a container holds. */
export interface Member {
  readonly path: string;
  /** As the container says; null where it does not. */
  readonly size: number | null;
  /** Its bytes, at most `limit` of them; undefined where they cannot be had: encrypted, or packed in an unknown way. */
  open(limit: number): Unpacked | undefined;
}

/** What a container says that it holds. */
export interface Listing {
  readonly members: readonly Member[];
  /** False where its structure does not hold, or there were more members than are listed. */
  readonly isWhole: boolean;
  /** True where what it holds cannot be read here: encrypted, or packed in an unknown way. */
  readonly isClosed?: boolean;
}

/** Reads a container; never more than `most` members. */
export type List = (bytes: Uint8Array, most: number) => Listing;

/** A part of the container as it is. */
export const stored =
  (bytes: Uint8Array, start: number, size: number): Member['open'] =>
  (limit) => {
    const part = bytes.subarray(start, Math.min(start + size, start + limit));
    const end = size > limit ? 'cut' : part.length < size ? 'damaged' : 'whole';
    return { bytes: part, end };
  };

/** Nothing of it can be had. */
export const closed = (): undefined => undefined;
