/**
 * Small exact tools, no I/O: bytes and hashes, strict decoders, canonical JSON (RFC 8785),
 * printable text, and the host's machine as interfaces.
 *
 * ```ts
 * parseDecimal('12abc'); // undefined: one reading or none
 * printable('\u001b[2J'); // '\\x1b[2J'
 * ```
 *
 * @module
 */

export { withoutCredentials } from './address.ts';
export { type Budget, createBudget } from './budget.ts';
export { compareUtf8, concatBytes, equalBytes } from './bytes.ts';
export { encodeCanonicalJson, formatCanonicalJson } from './canonical-json.ts';
export { type CipherName, type CipherRun, decipher, encipher, openGcm } from './cipher.ts';
export { CodedError } from './coded-error.ts';
export { decodeBase64, encodeBase64, isLooseBase64 } from './decode/base64.ts';
export { decodeBzip2, type Unpacked } from './decode/bzip2.ts';
export { parseDecimal } from './decode/decimal.ts';
export { encodeHex } from './decode/hex.ts';
export { decodeJson, hasHalfCharacter, type Json } from './decode/json.ts';
export { Output } from './decode/output.ts';
export { formatTime } from './decode/time.ts';
export {
  copyText,
  decodeByteString,
  decodeLoosely,
  decodeUtf8,
  encodeUtf8,
  fromByteString,
  toByteString,
} from './decode/utf8.ts';
export {
  decodeYaml,
  encodeYaml,
  type TextFault,
  type TextPosition,
  type YamlReading,
} from './decode/yaml.ts';
export { type DigestName, digestOf } from './digest.ts';
export {
  checkEd25519,
  createGoEd25519Check,
  createSecretKey,
  publicKeyOf,
  signEd25519,
} from './ed25519.ts';
export type { Emit } from './emit.ts';
export { groupBy } from './group-by.ts';
export {
  type AppendFile,
  type Clock,
  type DirectoryEntry,
  type Disk,
  HostError,
  type HostErrorCode,
  JAIL_LEVELS,
  type Jail,
  type JailEnd,
  type JailedProgram,
  type JailLevel,
  type JailLimits,
  type Network,
  type PathKind,
  type RequestLimits,
} from './host.ts';
export { keccak256 } from './keccak.ts';
export { nearestName } from './nearest-name.ts';
export { cutText, printable, printableJson, printableLines } from './printable.ts';
export { createSha256, sha256, sha256Base64, sha256Hex } from './sha256.ts';
export { baseName, cleanPath, directoryOf, extensionOf } from './virtual-path.ts';
