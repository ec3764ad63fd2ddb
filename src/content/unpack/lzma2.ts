import type { Output } from '#base';
import { at16 } from '../bytes.ts';
import { Damaged } from './damaged.ts';
import { Lzma, propertiesOf } from './lzma.ts';

/** Decodes LZMA2 chunks from an offset on; the offset behind the last, or the input's end where the output is full. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one chunk after the other, by its control byte.
export function decodeLzma2(bytes: Uint8Array, start: number, out: Output): number {
  const lzma = new Lzma(out);
  let at = start;
  let isReady = false;
  while (!out.isFull) {
    const control = bytes[at];
    if (control === undefined) throw new Damaged();
    if (control === 0) return at + 1;
    if (control === 1 || control >= 0xe0) lzma.resetDictionary();
    if (control < 0x80) {
      if (control > 2) throw new Damaged();
      const size = at16(bytes, at + 1) + 1;
      out.append(bytes.subarray(at + 3, at + 3 + size));
      at += 3 + size;
      continue;
    }
    const size = ((control & 0x1f) << 16) + at16(bytes, at + 1) + 1;
    const packed = at16(bytes, at + 3) + 1;
    at += 5;
    if (control >= 0xc0) {
      const properties = propertiesOf(bytes[at++] ?? 0xff);
      if (properties === undefined || properties.lc + properties.lp > 4) throw new Damaged();
      lzma.reset(properties);
      isReady = true;
    } else if (control >= 0xa0) lzma.resetState();
    if (!isReady) throw new Damaged();
    lzma.decode(bytes, [at, Math.min(at + packed, bytes.length)], size);
    at += packed;
  }
  return bytes.length;
}
