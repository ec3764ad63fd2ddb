import { constants, gunzipSync, inflateRawSync } from 'node:zlib';
import { decodeBzip2, Output, type Unpacked } from '#base';
import { hasText, little32, little64 } from '../bytes.ts';
import { Damaged } from './damaged.ts';
import { Lzma, propertiesOf } from './lzma.ts';
import { decodeLzma2 } from './lzma2.ts';
import { decodeZstd } from './zstd.ts';

/** Unpacks at most `limit` bytes; undefined where the method is not known here. */
export type Unpack = (bytes: Uint8Array, limit: number) => Unpacked | undefined;

/** Runs a decoder that throws at damage, and keeps what it made before. */
function until(limit: number, decode: (out: Output) => void): Unpacked {
  const out = new Output(limit);
  let end: Unpacked['end'] = 'whole';
  try {
    decode(out);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    end = 'damaged';
  }
  return { bytes: out.whole(), end: out.isFull ? 'cut' : end };
}

const NOTHING: Unpacked = { bytes: new Uint8Array(0), end: 'damaged' };

type Decode = typeof gunzipSync;

function zlibEnd(error: unknown): Unpacked['end'] {
  const isLarge =
    error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return isLarge ? 'cut' : 'damaged';
}

/** Damaged input is read again for what stands before its damage, where it was only cut short. */
function zlib(decode: Decode): Unpack {
  const once = (bytes: Uint8Array, options: Parameters<Decode>[1]): Unpacked => {
    try {
      return { bytes: decode(bytes, options), end: 'whole' };
    } catch (error) {
      return { ...NOTHING, end: zlibEnd(error) };
    }
  };
  return (bytes, maxOutputLength) => {
    const first = once(bytes, { maxOutputLength });
    if (first.end !== 'damaged') return first;
    const again = once(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
    return again.end === 'cut' ? again : { bytes: again.bytes, end: 'damaged' };
  };
}

/** DEFLATE without a header (RFC 1951). */
export const inflate: Unpack = zlib(inflateRawSync);

/** gzip (RFC 1952). */
export const gunzip: Unpack = zlib(gunzipSync);

/** bzip2. */
export const unbzip2: Unpack = decodeBzip2;

/** LZMA alone: properties, dictionary, size, stream. */
export const unlzma: Unpack = (bytes, limit) =>
  until(limit, (out) => {
    const properties = propertiesOf(bytes[0] ?? 0xff);
    if (properties === undefined) throw new Damaged();
    const size = little64(bytes, 5);
    const lzma = new Lzma(out);
    lzma.reset(properties);
    const isKnown = little32(bytes, 9) !== 0xffffffff;
    lzma.decode(bytes, [13, bytes.length], isKnown ? size : undefined);
  });

/** Bytes of the check behind a block of xz, by its number. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** xz (.xz file format 1.2.0): the blocks of its first stream. Filters before LZMA2 are left as they are. */
export const unxz: Unpack = (bytes, limit) =>
  until(limit, (out) => {
    const check = CHECK_SIZES[(bytes[7] ?? 0) & 15] ?? 0;
    let at = 12;
    while (!out.isFull && (bytes[at] ?? 0) !== 0) {
      const start = at + ((bytes[at] ?? 0) + 1) * 4;
      const end = decodeLzma2(bytes, start, out);
      at = end + ((4 - ((end - start) % 4)) % 4) + check;
    }
    // Index and footer follow; padding may stand behind them.
    let end = bytes.length;
    while (end > at && bytes[end - 1] === 0) end--;
    if (!out.isFull && (at >= end || !hasText(bytes, end - 2, 'YZ'))) throw new Damaged();
  });

/** Zstandard (RFC 8878). */
export const unzstd: Unpack = (bytes, limit) => until(limit, (out) => decodeZstd(bytes, out));

/** Coders of one stream, by the format that they are found by. */
export const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: gunzip,
  bzip2: unbzip2,
  xz: unxz,
  lzma: unlzma,
  zstd: unzstd,
};

/** Unpacks one stream of a format, at most `limit` bytes; undefined where the format is none of one stream. */
export function unpack(format: string, bytes: Uint8Array, limit: number): Unpacked | undefined {
  return UNPACK[format]?.(bytes, limit);
}
