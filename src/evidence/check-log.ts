import {
  decodeJson,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  equalBytes,
  formatCanonicalJson,
  sha256Hex,
} from '#base';
import { createTree, recordHash, TlogError, type TreeHead, treeOfHashes } from '#tlog';
import { claimedZip, openAuditHead } from './audit-head.ts';

const HASH_BYTES = 32;

/** An audit log that was read line by line. */
export interface CheckedLog {
  readonly records: number;
  /** base64 of the RFC 6962 root over the lines without their times. */
  readonly digest: string;
  /** base64 of the root over the lines as they are. */
  readonly root: string;
}

/** Cuts a log into lines; the part behind the last line feed is not one. */
export function splitLog(bytes: Uint8Array): {
  readonly lines: readonly Uint8Array[];
  readonly rest: number;
} {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return { lines, rest: bytes.length - from };
}

function isNotCanonical(value: unknown, text: string): boolean {
  try {
    return formatCanonicalJson(value) !== text;
  } catch {
    return true; // What cannot be encoded, such as a lone surrogate, was never canonical.
  }
}

/** What a line holds, or what is wrong with it. */
export function readRecord(line: Uint8Array, number: number): Record<string, unknown> | string {
  const text = decodeUtf8(line);
  const value = text === undefined ? undefined : decodeJson(text);
  if (
    text === undefined ||
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    isNotCanonical(value, text)
  ) {
    return `line ${number} is not canonical JSON`;
  }
  const record = value as Record<string, unknown>;
  if (record['event.sequence'] !== number) return `line ${number} has another sequence number`;
  const stack = record['glovebox.stack'];
  if (typeof stack === 'string' && sha256Hex(encodeUtf8(stack)) !== record['glovebox.stack_hash'])
    return `line ${number} has a stack that does not fit its hash`;
  return record;
}

/** The roots over an audit log, or the first line that is not what it should be. */
export function readLog(bytes: Uint8Array | undefined): CheckedLog | string {
  if (bytes === undefined) return 'the file is missing';
  const { lines, rest } = splitLog(bytes);
  if (rest > 0) return `line ${lines.length + 1} is cut`;
  const stored = createTree();
  const timeless = createTree();
  for (const [i, line] of lines.entries()) {
    const record = readRecord(line, i + 1);
    if (typeof record === 'string') return record;
    const { '@timestamp': _, ...rest } = record;
    stored.append(line);
    timeless.append(encodeUtf8(formatCanonicalJson(rest)));
  }
  return {
    records: stored.size(),
    digest: encodeBase64(timeless.root()),
    root: encodeBase64(stored.root()),
  };
}

function cutHashes(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

function range(from: number, to: number): string {
  return from === to ? `line ${from}` : `lines ${from} to ${to}`;
}

/** How the lines differ from the hashes that were kept of them; undefined where they do not. */
function difference(lines: readonly Uint8Array[], kept: readonly Uint8Array[]): string | undefined {
  const now = lines.map((line) => recordHash(line));
  const same = (i: number, j: number) => equalBytes(now[i] ?? EMPTY, kept[j] ?? EMPTY);
  const shorter = Math.min(now.length, kept.length);
  let front = 0;
  while (front < shorter && same(front, front)) front++;
  let back = 0;
  while (back < shorter - front && same(now.length - 1 - back, kept.length - 1 - back)) back++;
  if (front === now.length && front === kept.length) return undefined;
  const isWhole = front + back === shorter;
  if (isWhole && now.length < kept.length) {
    const missing = range(front + 1, front + kept.length - now.length);
    return back === 0 ? `${missing} of ${kept.length} cut off` : `${missing} missing`;
  }
  if (isWhole && now.length > kept.length)
    return `${range(front + 1, front + now.length - kept.length)} added`;
  const hexes = (hashes: readonly Uint8Array[]) => hashes.map((hash) => encodeBase64(hash)).sort();
  const [a, b] = [
    hexes(now.slice(front, now.length - back)),
    hexes(kept.slice(front, kept.length - back)),
  ];
  const isMoved = a.length === b.length && a.every((hash, i) => hash === b[i]);
  return `${range(front + 1, now.length - back)} ${isMoved ? 'in another order' : 'changed'}`;
}

const EMPTY = new Uint8Array(0);

/**
 * Says where a log is not the one of a signed head, by the leaf hashes that are kept beside it;
 * undefined where it is. The hashes are believed only where they lead to the head.
 */
export function locateChange(
  log: Uint8Array,
  leaves: Uint8Array | undefined,
  head: TreeHead,
): string | undefined {
  const { lines } = splitLog(log);
  const tree = createTree();
  for (const line of lines.slice(0, head.size)) tree.append(line);
  if (tree.size() === head.size && lines.length === head.size && equalBytes(tree.root(), head.root))
    return undefined;
  const kept = cutHashes(leaves ?? EMPTY).slice(0, head.size);
  if (kept.length < head.size || !equalBytes(treeOfHashes(kept), head.root))
    return lines.length < head.size
      ? `${head.size - lines.length} of ${head.size} lines are missing`
      : `somewhere in the first ${head.size} lines`;
  return difference(lines, kept);
}

/** What an unfinished case proves. */
export interface PrefixReport {
  readonly ok: boolean;
  /** Where it is not as it was signed, or how much was. */
  readonly detail: string;
}

/**
 * Checks the log of a case that was never sealed: the first lines of it, as many as the last signed head
 * covers. Lines behind them prove nothing, and are counted.
 */
export function checkPrefix(
  files: ReadonlyMap<string, Uint8Array>,
  publicKey: Uint8Array,
): PrefixReport {
  const bytes = files.get('audit.checkpoint');
  const log = files.get('audit.jsonl') ?? EMPTY;
  if (bytes === undefined) return { ok: false, detail: 'audit.checkpoint is missing' };
  const zip = claimedZip(decodeUtf8(bytes) ?? '');
  if (zip === undefined)
    return { ok: false, detail: 'audit.checkpoint is no head of an audit log' };
  try {
    const head = openAuditHead(bytes, zip, publicKey);
    const { lines } = splitLog(log);
    const covered = lines.slice(0, head.size);
    const length = covered.reduce((sum, line) => sum + line.length + 1, 0);
    const change = locateChange(log.subarray(0, length), files.get('audit.leaves'), head);
    if (change !== undefined) return { ok: false, detail: `audit.jsonl: ${change}` };
    const more = lines.length - covered.length;
    const detail = `the first ${head.size} lines are as they were signed; ${more} more are not covered`;
    return { ok: true, detail };
  } catch (error) {
    if (error instanceof TlogError)
      return { ok: false, detail: `audit.checkpoint: ${error.message}` };
    throw error;
  }
}
