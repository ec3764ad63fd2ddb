import { encodeUtf8, fromByteString, sha256Base64, sha256Hex, toByteString } from '#base';

/** One file of a hash: its name as a byte string and the SHA-256 of its content in hex. */
export interface HashedFile {
  readonly rawName: string;
  readonly sha256: string;
}

// A text of all names can be longer than a text may be.
const PIECE = 16 * 1024 * 1024;

function* summaryOf(files: readonly HashedFile[]): Generator<Uint8Array> {
  let piece = '';
  for (const { sha256, rawName } of files) {
    piece += `${sha256}  ${rawName}\n`;
    if (piece.length < PIECE) continue;
    yield fromByteString(piece);
    piece = '';
  }
  yield fromByteString(piece);
}

/**
 * Go's dirhash.Hash1: SHA-256 over the sorted lines `<hex>  <name>\n`.
 *
 * Undefined when a name holds a line feed, which Go refuses.
 */
export function hash1(files: readonly HashedFile[]): string | undefined {
  if (files.some((file) => file.rawName.includes('\n'))) return undefined;
  // A byte string sorts by UTF-16 units, which here are its bytes.
  const sorted = [...files].sort((a, b) =>
    a.rawName < b.rawName ? -1 : a.rawName > b.rawName ? 1 : 0,
  );
  return `h1:${sha256Base64(summaryOf(sorted))}`;
}

/** The `/go.mod` hash of a go.sum: Hash1 over the one file `go.mod`. */
export function goModHash(content: Uint8Array): string {
  const line = `${sha256Hex(content)}  go.mod\n`;
  return `h1:${sha256Base64([fromByteString(line)])}`;
}

/**
 * Go's dirhash.HashDir of files by their paths below the folder: the h1 of an extracted module, where
 * `prefix` is `path@version`. Undefined when a name holds a line feed.
 */
export function hashDirectory(
  prefix: string,
  files: readonly { readonly path: string; readonly content: Uint8Array }[],
): string | undefined {
  return hash1(
    files.map(({ path, content }) => ({
      rawName: toByteString(encodeUtf8(`${prefix}/${path}`)),
      sha256: sha256Hex(content),
    })),
  );
}
