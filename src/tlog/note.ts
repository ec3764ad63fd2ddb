import {
  concatBytes,
  cutText,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  isLooseBase64,
} from '#base';
import { TlogError } from './errors.ts';
import type { SignerKey } from './signer-key.ts';
import { formatKeyHash, isKeyName, type VerifierKey } from './verifier-key.ts';

/** A note whose signatures by known keys all hold. */
export interface Note {
  /** What was signed, its last line feed included. */
  readonly text: string;
  /** The keys that signed; at least one. */
  readonly signers: readonly VerifierKey[];
  /** The signature lines by keys that are not known, as they stand there. */
  readonly unverified: readonly string[];
}

interface SignatureLine {
  readonly name: string;
  readonly hash: number;
  readonly signature: Uint8Array;
  readonly text: string;
}

const MOST_SIGNATURES = 100;
// Go reads any length; nothing that signs notes writes a million bytes.
const LONGEST_NOTE = 1_000_000;

function malformed(reason: string): TlogError {
  return new TlogError('MALFORMED_NOTE', `Cannot read the signed note: ${reason}`);
}

function parseSignature(line: string, number: number): SignatureLine {
  const where = `line ${number}`;
  if (!line.startsWith('— '))
    throw malformed(`${where} is no signature: it does not start with an em dash and a space`);
  const text = line.slice(2);
  const space = text.indexOf(' ');
  const name = space < 0 ? text : text.slice(0, space);
  const base64 = space < 0 ? '' : text.slice(space + 1);
  if (!isKeyName(name)) throw malformed(`${where} has no key name that is allowed`);
  if (isLooseBase64(base64)) {
    throw new TlogError(
      'NOT_CANONICAL',
      `Cannot read the signed note: the base64 of ${where} has stray bits`,
    );
  }
  const bytes = decodeBase64(base64);
  if (bytes === undefined || bytes.length < 5)
    throw malformed(`${where} holds no base64 of a key hash and a signature`);
  const hash = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, hash, signature: bytes.subarray(4), text };
}

function findKey(keys: readonly VerifierKey[], { name, hash }: SignatureLine) {
  const known = keys.filter((key) => key.name === name && key.hash === hash);
  if (known.length > 1) {
    throw new TlogError(
      'AMBIGUOUS_KEY',
      `Two known keys are called ${name}+${formatKeyHash(hash)}`,
    );
  }
  return known[0];
}

/**
 * Opens a signed note (golang.org/x/mod/sumdb/note): the only way to its text. A bad signature by a
 * known key fails it even beside a good one; unknown keys are passed over.
 *
 * @throws TlogError `MALFORMED_NOTE`, `NOT_CANONICAL`, `INVALID_SIGNATURE`, `UNKNOWN_KEYS`,
 *   `AMBIGUOUS_KEY`.
 */
export function openNote(bytes: Uint8Array, keys: readonly VerifierKey[]): Note {
  if (bytes.length > LONGEST_NOTE) throw malformed(`it has ${bytes.length} bytes`);
  const whole = decodeUtf8(bytes);
  if (whole === undefined) throw malformed('it is not UTF-8 text');
  const control = /[^\n -\u{10ffff}]/u.exec(whole);
  if (control !== null) {
    const line = whole.slice(0, control.index).split('\n').length;
    throw malformed(`line ${line} holds a control character`);
  }
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('no blank line stands before the signatures');
  const text = whole.slice(0, split + 1);
  const block = whole.slice(split + 2);
  if (!block.endsWith('\n')) throw malformed('no signature line with a line feed at its end');
  const first = text.split('\n').length + 1;
  return checkSignatures(text, readSignatures(block, first), keys);
}

// The names are the signer's, who is not known: of any length.
const cutName = (name: string) => cutText(name, 100);

/** Line by line, as they are checked: the first fault of either kind decides, as it does for Go. */
function* readSignatures(block: string, first: number): Generator<SignatureLine> {
  for (const [i, line] of block.slice(0, -1).split('\n').entries()) {
    if (i >= MOST_SIGNATURES) throw malformed(`it has more than ${MOST_SIGNATURES} signatures`);
    yield parseSignature(line, first + i);
  }
}

function checkSignatures(
  text: string,
  lines: Iterable<SignatureLine>,
  keys: readonly VerifierKey[],
): Note {
  const message = encodeUtf8(text);
  const signers = new Set<VerifierKey>();
  const unverified = new Set<string>();
  const names = new Set<string>();
  for (const line of lines) {
    names.add(`${line.name}+${formatKeyHash(line.hash)}`);
    const key = findKey(keys, line);
    if (key === undefined) unverified.add(line.text);
    if (key === undefined || signers.has(key)) continue;
    if (!key.check(line.signature, message)) {
      throw new TlogError(
        'INVALID_SIGNATURE',
        `The signature of key ${line.name}+${formatKeyHash(line.hash)} does not fit the note`,
      );
    }
    signers.add(key);
  }
  if (signers.size === 0) {
    throw new TlogError(
      'UNKNOWN_KEYS',
      `No known key signed the note; it is signed by ${[...names].slice(0, 5).map(cutName).join(', ')}`,
    );
  }
  return { text, signers: [...signers], unverified: [...unverified] };
}

/** Signs a text that ends in a line feed; the signatures stand in the order of the signers. */
export function signNote(text: string, signers: readonly SignerKey[]): Uint8Array {
  if (!text.endsWith('\n')) throw malformed('the text does not end in a line feed');
  const message = encodeUtf8(text);
  const lines = signers.map(({ name, hash, sign }) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, hash);
    return `— ${name} ${encodeBase64(concatBytes(bytes, sign(message)))}\n`;
  });
  return concatBytes(message, encodeUtf8(`\n${lines.join('')}`));
}
