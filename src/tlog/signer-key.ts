import { concatBytes, decodeBase64, encodeBase64, publicKeyOf, signEd25519 } from '#base';
import { TlogError } from './errors.ts';
import {
  ED25519,
  formatKeyHash,
  formatVerifierKey,
  isKeyName,
  keyHashOf,
  splitKey,
} from './verifier-key.ts';

/** A secret key that signs notes. */
export interface SignerKey {
  readonly name: string;
  readonly hash: number;
  /** The text of the public key. */
  readonly verifier: string;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const PREFIX = 'PRIVATE+KEY+';

/** A signer whose secret somebody else keeps. */
export function signerKeyOf(
  name: string,
  { publicKey, sign }: { readonly publicKey: Uint8Array; readonly sign: SignerKey['sign'] },
): SignerKey {
  const hash = keyHashOf(name, concatBytes(Uint8Array.of(ED25519), publicKey));
  return { name, hash, verifier: formatVerifierKey(name, publicKey), sign };
}

/** A signer for a 32-byte Ed25519 seed. */
export function createSignerKey(name: string, seed: Uint8Array): SignerKey {
  const sign = (message: Uint8Array) => signEd25519(message, seed);
  return signerKeyOf(name, { publicKey: publicKeyOf(seed), sign });
}

/** The text of a signer key: `PRIVATE+KEY+name+hash+base64`. The hash is the public key's. */
export function formatSignerKey(name: string, seed: Uint8Array): string {
  const { hash } = createSignerKey(name, seed);
  return `${PREFIX}${name}+${formatKeyHash(hash)}+${encodeBase64(concatBytes(Uint8Array.of(ED25519), seed))}`;
}

/**
 * Parses a signer key. No message repeats any of it.
 *
 * @throws TlogError `MALFORMED_KEY`, `KEY_HASH` or `KEY_ALGORITHM`.
 */
export function parseSignerKey(text: string): SignerKey {
  const [name, hex, base64] = splitKey(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '');
  const encoded = decodeBase64(base64);
  if (!isKeyName(name) || !/^[0-9a-fA-F]{8}$/.test(hex) || !encoded || encoded.length === 0) {
    throw new TlogError(
      'MALFORMED_KEY',
      'Cannot read the signer key: the form is PRIVATE+KEY+name+hash+base64',
    );
  }
  if (encoded[0] !== ED25519) {
    throw new TlogError('KEY_ALGORITHM', `Cannot use the signer key of ${name}: it is not Ed25519`);
  }
  if (encoded.length !== 33) {
    throw new TlogError(
      'MALFORMED_KEY',
      `Cannot use the signer key of ${name}: it is not 32 bytes`,
    );
  }
  const signer = createSignerKey(name, encoded.subarray(1));
  if (formatKeyHash(signer.hash) !== hex.toLowerCase()) {
    throw new TlogError('KEY_HASH', `Cannot use the signer key of ${name}: its hash is another's`);
  }
  return signer;
}
