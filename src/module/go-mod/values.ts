import { decodeUtf8, fromByteString } from '#base';
import { moduleMajorFault, splitPathMajor } from '../path.ts';
import { quoteGo } from '../quote.ts';
import { canonicalVersion } from '../version.ts';
import { unquoteGo } from './unquote.ts';

/** A value, or the go command's sentence about why there is none. */
export type Reading<Value> =
  | { readonly value: Value; readonly fault?: never }
  | { readonly fault: string };

/** A byte string as text for facts: Go's %q form where it is not UTF-8. */
export function toText(byteString: string): string {
  return decodeUtf8(fromByteString(byteString)) ?? quoteGo(byteString);
}

/** modfile's parseString, of a byte string. */
export function readString(word: string): Reading<string> {
  if (word.startsWith('"')) {
    const value = unquoteGo(word);
    return value === undefined ? { fault: 'invalid syntax' } : { value };
  }
  return /["'`]/.test(word) ? { fault: 'unquoted string cannot contain quote' } : { value: word };
}

/** The same as one directive's only word. */
export function readQuoted(word: string): Reading<string> {
  const read = readString(word);
  return read.fault === undefined ? read : { fault: `invalid quoted string: ${read.fault}` };
}

/** How the go command begins a fault about a module: the verb and the path, if there is one. */
function about(verb: string, path: string): string {
  return path === '' ? `${verb}: ` : `${verb} ${toText(path)}: `;
}

/** modfile's parseVersion without a fixer: the canonical form, or a version of a retract as it is. */
export function readVersion(verb: string, path: string, word: string): Reading<string> {
  const read = readString(word);
  const invalid = (version: string, reason: string) => ({
    fault: `${about(verb, path)}version ${quoteGo(version)} invalid: ${reason}`,
  });
  if (read.fault !== undefined) return invalid(word, read.fault);
  if (verb === 'retract') return read;
  const canonical = canonicalVersion(read.value);
  return canonical === ''
    ? invalid(read.value, 'must be of the form v1.2.3')
    : { value: canonical };
}

/** The go command's sentence about a version that does not fit its path's major suffix. */
export function majorFault(verb: string, path: string, version: string): string | undefined {
  const reason = moduleMajorFault(path, version);
  return reason && `${about(verb, path)}version ${quoteGo(version)} invalid: ${reason}`;
}

/** True for a path with a well-formed major suffix, or none. */
export function hasMajor(path: string): boolean {
  return splitPathMajor(path) !== undefined;
}
