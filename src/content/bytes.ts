/** True where the text, as Latin-1, stands at an offset. */
export function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** True where these bytes stand at an offset. */
export function hasBytes(bytes: Uint8Array, offset: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => bytes[offset + i] === byte);
}

/** Two bytes, the low one first; zero beyond the end. */
export function little16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** Four bytes, the lowest first; zero beyond the end. */
export function little32(bytes: Uint8Array, at: number): number {
  return little16(bytes, at) + little16(bytes, at + 2) * 0x10000;
}

/** Eight bytes, the lowest first, as far as a number is exact. */
export function little64(bytes: Uint8Array, at: number): number {
  return little32(bytes, at) + little32(bytes, at + 4) * 0x100000000;
}

/** Two bytes, the high one first; zero beyond the end. */
export function at16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Four bytes, the highest first; zero beyond the end. */
export function at32(bytes: Uint8Array, at: number): number {
  return at16(bytes, at) * 0x10000 + at16(bytes, at + 2);
}

/** Bytes as Latin-1, for names of which no encoding is known. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
