import {
  cutText,
  type Disk,
  decodeUtf8,
  formatCanonicalJson,
  printable,
  printableJson,
  printableLines,
} from '#base';
import {
  auditVerifierKey,
  claimedZip,
  locateChange,
  openAuditHead,
  parsePublicKey,
  readRecord,
  splitLog,
} from '#evidence';
import { globToPattern } from '#sandbox';
import {
  formatTlogProof,
  proveInclusion,
  type SignedTreeHead,
  storedHashes,
  TlogError,
} from '#tlog';
import { composeDisk } from '../compose-machine.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { readCase, resolveCase } from '../read-case.ts';
import { writeNewFile } from '../write-new-file.ts';

/** The options of `glovebox audit`. */
export interface AuditOptions {
  readonly action?: string;
  readonly decision?: string;
  readonly path?: string;
  readonly stack?: string;
  readonly by?: 'stack' | 'path';
  readonly json?: true;
}

interface Line {
  readonly bytes: Uint8Array;
  readonly record: Readonly<Record<string, unknown>>;
}

interface Log {
  readonly lines: readonly Uint8Array[];
  readonly head: SignedTreeHead;
  readonly verifier: string;
}

/**
 * The lines that the signed head of a case covers.
 *
 * @throws CliError `INPUT` for what is no case, `BROKEN` for a log that is not the one that was signed.
 */
function openLog(disk: Disk, directory: string, name: string): Log {
  const files = readCase(disk, directory);
  const [log, checkpoint, pem] = ['audit.jsonl', 'audit.checkpoint', 'examiner.pub'].map((name) => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    throw new CliError('INPUT', `Cannot read the log of ${directory}: ${name} is missing`);
  });
  const empty = new Uint8Array(0);
  const zip = claimedZip(decodeUtf8(checkpoint ?? empty) ?? '') ?? '';
  const publicKey = parsePublicKey(pem ?? empty, 'examiner.pub');
  try {
    const head = openAuditHead(checkpoint ?? empty, zip, publicKey);
    const all = splitLog(log ?? empty).lines;
    const lines = name.endsWith('.partial') ? all.slice(0, head.size) : all;
    const covered = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const bytes = (log ?? empty).subarray(0, covered);
    const change = locateChange(bytes, files.get('audit.leaves'), head);
    if (change === undefined) return { lines, head, verifier: auditVerifierKey(zip, publicKey) };
    throw new CliError('BROKEN', `Cannot use the log of ${directory}: ${change}`);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new CliError('BROKEN', `Cannot use the log of ${directory}: ${error.message}`, {
      cause: error,
    });
  }
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function createFilter({ action, decision, path, stack }: AuditOptions): (line: Line) => boolean {
  const pattern = path === undefined ? undefined : globToPattern(path);
  return ({ record }) =>
    (action === undefined || record['event.action'] === action) &&
    (decision === undefined || record['glovebox.decision'] === decision) &&
    (pattern === undefined || pattern.test(text(record['file.path']))) &&
    (stack === undefined || text(record['glovebox.stack_hash']).startsWith(stack));
}

const SHORT_HASH = 12;
const LONGEST_PATH = 60;

/** One line of the table; the names of the columns are laid out as what is below them. */
function row([line, action, decision, layer, bytes, stack, path]: readonly string[]): string {
  const columns = [
    line?.padStart(6),
    action?.padEnd(8),
    decision?.padEnd(8),
    layer?.padEnd(8),
    bytes?.padStart(9),
    stack?.padEnd(SHORT_HASH).slice(0, SHORT_HASH),
    cutText(printable(path ?? ''), LONGEST_PATH),
  ];
  return `${columns.join('  ').trimEnd()}\n`;
}

const COLUMNS = ['line', 'action', 'decision', 'layer', 'bytes', 'stack', 'path'];
const FIELDS = [
  'event.sequence',
  'event.action',
  'glovebox.decision',
  'glovebox.layer',
  'file.size',
  'glovebox.stack_hash',
  'file.path',
];

interface Group {
  readonly key: string;
  count: number;
  readonly actions: Set<string>;
  readonly decisions: Set<string>;
}

function groupBy(lines: readonly Line[], field: string): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { record } of lines) {
    const key = text(record[field]);
    const group = groups.get(key) ?? { key, count: 0, actions: new Set(), decisions: new Set() };
    group.count++;
    group.actions.add(text(record['event.action']));
    group.decisions.add(text(record['glovebox.decision']));
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

/** The text of each stack, which stands in the first line that has its hash. */
function stacksOf(lines: readonly Line[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap(({ record }) => {
      const stack = record['glovebox.stack'];
      return typeof stack === 'string' ? [[text(record['glovebox.stack_hash']), stack]] : [];
    }),
  );
}

function showGroups(
  { by, json }: AuditOptions,
  shown: readonly Line[],
  { all, console }: { readonly all: readonly Line[]; readonly console: Console },
): void {
  const stacks = stacksOf(all);
  const field = by === 'stack' ? 'glovebox.stack_hash' : 'file.path';
  for (const { key, count, actions, decisions } of groupBy(shown, field)) {
    const stack = by === 'stack' ? stacks.get(key) : undefined;
    if (json) {
      const group = { key, count, actions: [...actions], decisions: [...decisions], stack };
      const line = formatCanonicalJson(JSON.parse(JSON.stringify(group)));
      console.out(`${console.outIsTerminal ? printableJson(line) : line}\n`);
      continue;
    }
    const frames = (stack ?? '').split('\n').filter(Boolean);
    console.out(
      `${String(count).padStart(6)}  ${printable(key)}  ${[...actions].join(',')}  ${[...decisions].join(',')}\n` +
        frames.map((frame) => `${' '.repeat(8)}${printable(frame)}\n`).join(''),
    );
  }
}

function jsonOf({ bytes }: Line, { outIsTerminal }: Console): string {
  const json = decodeUtf8(bytes) ?? '';
  return outIsTerminal ? printableJson(json) : json;
}

/** Queries the access log of a case; nothing is shown of a log that is not the one that was signed. */
export function audit(directory: string, options: AuditOptions, console: Console): number {
  const root = directory.replace(/(?<=.)\/+$/, '');
  const { lines } = openLog(composeDisk(), root, resolveCase(root, console.workingDirectory));
  const all = lines.map((bytes, i): Line => {
    const record = readRecord(bytes, i + 1);
    if (typeof record !== 'string') return { bytes, record };
    throw new CliError('BROKEN', `Cannot use the log of ${root}: ${record}`);
  });
  const shown = all.filter(createFilter(options));
  if (options.by !== undefined) showGroups(options, shown, { all, console });
  else if (options.json) for (const line of shown) console.out(`${jsonOf(line, console)}\n`);
  else {
    console.out(row(COLUMNS));
    for (const { record } of shown) console.out(row(FIELDS.map((name) => text(record[name]))));
  }
  if (!options.json) console.err(`${shown.length} of ${all.length} accesses\n`);
  return EXIT.clean;
}

/** The options of `glovebox audit prove`. */
export interface AuditProveOptions {
  readonly out?: string;
}

/** Writes the proof that one line is in the log that was signed (c2sp.org/tlog-proof@v1). */
export async function auditProve(
  directory: string,
  number: number,
  options: AuditProveOptions,
  console: Console,
): Promise<number> {
  const root = directory.replace(/(?<=.)\/+$/, '');
  const disk = composeDisk();
  const { lines, head, verifier } = openLog(
    disk,
    root,
    resolveCase(root, console.workingDirectory),
  );
  const line = lines[number - 1];
  if (line === undefined) {
    throw new CliError('INPUT', `Cannot prove line ${number}: the log has ${lines.length} lines`);
  }
  const index = number - 1;
  const hashes = await proveInclusion(head.size, index, storedHashes(lines));
  const bytes = formatTlogProof({ index, hashes, extra: line, checkpoint: head.bytes });
  if (options.out === '-') {
    const proof = decodeUtf8(bytes) ?? '';
    console.out(console.outIsTerminal ? printableLines(proof) : proof);
    return EXIT.clean;
  }
  const file = options.out ?? `${root.slice(root.lastIndexOf('/') + 1)}-line-${number}.tlog-proof`;
  writeNewFile(disk, file, bytes);
  console.out(
    `${printable(file)}: line ${number} of ${head.size}, ${hashes.length} hashes up to the signed head\nverifier key  ${printable(verifier)}\n`,
  );
  return EXIT.clean;
}
