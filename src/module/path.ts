import { decodeByteString, encodeUtf8, toByteString } from '#base';
import { quoteGo, quoteGoRune, quoteGoText } from './quote.ts';
import { isLetter } from './unicode.ts';
import { buildOf, isSemver, majorOf } from './version.ts';

type PathKind = 'module' | 'import' | 'file';

const WINDOWS_NAMES = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
const FILE_PUNCTUATION = new Set('!#$%&()+,-.=@[]^_{}~ ');
const ASCII_ALPHANUMERIC = /^[0-9A-Za-z]$/;

function isAllowed(char: string, kind: PathKind): boolean {
  if (ASCII_ALPHANUMERIC.test(char)) return true;
  if (kind !== 'file') return '-._~'.includes(char) || (kind === 'import' && char === '+');
  return (
    FILE_PUNCTUATION.has(char) ||
    ((char.codePointAt(0) ?? 0) >= 0x80 && isLetter(char.codePointAt(0) ?? 0))
  );
}

/** Go's checkElem: what is wrong with one element of a path. */
export function elementFault(element: string, kind: PathKind): string | undefined {
  if (element === '') return 'empty path element';
  if (/^\.+$/.test(element)) return `invalid path element ${quoteGoText(element)}`;
  if (element.startsWith('.') && kind === 'module') return 'leading dot in path element';
  if (element.endsWith('.')) return 'trailing dot in path element';
  // Nearly every name is of these; the loop is for naming the one that is not.
  const isPlain = /^[0-9A-Za-z._-]*$/.test(element);
  for (const char of isPlain ? '' : element) {
    if (!isAllowed(char, kind)) return `invalid char ${quoteGoRune(char.codePointAt(0) ?? 0)}`;
  }
  const short = element.split('.')[0] ?? '';
  if (WINDOWS_NAMES.test(short)) {
    return `${quoteGoText(short)} disallowed as path element component on Windows`;
  }
  if (kind !== 'file' && /~[0-9]+$/.test(short)) return 'trailing tilde and digits in path element';
  return undefined;
}

// What nearly all paths are made of: letters, digits, dots inside, no names of Windows devices. The rest
// of this file is for naming what is wrong with the others.
const PLAIN =
  /^(?:(?!(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:[./]|$))[0-9a-z_-](?:[0-9a-z._-]*[0-9a-z_-])?(?:\/(?!$)|$))+$/i;

/** True where a plain path breaks no rule that files do not have. */
function isPlainIn(path: string, kind: PathKind): boolean {
  return kind === 'file' || !path.startsWith('-');
}

/** The first fault of a path given as a byte string, in Go's order and words; undefined when it has none. */
function pathFault(byteString: string, kind: PathKind): string | undefined {
  if (PLAIN.test(byteString) && isPlainIn(byteString, kind)) return undefined;
  const path = decodeByteString(byteString);
  if (path === undefined) return 'invalid UTF-8';
  if (path === '') return 'empty string';
  if (path.startsWith('-') && kind !== 'file') return 'leading dash';
  if (path.includes('//')) return 'double slash';
  if (path.endsWith('/')) return 'trailing slash';
  for (const element of path.split('/')) {
    const fault = elementFault(element, kind);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * True for a path that is clean and a file path by its looks alone: what nearly all are. False says
 * nothing.
 */
export function isPlainFilePath(byteString: string): boolean {
  return PLAIN.test(byteString);
}

/** Go's module.CheckFilePath of a byte string: its sentence, or undefined when the path is fine. */
export function filePathFault(byteString: string): string | undefined {
  const fault = pathFault(byteString, 'file');
  return fault && `malformed file path ${quoteGo(byteString)}: ${fault}`;
}

/** Go's module.CheckImportPath of a byte string: its sentence, or undefined when the path is fine. */
export function importPathFault(byteString: string): string | undefined {
  const fault = pathFault(byteString, 'import');
  return fault && `malformed import path ${quoteGo(byteString)}: ${fault}`;
}

function modulePathReason(path: string): string | undefined {
  const fault = pathFault(toByteString(encodeUtf8(path)), 'module');
  if (fault !== undefined) return fault;
  const first = path.split('/')[0] ?? '';
  if (!first.includes('.')) return 'missing dot in first path element';
  const bad = /[^a-z0-9.-]/u.exec(first)?.[0];
  if (bad !== undefined) {
    return `invalid char ${quoteGoRune(bad.codePointAt(0) ?? 0)} in first path element`;
  }
  return splitPathMajor(path) === undefined ? 'invalid version' : undefined;
}

/** Go's module.CheckPath: its sentence, or undefined when the path is fine. */
export function modulePathFault(path: string): string | undefined {
  const fault = modulePathReason(path);
  return fault && `malformed module path ${quoteGoText(path)}: ${fault}`;
}

/**
 * The major-version suffix of a module path with its first character (`/v2`, `.v1`), empty where
 * there is none; undefined where it is malformed (Go's module.SplitPathVersion).
 */
export function splitPathMajor(path: string): string | undefined {
  if (path.startsWith('gopkg.in/')) {
    return /\.v(0|[1-9][0-9]*(-unstable)?)$/.exec(path)?.[0];
  }
  const digits = /[0-9.]*$/.exec(path)?.[0] ?? '';
  const before = path.slice(0, path.length - digits.length);
  if (digits === '' || !before.endsWith('/v')) return '';
  return /^([2-9]|[1-9][0-9]+)$/.test(digits) ? `/v${digits}` : undefined;
}

/** Go's module.CheckPathMajor: what is wrong with the version's major number for this path. */
export function moduleMajorFault(path: string, version: string): string | undefined {
  const suffix = (splitPathMajor(path) ?? '').replace(/-unstable$/, '');
  if (version.startsWith('v0.0.0-') && suffix === '.v1') return undefined;
  const major = majorOf(version);
  if (suffix === '') {
    if (major === 'v0' || major === 'v1' || buildOf(version) === '+incompatible') return undefined;
    return `should be v0 or v1, not ${major}`;
  }
  return major === suffix.slice(1) ? undefined : `should be ${suffix.slice(1)}, not ${major}`;
}

/** Go's module.Check of a path and a version: its sentence, or undefined when the pair is fine. */
export function moduleVersionFault(path: string, version: string): string | undefined {
  const fault = modulePathFault(path);
  if (fault !== undefined) return fault;
  const reason = isSemver(version) ? moduleMajorFault(path, version) : 'not a semantic version';
  return reason && `${path}@${version}: invalid version: ${reason}`;
}
