import {
  concatBytes,
  createGoEd25519Check,
  decodeBase64,
  encodeBase64,
  encodeUtf8,
  isLooseBase64,
  sha256,
} from '#base';
import { TlogError } from './errors.ts';

/** The algorithm byte of Ed25519, the only one that Go's notes have. */
export const ED25519 = 1;

/** A public key that signs notes (golang.org/x/mod/sumdb/note). */
export interface VerifierKey {
  readonly name: string;
  /** The first four bytes of SHA-256(name LF algorithm key), big endian. */
  readonly hash: number;
  /** The key as it is written: `name+hash+base64`. */
  readonly text: string;
  readonly check: (signature: Uint8Array, message: Uint8Array) => boolean;
}

/** A name that can stand in a signature line: no white space as Go's unicode.IsSpace has it, no plus. */
export function isKeyName(name: string): boolean {
  return (
    name.isWellFormed() &&
    /^[^\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+$/.test(name)
  );
}

/** The hash of a key: `encoded` is the algorithm byte and the key. */
export function keyHashOf(name: string, encoded: Uint8Array): number {
  const digest = sha256(encodeUtf8(`${name}\n`), encoded);
  return new DataView(digest.buffer).getUint32(0);
}

/** Eight hex digits. */
export function formatKeyHash(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}

/** The three parts of a key's text: the base64 may hold plus signs of its own. */
export function splitKey(text: string): readonly [name: string, hash: string, key: string] {
  const first = text.indexOf('+');
  const second = first < 0 ? -1 : text.indexOf('+', first + 1);
  if (second < 0) return ['', '', ''];
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

function malformed(text: string, reason: string): TlogError {
  return new TlogError(
    'MALFORMED_KEY',
    `Cannot read ${JSON.stringify(text.slice(0, 200))} as a verifier key: ${reason}; the form is name+hash+base64`,
  );
}

/**
 * Parses a verifier key.
 *
 * @throws TlogError `MALFORMED_KEY`, `KEY_HASH`, `KEY_ALGORITHM`, or `NOT_CANONICAL` for base64 with
 *   stray bits.
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [name, hex, base64] = splitKey(text);
  if (!isKeyName(name)) throw malformed(text, 'the name is missing or not allowed');
  if (!/^[0-9a-fA-F]{8}$/.test(hex)) throw malformed(text, 'the hash is not eight hex digits');
  if (isLooseBase64(base64)) {
    throw new TlogError(
      'NOT_CANONICAL',
      `Cannot use the verifier key of ${name}: its base64 has stray bits`,
    );
  }
  const encoded = decodeBase64(base64);
  if (encoded === undefined || encoded.length === 0) throw malformed(text, 'the key is not base64');
  const hash = keyHashOf(name, encoded);
  if (hex.toLowerCase() !== formatKeyHash(hash)) {
    throw new TlogError(
      'KEY_HASH',
      `Cannot use the verifier key of ${name}: its hash is ${formatKeyHash(hash)}, and it says ${hex}`,
    );
  }
  if (encoded[0] !== ED25519) {
    throw new TlogError(
      'KEY_ALGORITHM',
      `Cannot use the verifier key of ${name}: algorithm ${encoded[0]} is not Ed25519 (1)`,
    );
  }
  if (encoded.length !== 33)
    throw malformed(text, `the key has ${encoded.length - 1} bytes, not 32`);
  return { name, hash, text, check: createGoEd25519Check(encoded.subarray(1)) };
}

/** The text of a verifier key with this 32-byte Ed25519 public key. */
export function formatVerifierKey(name: string, publicKey: Uint8Array): string {
  const encoded = concatBytes(Uint8Array.of(ED25519), publicKey);
  return `${name}+${formatKeyHash(keyHashOf(name, encoded))}+${encodeBase64(encoded)}`;
}
