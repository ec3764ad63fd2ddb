import { encodeUtf8, fromByteString, sha256Base64, sha256Hex, toByteString } from '#base';

/** One file of a hash: its name as a byte string and the SHA-256 of its content in hex. */
export interface HashedFile {
  readonly rawName: string;
  readonly sha256: string;
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
  const summary = sorted.map((file) => `${file.sha256}  ${file.rawName}\n`).join('');
  return `h1:${sha256Base64(fromByteString(summary))}`;
}

/** The `/go.mod` hash of a go.sum: Hash1 over the one file `go.mod`. */
export function goModHash(content: Uint8Array): string {
  const line = `${sha256Hex(content)}  go.mod\n`;
  return `h1:${sha256Base64(fromByteString(line))}`;
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
