import { createPublicKey, verify } from 'node:crypto';
import * as ed25519 from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { encodeBase64 } from './decode/base64.ts';

ed25519.hashes.sha512 = sha512;

/** A new secret key: 32 bytes from the system's random source. */
export function createSecretKey(): Uint8Array {
  return ed25519.utils.randomSecretKey();
}

/** The 32-byte public key of a 32-byte secret key (RFC 8032 section 5.1.5). */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(secretKey);
}

/** A pure Ed25519 signature, 64 bytes (RFC 8032 section 5.1.6). */
export function signEd25519(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return ed25519.sign(message, secretKey);
}

/**
 * Checks a signature strictly: canonical encodings only, no small-order keys
 * (RFC 8032 and SBS, not ZIP 215), so that a seal has one set of signers.
 */
export function checkEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // The library throws for points that are not on the curve.
  }
}

const BASE64_URL: Readonly<Record<string, string>> = { '+': '-', '/': '_' };

/**
 * A check of signatures by one 32-byte key that accepts exactly what Go's crypto/ed25519 accepts:
 * OpenSSL's, which does not refuse keys of small order as {@link checkEd25519} does.
 */
export function createGoEd25519Check(
  publicKey: Uint8Array,
): (signature: Uint8Array, message: Uint8Array) => boolean {
  const x = encodeBase64(publicKey).replace(/[+/=]/g, (char) => BASE64_URL[char] ?? '');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return (signature, message) => signature.length === 64 && verify(null, message, key, signature);
}
