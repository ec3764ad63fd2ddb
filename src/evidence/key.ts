import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  equalBytes,
  publicKeyOf,
  sha256,
  signEd25519,
} from '#base';
import { EvidenceError } from './errors.ts';

// The one DER encoding of an Ed25519 key, up to the key itself (RFC 8410 sections 4 and 7).
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/** Signs with a key that it does not show. */
export interface Signer {
  /** base64 of SHA-256 over the public key's SPKI DER. */
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

function toPem(label: string, der: Uint8Array): Uint8Array {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return encodeUtf8(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
}

function fromPem(label: string, pem: Uint8Array, prefix: Uint8Array): Uint8Array | undefined {
  const text = decodeUtf8(pem)?.replaceAll('\r\n', '\n').trim();
  const body = text?.match(
    new RegExp(`^-----BEGIN ${label}-----\n([A-Za-z0-9+/=\n]+)\n-----END ${label}-----$`),
  )?.[1];
  const der = body === undefined ? undefined : decodeBase64(body.replaceAll('\n', ''));
  const fits =
    der?.length === prefix.length + 32 && equalBytes(der.subarray(0, prefix.length), prefix);
  return fits ? der?.slice(prefix.length) : undefined;
}

/** The key id of a public key: base64 of SHA-256 over its SPKI DER. */
export function keyIdOf(publicKey: Uint8Array): string {
  return encodeBase64(sha256(concatBytes(SPKI, publicKey)));
}

/** A public key as SPKI PEM (RFC 8410). */
export function formatPublicKey(publicKey: Uint8Array): Uint8Array {
  return toPem('PUBLIC KEY', concatBytes(SPKI, publicKey));
}

/** A secret key as PKCS #8 PEM (RFC 8410), as `openssl genpkey -algorithm ed25519` writes it. */
export function formatSecretKey(secretKey: Uint8Array): Uint8Array {
  return toPem('PRIVATE KEY', concatBytes(PKCS8, secretKey));
}

/** Reads a PKCS #8 PEM; undefined for anything but an unencrypted Ed25519 key. */
function readSecretKey(pem: Uint8Array): Uint8Array | undefined {
  return fromPem('PRIVATE KEY', pem, PKCS8);
}

/**
 * Opens a secret key for signing.
 *
 * @throws EvidenceError `KEY` unless it is an unencrypted Ed25519 key in PKCS #8 PEM.
 */
export function openSigner(pem: Uint8Array, source: string): Signer {
  const secretKey = readSecretKey(pem);
  if (secretKey === undefined) {
    const help =
      'it is no unencrypted Ed25519 key in PKCS #8 PEM; make one with openssl genpkey -algorithm ed25519';
    throw new EvidenceError('KEY', `Cannot use the key ${source}: ${help}`);
  }
  const publicKey = publicKeyOf(secretKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (message) => signEd25519(message, secretKey),
  };
}

/**
 * Reads a public key: SPKI PEM, or a secret key's own.
 *
 * @throws EvidenceError `KEY` for anything else.
 */
export function parsePublicKey(pem: Uint8Array, source: string): Uint8Array {
  const secretKey = readSecretKey(pem);
  const publicKey =
    secretKey === undefined ? fromPem('PUBLIC KEY', pem, SPKI) : publicKeyOf(secretKey);
  if (publicKey === undefined) {
    throw new EvidenceError(
      'KEY',
      `Cannot use the key ${source}: it is no Ed25519 public key in SPKI PEM`,
    );
  }
  return publicKey;
}
