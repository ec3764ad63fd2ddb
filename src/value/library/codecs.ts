/*
 * Decoders that give what Go's give: the bytes up to the first fault, and whether there was one. Text
 * has one character for each byte.
 */

/** What was decoded, and whether that was all of it. */
export interface Decoded {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

export const BASE64_STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
export const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
export const BASE32_STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** An alphabet and its padding; no padding is an empty text. */
export interface BaseEncoding {
  readonly alphabet: string;
  readonly padding: string;
  readonly isStrict?: boolean;
}

const whole = (found: number[] | Uint8Array): Decoded => ({
  bytes: found instanceof Uint8Array ? found : Uint8Array.from(found),
  isWhole: true,
});

const cut = (found: readonly number[]): Decoded => ({
  bytes: Uint8Array.from(found),
  isWhole: false,
});

/** encoding/hex. */
export function decodeHex(text: string): Decoded {
  const found: number[] = [];
  for (let i = 0; i + 1 < text.length; i += 2) {
    const pair = text.slice(i, i + 2);
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) return cut(found);
    found.push(Number(`0x${pair}`));
  }
  return text.length % 2 === 0 ? whole(found) : cut(found);
}

export function encodeHexText(text: string): string {
  return Array.from(text, (one) => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** Reads the digits of one group; line ends count for nothing. */
interface Group {
  readonly values: readonly number[];
  readonly next: number;
  /** `bad`: nothing of the group counts; `garbage`: it does, and what is behind it is wrong. */
  readonly fault: 'bad' | 'garbage' | undefined;
}

const BASE64_GROUP = 4;

function skipLineEnds(text: string, at: number): number {
  let next = at;
  while (text[next] === '\n' || text[next] === '\r') next++;
  return next;
}

function readGroup(text: string, start: number, encoding: BaseEncoding): Group {
  const values: number[] = [];
  let at = start;
  while (values.length < BASE64_GROUP) {
    const character = text[at];
    if (character === undefined) return { values, next: at, fault: undefined };
    at++;
    if (character === '\n' || character === '\r') continue;
    const isPadding = encoding.padding !== '' && character === encoding.padding;
    const value = isPadding ? -1 : encoding.alphabet.indexOf(character);
    if (isPadding && values.length >= 2) return readPadding(text, at, [values, encoding]);
    if (value < 0) return { values, next: at, fault: 'bad' };
    values.push(value);
  }
  return { values, next: at, fault: undefined };
}

/** What stands behind the first padding character: another one behind two digits, and then nothing. */
function readPadding(
  text: string,
  start: number,
  [values, encoding]: readonly [readonly number[], BaseEncoding],
): Group {
  let at = start;
  if (values.length === 2) {
    at = skipLineEnds(text, at);
    if (text[at] !== encoding.padding) return { values, next: at, fault: 'bad' };
    at++;
  }
  at = skipLineEnds(text, at);
  return { values, next: text.length, fault: at < text.length ? 'garbage' : undefined };
}

/** encoding/base64. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over groups of digits, as the format says.
export function decodeBase64(text: string, encoding: BaseEncoding): Decoded {
  const found: number[] = [];
  for (let at = 0; at < text.length; ) {
    const { values, next, fault } = readGroup(text, at, encoding);
    if (fault === 'bad') return cut(found);
    const isPadded =
      next === text.length && values.length < BASE64_GROUP && isPaddedEnd(text, encoding);
    at = next;
    const [a = 0, b = 0, c = 0, d = 0] = values;
    if (values.length === 0) return whole(found);
    // Without padding a rest of two or three digits ends the text.
    const isShort =
      values.length < BASE64_GROUP && encoding.padding !== '' && !isPadded && fault === undefined;
    if (values.length === 1 || isShort) return cut(found);
    const loose = values.length === 2 ? b & 0xf : values.length === 3 ? c & 3 : 0;
    if (encoding.isStrict === true && loose !== 0) return cut(found);
    found.push((a << 2) | (b >> 4));
    if (values.length > 2) found.push(((b & 0xf) << 4) | (c >> 2));
    if (values.length > 3) found.push(((c & 3) << 6) | d);
    if (fault === 'garbage') return cut(found);
  }
  return whole(found);
}

/** True where the text ends with padding, line ends apart. */
function isPaddedEnd(text: string, { padding }: BaseEncoding): boolean {
  return padding !== '' && text.replace(/[\r\n]+$/, '').endsWith(padding);
}

export function encodeBase64(text: string, { alphabet, padding }: BaseEncoding): string {
  const parts: string[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => text.charCodeAt(i + k));
    const bits = ((a ?? 0) << 16) | ((b || 0) << 8) | (c || 0);
    const count = Math.min(3, text.length - i) + 1;
    for (let k = 0; k < 4; k++)
      parts.push(k < count ? (alphabet[(bits >> (18 - 6 * k)) & 63] ?? '') : padding);
  }
  return parts.join('');
}

/** Digits that a group of base32 may have, and the bytes that they are. */
const BASE32_BYTES: Readonly<Record<number, number>> = { 2: 1, 4: 2, 5: 3, 7: 4, 8: 5 };

/** encoding/base32; undefined for damaged texts that its releases treat differently. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over groups of digits, as the format says.
export function decodeBase32(text: string, encoding: BaseEncoding): Decoded | undefined {
  const clean = text.replaceAll('\n', '').replaceAll('\r', '');
  const found: number[] = [];
  for (let at = 0; at < clean.length; at += 8) {
    const group = clean.slice(at, at + 8);
    const end = encoding.padding === '' ? -1 : group.indexOf(encoding.padding);
    const digits = end < 0 ? group : group.slice(0, end);
    const values = Array.from(digits, (one) => encoding.alphabet.indexOf(one));
    const count = BASE32_BYTES[values.length];
    const isPadded = end >= 0 && group.length === 8 && /^(.)\1*$/s.test(group.slice(end));
    const isLast = at + 8 >= clean.length;
    const isFull = values.length === 8 || (encoding.padding === '' ? isLast : isPadded && isLast);
    if (count === undefined || values.includes(-1) || !isFull) return undefined;
    let bits = 0n;
    for (const value of values) bits = (bits << 5n) | BigInt(value);
    bits <<= BigInt(5 * (8 - values.length));
    for (let k = 0; k < count; k++) found.push(Number((bits >> BigInt(32 - 8 * k)) & 0xffn));
  }
  return whole(found);
}

export function encodeBase32(text: string, { alphabet, padding }: BaseEncoding): string {
  const parts: string[] = [];
  for (let i = 0; i < text.length; i += 5) {
    let bits = 0n;
    for (let k = 0; k < 5; k++) bits = (bits << 8n) | BigInt(text.charCodeAt(i + k) || 0);
    const count = Math.ceil((Math.min(5, text.length - i) * 8) / 5);
    for (let k = 0; k < 8; k++)
      parts.push(
        k < count ? (alphabet[Number((bits >> BigInt(35 - 5 * k)) & 31n)] ?? '') : padding,
      );
  }
  return parts.join('');
}

/** encoding/ascii85, of a text that is all there. */
export function decodeAscii85(text: string): Decoded {
  const found: number[] = [];
  let value = 0;
  let digits = 0;
  const flush = (count: number) => {
    for (let k = 0; k < count; k++) found.push(Math.floor(value / 256 ** (3 - k)) % 256);
    value = 0;
    digits = 0;
  };
  for (const character of text) {
    if (character <= ' ') continue;
    if (character === 'z' && digits === 0) {
      found.push(0, 0, 0, 0);
      continue;
    }
    if (character < '!' || character > 'u') return cut(found);
    value = (value * 85 + character.charCodeAt(0) - 33) % 4294967296;
    if (++digits === 5) flush(4);
  }
  if (digits === 1) return cut(found);
  const rest = digits;
  for (let k = digits; rest > 0 && k < 5; k++) value = (value * 85 + 84) % 4294967296;
  if (rest > 0) flush(rest - 1);
  return whole(found);
}

export function encodeAscii85(text: string): string {
  const parts: string[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const count = Math.min(4, text.length - i);
    let value = 0;
    for (let k = 0; k < 4; k++) value = value * 256 + (text.charCodeAt(i + k) || 0);
    if (value === 0 && count === 4) {
      parts.push('z');
      continue;
    }
    const digits: string[] = [];
    for (let k = 0; k < 5; k++) {
      digits.unshift(String.fromCharCode(33 + (value % 85)));
      value = Math.floor(value / 85);
    }
    parts.push(digits.slice(0, count + 1).join(''));
  }
  return parts.join('');
}

/** mime/quotedprintable, of a text that is well made; undefined for others. */
export function decodeQuotedPrintable(text: string): Decoded | undefined {
  const found: number[] = [];
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1;
    const body = line.replace(/[ \t\r]+$/, '');
    const isSoft = body.endsWith('=');
    const part = isSoft ? body.slice(0, -1) : body;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about.
    if (/=(?![0-9A-Fa-f]{2})/.test(part) || /[\x00-\x08\x0b-\x1f\x7f]/.test(part)) return undefined;
    const decoded = part.replace(/=([0-9A-Fa-f]{2})/g, (_, pair: string) =>
      String.fromCharCode(Number(`0x${pair}`)),
    );
    for (const one of decoded) found.push(one.charCodeAt(0));
    if (isLast || isSoft) continue;
    if (line.endsWith('\r')) found.push(13);
    found.push(10);
  }
  return whole(found);
}
