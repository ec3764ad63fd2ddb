import { decodeUtf8, fromByteString, parseDecimal, toByteString } from '#base';
import type { ModuleVersion } from '#module';
import { SumdbError } from './errors.ts';

/** The answer to a lookup, taken apart and not yet proven. */
export interface LookupBody {
  readonly id: number;
  /** The record: go.sum lines. Its bytes alone are hashed into the log. */
  readonly text: Uint8Array;
  /** The signed tree head behind it. */
  readonly note: Uint8Array;
}

function malformed(reason: string): SumdbError {
  return new SumdbError('MALFORMED_RECORD', `Cannot read the lookup: ${reason}`);
}

/** Go's isValidRecordText: lines without control characters, none of them empty. */
export function isRecordText(text: Uint8Array): boolean {
  const decoded = decodeUtf8(text);
  return (
    decoded?.endsWith('\n') === true &&
    !decoded.includes('\n\n') &&
    !/[^\n -\u{10ffff}]/u.test(decoded)
  );
}

function parseId(line: string): number {
  const id = parseDecimal(line);
  if (id !== undefined) return id;
  // Go's integer parser takes these; a second spelling of a number proves nothing good.
  const isLoose = /^[+-]?[0-9]+$/.test(line);
  throw isLoose
    ? new SumdbError(
        'NOT_CANONICAL',
        `Cannot use the lookup: its record number is written ${JSON.stringify(line.slice(0, 40))}`,
      )
    : malformed('line 1 is no record number');
}

/**
 * Parses the body of a lookup (golang.org/x/mod/sumdb/tlog.ParseRecord).
 *
 * @throws SumdbError `MALFORMED_RECORD`, `NOT_CANONICAL`.
 */
export function parseLookup(body: Uint8Array): LookupBody {
  const raw = toByteString(body);
  const first = raw.indexOf('\n');
  if (first < 0) throw malformed('it has no line');
  const id = parseId(raw.slice(0, first));
  const end = raw.indexOf('\n\n', first + 1);
  if (end < 0) throw malformed('no blank line follows the record');
  const text = body.subarray(first + 1, end + 1);
  if (!isRecordText(text)) throw malformed('the record is not lines of text');
  return { id, text, note: body.subarray(end + 2) };
}

/** The body of a lookup. */
export function formatLookup({ id, text, note }: LookupBody): Uint8Array {
  return fromByteString(`${id}\n${toByteString(text)}\n${toByteString(note)}`);
}

interface LoggedHashes {
  readonly zip: readonly string[];
  readonly goMod: readonly string[];
}

/** The hashes that a record holds for a module; lines for other modules count for nothing. */
export function loggedHashes(text: Uint8Array, { path, version }: ModuleVersion): LoggedHashes {
  const lines = (decodeUtf8(text) ?? '').split('\n');
  const behind = (prefix: string) =>
    lines
      .filter((line) => line.startsWith(`${prefix} h1:`))
      .map((line) => line.slice(prefix.length + 1));
  return { zip: behind(`${path} ${version}`), goMod: behind(`${path} ${version}/go.mod`) };
}

/** True for a record with a hash of the module's zip: any other says nothing of it. */
export function hasLine(text: Uint8Array, subject: ModuleVersion): boolean {
  return loggedHashes(text, subject).zip.length > 0;
}

/**
 * Refuses a record that says nothing of the module (CVE-2026-42501 was to believe such a one).
 *
 * @throws SumdbError `NO_LINE`.
 */
export function requireLine(
  { id, text }: { readonly id: number; readonly text: Uint8Array },
  subject: ModuleVersion,
): void {
  if (hasLine(text, subject)) return;
  const name = `${subject.path} ${subject.version}`;
  throw new SumdbError('NO_LINE', `Record ${id} has no line for ${name}: it is of another module`);
}
