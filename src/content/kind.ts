import { baseName, decodeUtf8, extensionOf } from '#base';

/** What a file is: by what the go command does with its name, then by its content. */
export type FileKind =
  | 'go'
  | 'test'
  | 'assembly'
  | 'c'
  | 'header'
  | 'syso'
  | 'go.mod'
  | 'go.sum'
  | 'executable'
  | 'archive'
  | 'image'
  | 'script'
  | 'binary'
  | 'text';

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  '.go': 'go',
  '.s': 'assembly',
  '.S': 'assembly',
  '.c': 'c',
  '.cc': 'c',
  '.cpp': 'c',
  '.cxx': 'c',
  '.m': 'c',
  '.mm': 'c',
  '.f': 'c',
  '.swig': 'c',
  '.h': 'header',
  '.hh': 'header',
  '.hpp': 'header',
  '.hxx': 'header',
  '.syso': 'syso',
};

const SIGNATURES: readonly (readonly [FileKind, readonly number[], number])[] = [
  ['executable', [0x7f, 0x45, 0x4c, 0x46], 0], // ELF
  ['executable', [0x4d, 0x5a], 0], // PE
  ['executable', [0xfe, 0xed, 0xfa], 0], // Mach-O
  ['executable', [0xcf, 0xfa, 0xed, 0xfe], 0],
  ['executable', [0xca, 0xfe, 0xba, 0xbe], 0], // Mach-O universal, Java class
  ['executable', [0x00, 0x61, 0x73, 0x6d], 0], // WebAssembly
  ['archive', [0x50, 0x4b, 0x03, 0x04], 0],
  ['archive', [0x1f, 0x8b], 0],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 0],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd], 0],
  ['archive', [0x37, 0x7a, 0xbc, 0xaf], 0],
  ['archive', [0x42, 0x5a, 0x68], 0],
  ['archive', [0x75, 0x73, 0x74, 0x61, 0x72], 257], // tar
  ['image', [0x89, 0x50, 0x4e, 0x47], 0],
  ['image', [0xff, 0xd8, 0xff], 0],
  ['image', [0x47, 0x49, 0x46, 0x38], 0],
];

const HEAD = 8192;

function startsWith(bytes: Uint8Array, signature: readonly number[], at: number): boolean {
  return signature.every((byte, i) => bytes[at + i] === byte);
}

function kindOfContent(bytes: Uint8Array): FileKind {
  if (startsWith(bytes, [0x23, 0x21], 0)) return 'script';
  const known = SIGNATURES.find(([, signature, at]) => startsWith(bytes, signature, at));
  const isText = isPlainText(bytes);
  // Two letters are a weak sign: a text may begin with MZ.
  if (known !== undefined && !(isText && known[1].length < 3)) return known[0];
  return isText ? 'text' : 'binary';
}

function isPlainText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD);
  if (head.includes(0)) return false;
  if (bytes.length <= HEAD) return decodeUtf8(head) !== undefined;
  // The cut may split a rune of up to four bytes.
  return [0, 1, 2, 3].some((cut) => decodeUtf8(head.subarray(0, HEAD - cut)) !== undefined);
}

/** Classifies a file by its path inside the module and its content. */
export function classifyFile(path: string, bytes: Uint8Array): FileKind {
  const name = baseName(path);
  if (name === 'go.mod' || name === 'go.sum') return name;
  if (name.endsWith('_test.go')) return 'test';
  return BY_EXTENSION[extensionOf(name)] ?? kindOfContent(bytes);
}
