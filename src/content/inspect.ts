import { decodeUtf8 } from '#base';
import { hasText } from './bytes.ts';
import { type Inside, listInside, type UnpackBudgets } from './container/inside.ts';
import { formatOf } from './format.ts';
import type { Format } from './format-class.ts';
import { type Generated, generatedOf } from './generated.ts';
import { classifyFile, type FileKind } from './kind.ts';
import { programWithin } from './program.ts';
import { brokenPromise } from './promise.ts';
import { type Entropy, highestEntropy, shapeOf, type TextShape } from './shape.ts';
import { binaryBehind, trailingOffset, zipBehind, zipEnd } from './trailing.ts';

/** What follows the end of a picture, a program or a text. */
export interface Trailing {
  readonly offset: number;
  readonly size: number;
  readonly format: string;
}

/** How content was made hard to read: for size, for transport, or so that nothing shows. */
export type Packing = 'minified' | 'encoded' | 'packed' | 'random';

/** What a file is by its content, and what stands out in it; what does not stand out is absent. */
export interface FileContent {
  readonly kind: FileKind;
  /** Such as `elf`, `zip`, `png`, `bash`, `pem-private-key`; `text` and `data` where nothing more is known. */
  readonly format: string;
  /** What the extension promises, where the content is another thing. */
  readonly promises?: string;
  /** What an archive, a database or a compound file holds. */
  readonly inside?: Inside;
  readonly trailing?: Trailing;
  /** Of content that is no text: its least predictable window. */
  readonly entropy?: Entropy;
  readonly packing?: Packing;
  /** Of a text: a line of more than 500 characters. */
  readonly longestLine?: NonNullable<TextShape['longestLine']>;
  /** Of a text: 120 blanks and more, with something behind them. */
  readonly blankRun?: NonNullable<TextShape['blankRun']>;
  /** Of a text: 60 empty lines and more, with something behind them. */
  readonly emptyLines?: NonNullable<TextShape['emptyLines']>;
  readonly generated?: Generated;
}

const LONG_LINE = 500;
/** Characters a line, on average, that nobody writes. */
const DENSE_LINES = 250;
/** Letters of an encoding in one piece. */
const ENCODED = /[A-Za-z0-9+/_-]{1000}|(?:[0-9a-fA-F]{2}){500}/;
/** Bits a byte that only packing or encryption come to. */
const RANDOM = 7.8;
const SMALLEST_PACKED = 1024;

function packingOfText(text: string, shape: TextShape): Packing | undefined {
  const longest = shape.longestLine?.length ?? 0;
  if (longest < LONG_LINE) return undefined;
  if (longest >= 1000 && ENCODED.test(text)) return 'encoded';
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > DENSE_LINES ? 'minified' : undefined;
}

/** UPX leaves its name near the start. */
function hasPackerName(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(bytes.length, 65_536); at++)
    if (bytes[at] === 0x55 && hasText(bytes, at, 'UPX!')) return true;
  return false;
}

function packingOfBytes(bytes: Uint8Array, { format, kind }: Format, entropy: Entropy | null) {
  const bits = entropy?.bits ?? 0;
  if (kind === 'executable') return hasPackerName(bytes) || bits > RANDOM ? 'packed' : undefined;
  const isRandom = format === 'data' && bytes.length >= SMALLEST_PACKED && bits > RANDOM;
  return isRandom ? 'random' : undefined;
}

function textFacts(text: string, isGo: boolean): Partial<FileContent> {
  const shape = shapeOf(text);
  const { longestLine, blankRun, emptyLines } = shape;
  const packing = packingOfText(text, shape);
  const generated = isGo ? generatedOf(text) : undefined;
  return {
    ...(packing === undefined ? {} : { packing }),
    ...(longestLine === null || longestLine.length <= LONG_LINE ? {} : { longestLine }),
    ...(blankRun === null ? {} : { blankRun }),
    ...(emptyLines === null ? {} : { emptyLines }),
    ...(generated === undefined ? {} : { generated }),
  };
}

/** Archives that say what they hold; what stands behind their members is no part of them. */
const LISTED = new Set(['zip', 'tar', 'ar', '7z', 'sqlite', 'ole']);

/** Where what a file carries starts: what is known to stand behind its end, or a program anywhere in it. */
function carriedIn(
  bytes: Uint8Array,
  { format, kind }: Format,
  behind: number | undefined,
): number | undefined {
  const isKnown = behind !== undefined && formatOf(bytes.subarray(behind)).format !== 'data';
  if (isKnown || kind === 'executable') return behind;
  const from = LISTED.has(format) ? zipEnd(bytes) : (behind ?? 1);
  return (from === undefined ? undefined : programWithin(bytes, from)) ?? behind;
}

function binaryFacts(
  path: string,
  bytes: Uint8Array,
  found: Format,
  budgets: UnpackBudgets,
): Partial<FileContent> {
  const { format } = found;
  const entropy = highestEntropy(bytes);
  const packing = packingOfBytes(bytes, found, entropy);
  const inside = listInside({ path, bytes, format }, budgets);
  const behind =
    trailingOffset(bytes, format) ??
    (inside === undefined ? zipBehind(bytes) : undefined) ??
    (found.kind === 'text' || found.kind === 'script' ? binaryBehind(bytes) : undefined);
  const end = carriedIn(bytes, found, behind);
  const rest = end === undefined ? undefined : bytes.subarray(end);
  return {
    ...(entropy === null ? {} : { entropy }),
    ...(packing === undefined ? {} : { packing }),
    ...(inside === undefined ? {} : { inside }),
    ...(end === undefined || rest === undefined
      ? {}
      : { trailing: { offset: end, size: rest.length, format: formatOf(rest).format } }),
  };
}

/** Looks at a file of the module: what it is by name and content, and what stands out. */
export function inspectFile(path: string, bytes: Uint8Array, budgets: UnpackBudgets): FileContent {
  const found = formatOf(bytes);
  const kind = classifyFile(path, found);
  const promises = bytes.length === 0 ? undefined : brokenPromise(path, found);
  const isText = found.kind === 'text' || found.kind === 'script' || found.format === 'svg';
  const text = isText ? decodeUtf8(bytes) : undefined;
  return {
    kind,
    format: found.format,
    ...(promises === undefined ? {} : { promises }),
    ...(text === undefined
      ? binaryFacts(path, bytes, found, budgets)
      : textFacts(text, kind === 'go' || kind === 'test')),
  };
}
