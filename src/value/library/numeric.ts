import { type DigestName, digestOf, sha256 } from '#base';
import type { CallContext, Native } from '../compile/model.ts';
import { decodeRune, runesOf, runeText } from '../run/convert.ts';
import { Items } from '../run/stores.ts';
import { type ArrayType, FLOAT64, INT, INT32, UINT8, UINT32, UNTYPED_INT } from '../run/types.ts';
import { boolValue, intValue, Tuple, UNKNOWN, Value } from '../run/value.ts';
import { adler32, crc32 } from './checksums.ts';
import * as letters from './letters.ts';
import type { LibraryPart } from './part.ts';
import { bytes, count, howOf } from './support.ts';
import { byteText } from './text-kinds.ts';

const onRune =
  (run: (rune: number) => boolean | number | undefined): Native =>
  (_, [value]) => {
    const rune = count(value);
    const result = rune === undefined ? undefined : run(rune);
    if (typeof result === 'boolean') return boolValue(result);
    return result === undefined ? UNKNOWN : new Value(INT32, result, value?.how);
  };

/** A text, or the text that bytes are. */
function anyText({ m }: CallContext, value: Value | undefined): string | undefined {
  if (typeof value?.v === 'string') return value.v;
  const found = bytes(m, value);
  return found === undefined ? undefined : byteText(found);
}

const onAnyText =
  (run: (known: string) => Value): Native =>
  (context, [value]) => {
    const known = anyText(context, value);
    return known === undefined ? UNKNOWN : run(known);
  };

function isValidUtf8(known: string): boolean {
  for (const [at, rune, length] of runesOf(known))
    if (rune === 0xfffd && length === 1 && known.charCodeAt(at) >= 0x80) return false;
  return true;
}

const runeAndSize = (rune: number, size: number) =>
  new Tuple([new Value(INT32, rune), intValue(size)]);

const utf8 = (name: string): Readonly<Record<string, Native>> => ({
  [`unicode/utf8.RuneCount${name}`]: onAnyText((known) => intValue([...runesOf(known)].length)),
  [`unicode/utf8.Valid${name}`]: onAnyText((known) => boolValue(isValidUtf8(known))),
  [`unicode/utf8.DecodeRune${name}`]: onAnyText((known) =>
    known === '' ? runeAndSize(0xfffd, 0) : runeAndSize(...decodeRune(known, 0)),
  ),
  [`unicode/utf8.DecodeLastRune${name}`]: onAnyText((known) =>
    known === '' ? runeAndSize(0xfffd, 0) : runeAndSize(...letters.lastRune(known, known.length)),
  ),
});

function double(value: Value | undefined): number | undefined {
  if (typeof value?.v === 'number') return value.v;
  const fraction = value?.v as { n?: bigint; d?: bigint } | null | undefined;
  return typeof fraction?.n === 'bigint' && typeof fraction.d === 'bigint'
    ? Number(fraction.n) / Number(fraction.d)
    : undefined;
}

/** A function of package math that every processor computes alike. */
const onDouble =
  (run: (...args: readonly number[]) => number): Native =>
  (_, args) => {
    const known = args.map(double);
    if (known.includes(undefined)) return UNKNOWN;
    return new Value(FLOAT64, run(...(known as number[])));
  };

const checksum =
  (run: (found: Uint8Array) => number): Native =>
  (context, [value]) => {
    const found = bytes(context.m, value);
    context.m.step((found?.length ?? 0) >> 6);
    return found === undefined ? UNKNOWN : new Value(UINT32, run(found));
  };

const digest =
  (operation: string, run: (found: Uint8Array) => Uint8Array): Native =>
  (context, args) => {
    const found = bytes(context.m, args[0]);
    if (found === undefined) return UNKNOWN;
    context.m.step(found.length >> 6);
    const result = Uint8Array.from(run(found));
    const type: ArrayType = { kind: 'array', element: UINT8, length: result.length };
    const items = new Items(result, UINT8, context.m.epoch);
    items.how = howOf(operation, context, args);
    return new Value(type, items);
  };

const named = (name: DigestName) => (found: Uint8Array) => digestOf(name, found);

const trailing = (value: bigint, bits: number): number => {
  for (let i = 0; i < bits; i++) if ((value >> BigInt(i)) & 1n) return i;
  return bits;
};

const onBits =
  (bits: number, run: (value: bigint, bits: number) => number): Native =>
  (_, [value]) => {
    const known = value?.v;
    if (typeof known !== 'number' && typeof known !== 'bigint') return UNKNOWN;
    return intValue(run(BigInt(known), bits));
  };

const rotate =
  (bits: number): Native =>
  (_, [value, by]) => {
    const known = value?.v;
    const shift = count(by);
    if ((typeof known !== 'number' && typeof known !== 'bigint') || shift === undefined)
      return UNKNOWN;
    const left = BigInt(((shift % bits) + bits) % bits);
    const all = BigInt(known);
    const result = BigInt.asUintN(bits, (all << left) | (all >> (BigInt(bits) - left)));
    const isSafe = result <= 9007199254740991n;
    return new Value(value?.t ?? INT, isSafe ? Number(result) : result, value?.how);
  };

const ones = (value: bigint): number => value.toString(2).replaceAll('0', '').length;
const size = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

const constant = (value: number | bigint) => new Value(UNTYPED_INT, value);

/** Packages unicode, utf8, math, math/bits and the checksums. */
export const NUMERIC_LIBRARY: LibraryPart = {
  functions: {
    'unicode.IsUpper': onRune(letters.isUpper),
    'unicode.IsLower': onRune(letters.isLower),
    'unicode.IsLetter': onRune(letters.isLetter),
    'unicode.IsDigit': onRune(letters.isDigit),
    'unicode.IsNumber': onRune(letters.isNumber),
    'unicode.IsSpace': onRune(letters.isSpace),
    'unicode.IsPunct': onRune(letters.isPunctuation),
    'unicode.ToUpper': onRune(letters.upperRune),
    'unicode.ToLower': onRune(letters.lowerRune),
    'unicode.ToTitle': onRune(letters.upperRune),
    ...utf8('InString'),
    ...utf8(''),
    'unicode/utf8.ValidString': onAnyText((known) => boolValue(isValidUtf8(known))),
    'unicode/utf8.RuneLen': (_, [value]) => {
      const rune = count(value);
      if (rune === undefined) return UNKNOWN;
      const isValid = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff);
      return intValue(isValid ? runeText(rune).length : -1);
    },
    'math.Floor': onDouble(Math.floor),
    'math.Ceil': onDouble(Math.ceil),
    'math.Trunc': onDouble(Math.trunc),
    'math.Abs': onDouble(Math.abs),
    'math.Sqrt': onDouble(Math.sqrt),
    'math.Max': onDouble(Math.max),
    'math.Min': onDouble(Math.min),
    'math/bits.OnesCount': onBits(64, ones),
    'math/bits.OnesCount8': onBits(8, ones),
    'math/bits.OnesCount32': onBits(32, ones),
    'math/bits.OnesCount64': onBits(64, ones),
    'math/bits.Len': onBits(64, size),
    'math/bits.Len8': onBits(8, size),
    'math/bits.Len32': onBits(32, size),
    'math/bits.Len64': onBits(64, size),
    'math/bits.TrailingZeros': onBits(64, trailing),
    'math/bits.TrailingZeros32': onBits(32, trailing),
    'math/bits.TrailingZeros64': onBits(64, trailing),
    'math/bits.RotateLeft': rotate(64),
    'math/bits.RotateLeft8': rotate(8),
    'math/bits.RotateLeft16': rotate(16),
    'math/bits.RotateLeft32': rotate(32),
    'math/bits.RotateLeft64': rotate(64),
    'hash/crc32.ChecksumIEEE': checksum(crc32),
    'hash/adler32.Checksum': checksum(adler32),
    'crypto/md5.Sum': digest('md5', named('md5')),
    'crypto/sha1.Sum': digest('sha1', named('sha1')),
    'crypto/sha256.Sum256': digest('sha256', sha256),
    'crypto/sha512.Sum512': digest('sha512', named('sha512')),
  },
  values: {
    'math.MaxInt8': constant(127),
    'math.MaxInt16': constant(32767),
    'math.MaxInt32': constant(2147483647),
    'math.MinInt32': constant(-2147483648),
    'math.MaxUint8': constant(255),
    'math.MaxUint16': constant(65535),
    'math.MaxUint32': constant(4294967295),
    'math.MaxInt64': constant(9223372036854775807n),
    'math.MaxInt': constant(9223372036854775807n),
    'math.MinInt64': constant(-9223372036854775808n),
    'math.MaxUint64': constant(18446744073709551615n),
    'unicode/utf8.RuneError': constant(0xfffd),
    'unicode/utf8.UTFMax': constant(4),
    'unicode/utf8.MaxRune': constant(0x10ffff),
    'unicode/utf8.RuneSelf': constant(0x80),
    'unicode.MaxRune': constant(0x10ffff),
    'os.PathSeparator': constant(47),
    'path/filepath.Separator': constant(47),
  },
};
