import { createHash, hash } from 'node:crypto';

/** SHA-256 (FIPS 180-4): 32 bytes. node:crypto: ten times as fast as any JavaScript. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  // In one call: a hash object costs more than to hash a node of a tree.
  if (only !== undefined && parts.length === 1)
    return new Uint8Array(hash('sha256', only, 'buffer'));
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-256, in standard base64, over the parts one after the other. */
export function sha256Base64(parts: Iterable<Uint8Array>): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('base64');
}

/** A SHA-256 over parts that come one after the other. */
export interface Sha256Stream {
  update(part: Uint8Array): void;
  /** In lower-case hex; nothing can follow. */
  hex(): string;
}

/** An empty {@link Sha256Stream}. */
export function createSha256(): Sha256Stream {
  const digest = createHash('sha256');
  return { update: (part) => void digest.update(part), hex: () => digest.digest('hex') };
}
