import { keccak_256 } from '@noble/hashes/sha3.js';

/** Keccak-256 as Ethereum has it: the padding of the contest, not that of FIPS 202. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}
