import { hash } from 'node:crypto';

/** Digests that suspects compute; our own are SHA-256. */
export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha384' | 'sha512';

/** The digest of some bytes (RFC 1321, FIPS 180-4). */
export function digestOf(name: DigestName, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash(name, bytes, 'buffer'));
}
