import {
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  isLooseBase64,
  parseDecimal,
} from '#base';
import { TlogError } from './errors.ts';
import type { Proof } from './proof.ts';

/** A proof of one record that needs nothing else (c2sp.org/tlog-proof@v1). Not yet checked. */
export interface TlogProof {
  readonly index: number;
  readonly hashes: Proof;
  /** Whatever the log's ecosystem puts there; here the record itself. */
  readonly extra: Uint8Array | undefined;
  /** The signed tree head. */
  readonly checkpoint: Uint8Array;
}

/** The first line of a proof. */
export const TLOG_PROOF = 'c2sp.org/tlog-proof@v1';

// A tree of 2^63 records has proofs of 63 hashes.
const MOST_HASHES = 63;

function fail(line: number, expected: string): TlogError {
  return new TlogError(
    'MALFORMED_PROOF',
    `Cannot read the tlog-proof: line ${line} is not ${expected}`,
  );
}

function decodeLine(text: string, line: number, expected: string): Uint8Array {
  if (isLooseBase64(text)) {
    throw new TlogError(
      'NOT_CANONICAL',
      `Cannot read the tlog-proof: the base64 of line ${line} has stray bits`,
    );
  }
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw fail(line, expected);
  return bytes;
}

/**
 * Parses a tlog-proof.
 *
 * @throws TlogError `MALFORMED_PROOF` with the line and what was expected there, `NOT_CANONICAL`.
 */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw fail(1, 'UTF-8 text');
  const split = text.indexOf('\n\n');
  const lines = (split < 0 ? text : text.slice(0, split)).split('\n');
  if (lines[0] !== TLOG_PROOF) throw fail(1, JSON.stringify(TLOG_PROOF));
  let at = 1;
  let extra: Uint8Array | undefined;
  if (lines[at]?.startsWith('extra ')) {
    extra = decodeLine(lines[at]?.slice(6) ?? '', at + 1, '"extra" and base64');
    at++;
  }
  const number = lines[at] ?? '';
  const index = number.startsWith('index ') ? parseDecimal(number.slice(6)) : undefined;
  if (index === undefined) throw fail(at + 1, '"index" and a decimal number');
  const hashes = lines.slice(at + 1).map((line, i) => {
    const wanted = 'base64 of a hash of 32 bytes';
    const hash = i < MOST_HASHES ? decodeLine(line, at + 2 + i, wanted) : undefined;
    if (hash?.length !== 32) throw fail(at + 2 + i, wanted);
    return hash;
  });
  if (split < 0) throw fail(lines.length, 'the blank line before the signed tree head');
  return { index, hashes, extra, checkpoint: encodeUtf8(text.slice(split + 2)) };
}

/** The text of a proof. */
export function formatTlogProof({ index, hashes, extra, checkpoint }: TlogProof): Uint8Array {
  const lines = [
    TLOG_PROOF,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  return concatBytes(encodeUtf8(`${lines.join('\n')}\n\n`), checkpoint);
}
