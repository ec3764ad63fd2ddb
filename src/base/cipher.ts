import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Ciphers that suspects hide texts with; none is used for anything of ours. */
export type CipherName =
  | `aes-${128 | 192 | 256}-${'cbc' | 'ctr' | 'cfb' | 'ofb' | 'ecb' | 'gcm'}`
  | 'des-ede3-cbc'
  | 'chacha20';

/** What a cipher is run with. */
export interface CipherRun {
  readonly name: CipherName;
  readonly key: Uint8Array;
  /** Empty where the mode has none. */
  readonly iv: Uint8Array;
}

/** Decrypts without padding; undefined where key, vector or length do not fit. */
export function decipher({ name, key, iv }: CipherRun, data: Uint8Array): Uint8Array | undefined {
  try {
    const run = createDecipheriv(name, key, iv.length === 0 ? null : iv).setAutoPadding(false);
    return new Uint8Array([...run.update(data), ...run.final()]);
  } catch {
    return undefined;
  }
}

/** Encrypts without padding. */
export function encipher({ name, key, iv }: CipherRun, data: Uint8Array): Uint8Array | undefined {
  try {
    const run = createCipheriv(name, key, iv.length === 0 ? null : iv).setAutoPadding(false);
    return new Uint8Array([...run.update(data), ...run.final()]);
  } catch {
    return undefined;
  }
}

/** Opens what AES-GCM sealed, with the tag behind it; undefined where it was not sealed so. */
export function openGcm(
  { key, iv }: Omit<CipherRun, 'name'>,
  sealed: Uint8Array,
  additional: Uint8Array,
): Uint8Array | undefined {
  const TAG = 16;
  if (sealed.length < TAG) return undefined;
  try {
    const name = `aes-${key.length * 8}-gcm` as 'aes-256-gcm';
    const run = createDecipheriv(name, key, iv, { authTagLength: TAG });
    run.setAAD(additional);
    run.setAuthTag(sealed.subarray(sealed.length - TAG));
    const head = run.update(sealed.subarray(0, sealed.length - TAG));
    return new Uint8Array([...head, ...run.final()]);
  } catch {
    return undefined;
  }
}
