import { decodeLoosely, encodeUtf8 } from '#base';
import { goModHash } from './dirhash.ts';
import { ModuleError } from './errors.ts';
import type { ModuleVersion } from './module-version.ts';

// The hash of an empty go.mod: never legitimate, and dropped by the go command when it reads.
const EMPTY_GO_MOD = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';

// More lines than this say no more: it is no go.sum.
const MOST_FAULTS = 20;

/** One line of a go.sum: a hash of a module's zip, or of its go.mod. */
export interface GoSumLine {
  readonly path: string;
  /** With `/go.mod` behind it for the hash of a go.mod. */
  readonly version: string;
  readonly hash: string;
  /** `name:line`, for people. */
  readonly source: string;
}

/**
 * Parses a go.sum as the go command does: fields between white space, any number of spaces, CRLF.
 *
 * @throws ModuleError `GO_SUM` for a line without three fields, naming every such line.
 */
export function parseGoSum(bytes: Uint8Array, name: string): readonly GoSumLine[] {
  // What is no UTF-8 stays a field, as it does for Go: it is equal to no path, version or hash.
  const text = decodeLoosely(bytes);
  const lines: GoSumLine[] = [];
  const faults: string[] = [];
  let bad = 0;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    const fields = splitGoFields(line);
    const [path, version, hash] = fields;
    if (fields.length === 0) continue;
    if (fields.length !== 3 || path === undefined || version === undefined || hash === undefined) {
      bad++;
      if (bad <= MOST_FAULTS)
        faults.push(`${name}:${number}: wrong number of fields ${fields.length}`);
    } else if (hash !== EMPTY_GO_MOD) {
      lines.push({ path, version, hash, source: `${name}:${number}` });
    }
  }
  if (faults.length > 0) {
    throw new ModuleError(
      'GO_SUM',
      `Cannot read ${name} as a go.sum: ${faults.join('; ')}${bad > MOST_FAULTS ? `; and ${bad - MOST_FAULTS} more` : ''}`,
    );
  }
  return lines;
}

/** Line by line: a list of all of them would be the larger part of a large file. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? text.length : end + 1;
  }
}

/** Splits at Unicode white space as Go's strings.Fields; JavaScript's \s also takes U+FEFF. */
function splitGoFields(line: string): string[] {
  return line
    .split(/[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/)
    .filter((field) => field !== '');
}

/** What a go.sum says of one hash. */
export type GoSumStatus = 'match' | 'mismatch' | 'absent' | 'unchecked';

/** What the go.sum lines say of a zip and its go.mod. */
export interface GoSumResult {
  readonly status: GoSumStatus;
  readonly goMod: GoSumStatus;
  /** The line that decided, for people; null where none did. */
  readonly source: string | null;
}

/** The answer where no go.sum was given. */
export const NO_GO_SUM: GoSumResult = { status: 'unchecked', goMod: 'unchecked', source: null };

/** The hashes of a subject; null where one could not be computed. */
export interface ModuleHashes {
  readonly h1: string | null;
  readonly goModH1: string | null;
  /** False for a module without a go.mod, for which the go command makes one up. */
  readonly hasGoMod: boolean;
}

/**
 * Compares hashes with go.sum lines. Any conflicting `h1:` is a mismatch, whatever the order of the
 * lines: the go command stops at the first one, so its answer depends on it.
 */
export function checkGoSum(
  lines: readonly GoSumLine[] | undefined,
  subject: ModuleVersion | null,
  hashes: ModuleHashes,
): GoSumResult {
  if (lines === undefined) return NO_GO_SUM;
  if (subject === null) return { status: 'absent', goMod: 'absent', source: null };
  const own = lines.filter((line) => line.path === subject.path && line.hash.startsWith('h1:'));
  const zip = own.filter((line) => line.version === subject.version);
  const goMod = own.filter((line) => line.version === `${subject.version}/go.mod`);
  const hashesOf = (list: readonly GoSumLine[]) => list.map((line) => line.hash);
  const compared = compareHashes({ zip: hashesOf(zip), goMod: hashesOf(goMod) }, subject, hashes);
  const decisive = (list: readonly GoSumLine[], hash: string | null) =>
    (list.find((line) => line.hash !== hash) ?? list[0])?.source;
  const isDecided = compared.zip === 'match' || compared.zip === 'mismatch';
  const source = isDecided ? decisive(zip, hashes.h1) : decisive(goMod, hashes.goModH1);
  return { status: compared.zip, goMod: compared.goMod, source: source ?? null };
}

/**
 * Compares a module's hashes with those that were recorded of it: any other `h1:` is a mismatch, and
 * for a module without go.mod the hash of the one that the go command makes up is the right one.
 */
export function compareHashes(
  recorded: { readonly zip: readonly string[]; readonly goMod: readonly string[] },
  subject: ModuleVersion,
  hashes: ModuleHashes,
): { readonly zip: GoSumStatus; readonly goMod: GoSumStatus } {
  const made = goModHash(encodeUtf8(`module ${subject.path}\n`));
  const isMadeUp = !hashes.hasGoMod && recorded.goMod.every((hash) => hash === made);
  return {
    zip: judge(recorded.zip, hashes.h1),
    goMod: judge(recorded.goMod, isMadeUp ? made : hashes.goModH1),
  };
}

function judge(recorded: readonly string[], hash: string | null): GoSumStatus {
  if (recorded.length === 0) return 'absent';
  if (hash === null) return 'unchecked';
  return recorded.every((other) => other === hash) ? 'match' : 'mismatch';
}
