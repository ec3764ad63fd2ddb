import { at32, hasBytes, hasText, little16, little32 } from './bytes.ts';
import type { Format, FormatClass } from './format-class.ts';
import { textFormat } from './text-format.ts';

/** One signature: what stands where. */
interface Signature {
  readonly format: string;
  readonly kind: FormatClass;
  readonly offset: number;
  /** As Latin-1. */
  readonly magic: string;
  /** What else must hold. */
  readonly check?: (bytes: Uint8Array) => boolean;
}

const sign = (
  kind: FormatClass,
  format: string,
  magic: string,
  more: { readonly offset?: number; readonly check?: Signature['check'] } = {},
): Signature => ({
  kind,
  format,
  magic,
  offset: more.offset ?? 0,
  ...(more.check === undefined ? {} : { check: more.check }),
});

/** A PE header stands where the DOS header says. */
function isPe(bytes: Uint8Array): boolean {
  return hasText(bytes, little32(bytes, 0x3c), 'PE\0\0');
}

/** A DOS header whose sizes fit the file; two letters alone are too little. */
function isDos(bytes: Uint8Array): boolean {
  const pages = little16(bytes, 4);
  return bytes.length >= 28 && pages > 0 && (pages - 1) * 512 <= bytes.length && bytes.includes(0);
}

/** The number that follows is how many programs it holds; a Java class has its version there. */
const isUniversal = (bytes: Uint8Array): boolean => at32(bytes, 4) < 43;

/** An object file for a machine that Go knows, with sections and no optional header. */
function isCoff(bytes: Uint8Array): boolean {
  const sections = little16(bytes, 2);
  const symbols = little32(bytes, 8);
  return (
    [0x14c, 0x1c4, 0x8664, 0xaa64].includes(little16(bytes, 0)) &&
    sections > 0 &&
    sections < 100 &&
    little16(bytes, 16) === 0 &&
    symbols >= 20 + sections * 40 &&
    symbols < bytes.length
  );
}

/** The sum over the header, with its own field as blanks, as tar writes it. */
function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < 512 || bytes[0] === 0) return false;
  const field = String.fromCharCode(...bytes.subarray(148, 156));
  const [, digits] = /^[ 0]*([0-7]{1,7})[ \0]/.exec(field) ?? [];
  if (digits === undefined) return false;
  let sum = 256;
  for (const [i, byte] of bytes.subarray(0, 512).entries()) if (i < 148 || i >= 156) sum += byte;
  return sum === Number(`0o${digits}`);
}

/** LZMA alone has no magic: its properties, a power of two as dictionary, and a size that can be. */
function isLzma(bytes: Uint8Array): boolean {
  const dictionary = little32(bytes, 1);
  const high = little32(bytes, 9);
  const isPower = dictionary >= 4096 && (dictionary & (dictionary - 1)) === 0;
  return bytes.length > 13 && isPower && (high === 0 || high === 0xffffffff) && bytes[13] === 0;
}

const isBitmap = (bytes: Uint8Array): boolean =>
  little32(bytes, 10) < 4096 && [12, 40, 52, 56, 64, 108, 124].includes(little32(bytes, 14));
const isIcon = (bytes: Uint8Array): boolean =>
  little16(bytes, 4) > 0 && little16(bytes, 4) < 100 && bytes[9] === 0 && bytes.length > 22;
const isRar = (bytes: Uint8Array): boolean => bytes[6] === 0 || bytes[6] === 1;
const isLevel = (bytes: Uint8Array): boolean => (bytes[3] ?? 0) >= 0x31 && (bytes[3] ?? 0) <= 0x39;
/** A sequence that holds a sequence, with lengths that fit. */
function isCertificate(bytes: Uint8Array): boolean {
  const inner = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  return (
    hasBytes(bytes, 4, [0x30, 0x82]) &&
    inner + 4 === bytes.length &&
    hasBytes(bytes, 8, [0xa0, 0x03, 0x02, 0x01])
  );
}
/** PKCS#8 and PKCS#1: a version, then an algorithm or a number. */
function isPrivateKey(bytes: Uint8Array): boolean {
  const inner = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  return (
    inner + 4 === bytes.length &&
    hasBytes(bytes, 4, [0x02, 0x01, 0x00]) &&
    (bytes[7] === 0x30 || bytes[7] === 0x02)
  );
}
const isMp3 = (bytes: Uint8Array): boolean =>
  ((bytes[1] ?? 0) & 0xe6) === 0xe2 && (bytes[2] ?? 0) >> 4 < 15 && bytes.length > 400;

/** What formats begin with; the first that holds decides. */
const SIGNATURES: readonly Signature[] = [
  sign('executable', 'elf', '\x7fELF'),
  sign('executable', 'pe', 'MZ', { check: isPe }),
  sign('executable', 'dos', 'MZ', { check: isDos }),
  sign('executable', 'mach-o', '\xfe\xed\xfa\xce'),
  sign('executable', 'mach-o', '\xfe\xed\xfa\xcf'),
  sign('executable', 'mach-o', '\xce\xfa\xed\xfe'),
  sign('executable', 'mach-o', '\xcf\xfa\xed\xfe'),
  sign('executable', 'mach-o', '\xca\xfe\xba\xbe', { check: isUniversal }),
  sign('executable', 'mach-o', '\xca\xfe\xba\xbf'),
  sign('executable', 'java-class', '\xca\xfe\xba\xbe'),
  sign('executable', 'wasm', '\0asm'),
  sign('executable', 'dex', 'dex\n0'),
  sign('executable', 'llvm-bitcode', 'BC\xc0\xde'),
  sign('executable', 'lua-bytecode', '\x1bLua'),
  sign('executable', 'windows-shortcut', 'L\0\0\0\x01\x14\x02\0'),
  sign('executable', 'coff', '', { check: isCoff }),
  sign('archive', 'zip', 'PK\x03\x04'),
  sign('archive', 'zip', 'PK\x05\x06'),
  sign('archive', 'zip', 'PK\x07\x08'),
  sign('archive', 'gzip', '\x1f\x8b'),
  sign('archive', 'xz', '\xfd7zXZ\0'),
  sign('archive', 'zstd', '\x28\xb5\x2f\xfd'),
  ...'PQRSTUVWXYZ[\\]^_'.split('').map((one) => sign('archive', 'zstd', `${one}*M\x18`)),
  sign('archive', '7z', "7z\xbc\xaf'\x1c"),
  sign('archive', 'bzip2', 'BZh', { check: isLevel }),
  sign('archive', 'rar', 'Rar!\x1a\x07', { check: isRar }),
  sign('archive', 'tar', 'ustar', { offset: 257 }),
  sign('archive', 'tar', '', { check: isTar }),
  sign('archive', 'ar', '!<arch>\n'),
  sign('archive', 'ar', '!<thin>\n'),
  sign('archive', 'cpio', '070701'),
  sign('archive', 'cpio', '070702'),
  sign('archive', 'cpio', '070707'),
  sign('archive', 'cpio', '\xc7\x71'),
  sign('archive', 'cpio', '\x71\xc7'),
  sign('archive', 'cab', 'MSCF\0\0\0\0'),
  sign('archive', 'cab', 'ISc('),
  sign('archive', 'lz4', '\x04\x22\x4d\x18'),
  sign('archive', 'lz4', '\x02\x21\x4c\x18'),
  sign('archive', 'lzip', 'LZIP\x01'),
  sign('archive', 'lzop', '\x89LZO\0\r\n\x1a\n'),
  sign('archive', 'lzma', '\x5d\0\0', { check: isLzma }),
  sign('archive', 'compress', '\x1f\x9d'),
  sign('archive', 'pack', '\x1f\x1e'),
  sign('archive', 'arj', '\x60\xea', { check: (bytes) => hasBytes(bytes, 10, [2]) }),
  sign('archive', 'lha', '-lh', { offset: 2, check: (bytes) => hasText(bytes, 6, '-') }),
  sign('archive', 'xar', 'xar!'),
  sign('archive', 'rpm', '\xed\xab\xee\xdb'),
  sign('archive', 'squashfs', 'hsqs'),
  sign('archive', 'squashfs', 'sqsh'),
  sign('archive', 'iso9660', 'CD001', { offset: 32_769 }),
  sign('archive', 'snappy', '\xff\x06\0\0sNaPpY'),
  sign('database', 'sqlite', 'SQLite format 3\0'),
  sign('document', 'ole', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  sign('document', 'pdf', '%PDF-'),
  sign('document', 'rtf', '{\\rtf'),
  sign('document', 'postscript', '%!PS'),
  sign('image', 'png', '\x89PNG\r\n\x1a\n'),
  sign('image', 'jpeg', '\xff\xd8\xff'),
  sign('image', 'gif', 'GIF87a'),
  sign('image', 'gif', 'GIF89a'),
  sign('image', 'webp', 'RIFF', { check: (bytes) => hasText(bytes, 8, 'WEBP') }),
  sign('image', 'bmp', 'BM', { check: isBitmap }),
  sign('image', 'tiff', 'II*\0'),
  sign('image', 'tiff', 'MM\0*'),
  sign('image', 'ico', '\0\0\x01\0', { check: isIcon }),
  sign('image', 'psd', '8BPS'),
  sign('media', 'riff', 'RIFF'),
  sign('media', 'ogg', 'OggS'),
  sign('media', 'flac', 'fLaC'),
  sign('media', 'mp3', 'ID3'),
  sign('media', 'mp4', 'ftyp', { offset: 4 }),
  sign('media', 'matroska', '\x1aE\xdf\xa3'),
  sign('font', 'truetype', '\0\x01\0\0\0', { check: (bytes) => (bytes[5] ?? 0) > 3 }),
  sign('font', 'truetype', 'true\0'),
  sign('font', 'truetype', 'ttcf\0'),
  sign('font', 'opentype', 'OTTO\0'),
  sign('font', 'woff', 'wOFF'),
  sign('font', 'woff', 'wOF2'),
  sign('key', 'java-keystore', '\xfe\xed\xfe\xed\0\0\0'),
  sign('certificate', 'der-certificate', '0\x82', { check: isCertificate }),
  sign('key', 'der-private-key', '0\x82', { check: isPrivateKey }),
  sign('media', 'mp3', '\xff', { check: isMp3 }),
];

const CLASSES = new Map(SIGNATURES.map(({ format, kind }) => [format, kind]));

/** By the first byte; those without magic at the start are tried everywhere. */
const BY_FIRST = new Map<number, Signature[]>();
const ANYWHERE: Signature[] = [];
for (const one of SIGNATURES) {
  if (one.offset !== 0 || one.magic === '') {
    ANYWHERE.push(one);
    continue;
  }
  const first = one.magic.charCodeAt(0);
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), one]);
}

const holds = (bytes: Uint8Array, { offset, magic, check }: Signature): boolean =>
  hasText(bytes, offset, magic) && (check === undefined || check(bytes));

/** What the bytes are by a signature; undefined where they begin with none. */
export function binaryFormat(bytes: Uint8Array): string | undefined {
  const first = BY_FIRST.get(bytes[0] ?? -1)?.find((one) => holds(bytes, one));
  return (first ?? ANYWHERE.find((one) => holds(bytes, one)))?.format;
}

/** Recognises content: by signatures first, then as text. */
export function formatOf(bytes: Uint8Array): Format {
  const format = binaryFormat(bytes);
  if (format !== undefined) return { format, kind: CLASSES.get(format) ?? 'binary' };
  return textFormat(bytes) ?? { format: 'data', kind: 'binary' };
}
