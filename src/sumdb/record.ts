import { decodeUtf8, fromByteString, parseDecimal, toByteString } from '#base';
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
