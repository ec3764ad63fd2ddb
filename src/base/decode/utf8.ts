const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loose = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. Lone surrogates become U+FFFD, as everywhere on the web. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decodes UTF-8; undefined when the bytes are not valid UTF-8. A byte-order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined; // The only error of a fatal decoder is the answer itself.
  }
}

/** Decodes UTF-8 with U+FFFD for what is none: for comparing with what is known to be text. */
export function decodeLoosely(bytes: Uint8Array): string {
  return loose.decode(bytes);
}

/** Bytes as a text of one UTF-16 unit a byte: sorts, compares and hashes like the bytes. */
export function toByteString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const ASCII = /^[\0-\x7f]*$/;

/** Decodes a byte string as UTF-8; undefined when its bytes are not valid UTF-8. */
export function decodeByteString(text: string): string | undefined {
  return ASCII.test(text) ? text : decodeUtf8(fromByteString(text));
}

/** The inverse of {@link toByteString}. */
export function fromByteString(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** The same text in memory of its own: a slice of a long text keeps all of it alive. */
export function copyText(text: string): string {
  return text.isWellFormed() ? strict.decode(encoder.encode(text)) : text;
}
