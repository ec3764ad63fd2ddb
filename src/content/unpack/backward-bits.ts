import { Damaged } from './damaged.ts';

/** Bits from the end of a stream to its start; the highest set bit of the last byte marks the end (RFC 8878, 4.1). */
export class BackwardBits {
  /** Bits that are left; below zero once more were read than there are. */
  left: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new Damaged();
    this.bytes = bytes;
    this.left = bytes.length * 8 - Math.clz32(last) + 23;
  }

  /** At most 32 bits; those before the start are zeros. */
  read(count: number): number {
    let value = 0;
    let wanted = count;
    while (wanted > 0) {
      if (this.left <= 0) {
        this.left -= wanted;
        return value * 2 ** wanted;
      }
      const inByte = ((this.left - 1) & 7) + 1;
      const taken = Math.min(inByte, wanted);
      const byte = this.bytes[(this.left - 1) >> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (inByte - taken)) & (2 ** taken - 1));
      this.left -= taken;
      wanted -= taken;
    }
    return value;
  }
}
