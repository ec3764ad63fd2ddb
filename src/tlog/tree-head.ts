import { decodeBase64, encodeBase64, encodeUtf8, isLooseBase64, parseDecimal } from '#base';
import { TlogError } from './errors.ts';
import { type Note, openNote } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The size of a log and the root of its tree. */
export interface TreeHead {
  readonly size: number;
  /** The Merkle tree hash (RFC 6962 section 2.1), 32 bytes. */
  readonly root: Uint8Array;
}

/** A head and the note that vouches for it. */
export interface SignedTreeHead extends TreeHead {
  /** The first line: `go.sum database tree`, or the origin of a C2SP checkpoint. */
  readonly origin: string;
  readonly note: Note;
  readonly bytes: Uint8Array;
}

/** The first line of the heads of Go's checksum databases. */
export const GO_ORIGIN = 'go.sum database tree';

// Stored indexes are twice the size, and have to be exact.
const LARGEST_TREE = 2 ** 52;
const LONGEST_TEXT = 1_000_000;

function malformed(reason: string): TlogError {
  return new TlogError('MALFORMED_TREE', `Cannot read the tree head: ${reason}`);
}

function parseSize(text: string): number {
  const size = parseDecimal(text);
  if (size !== undefined && size <= LARGEST_TREE) return size;
  const fits =
    /^[1-9][0-9]{15,18}$/.test(text) && (text.length < 19 || text <= '9223372036854775807');
  if (!fits) throw malformed('line 2 is no canonical decimal size');
  throw new TlogError('NOT_CANONICAL', `Cannot use a tree head of size ${text}: the most is 2^52`);
}

/**
 * Parses the text of a tree head: origin, size, root, one a line; what follows is signed and ignored.
 * It is both Go's tree text and a C2SP tlog-checkpoint.
 *
 * @throws TlogError `MALFORMED_TREE`, or `NOT_CANONICAL` for a root with stray bits and sizes above 2^52.
 */
export function parseTreeHead(text: string): TreeHead & { readonly origin: string } {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n', 4);
  if (rest.length === 0) throw malformed('it has fewer than three lines');
  if (encodeUtf8(text).length > LONGEST_TEXT) throw malformed('it is longer than a million bytes');
  if (origin === '') throw malformed('line 1 is empty');
  const number = parseSize(size);
  if (isLooseBase64(root))
    throw new TlogError('NOT_CANONICAL', 'Cannot read the tree head: the root has stray bits');
  const bytes = decodeBase64(root);
  if (bytes?.length !== 32) throw malformed('line 3 is no base64 of 32 bytes');
  return { origin, size: number, root: bytes };
}

/** The text of a head, to be signed. */
export function formatTreeHead({ size, root }: TreeHead, origin: string = GO_ORIGIN): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Opens a signed head of one of Go's checksum databases, or of any log where `origin` is null.
 *
 * @throws TlogError what {@link openNote} and {@link parseTreeHead} throw.
 */
export function openTreeHead(
  bytes: Uint8Array,
  keys: readonly VerifierKey[],
  origin: string | null = GO_ORIGIN,
): SignedTreeHead {
  const note = openNote(bytes, keys);
  const head = parseTreeHead(note.text);
  if (origin !== null && head.origin !== origin)
    throw malformed(`line 1 is not ${JSON.stringify(origin)}`);
  return { ...head, note, bytes };
}
