import {
  CodedError,
  type Disk,
  decodeUtf8,
  encodeBase64,
  printable,
  printableJson,
  toByteString,
} from '#base';
import { checkSavedLog, openSavedProof, parseLookup, SumdbError } from '#sumdb';
import { GO_ORIGIN, openNote, openTreeHead, TlogError, type VerifierKey } from '#tlog';
import { composeDisk } from '../compose-machine.ts';
import { composeSumdbKey } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { EXIT, exitCodeOfError } from '../exit-code.ts';

/** The options of `glovebox sumdb verify`. */
export interface SumdbVerifyOptions {
  readonly sumdbKey?: string;
  readonly json?: true;
}

/** What a file proves. */
interface Proven {
  readonly kind: 'directory' | 'tlog-proof' | 'lookup' | 'tree-head' | 'note' | 'unreadable';
  /** What is proven, a sentence each. */
  readonly proven: readonly string[];
  /** What does not hold, or was not shown. */
  readonly failures: readonly Error[];
}

const LARGEST_FILE = 1024 * 1024;

const head = ({ size, root }: { readonly size: number; readonly root: Uint8Array }) =>
  `a tree of ${size} records, root ${encodeBase64(root)}`;

async function verifyDirectory(disk: Disk, path: string, key: VerifierKey): Promise<Proven> {
  const { head: newest, proven, failures } = await checkSavedLog(disk, path, key);
  const records = proven.map(
    ({ subject, id }) => `record ${id}: ${subject.path}@${subject.version}`,
  );
  const first = newest === undefined ? [] : [`the newest head is of ${head(newest)}`];
  return { kind: 'directory', proven: [...first, ...records], failures };
}

function verifyFile(bytes: Uint8Array, key: VerifierKey): Proven {
  const text = decodeUtf8(bytes) ?? '';
  if (text.startsWith('c2sp.org/tlog-proof')) {
    const { record, proof } = openSavedProof(bytes, key, undefined);
    const lines = (decodeUtf8(record.text) ?? '').trimEnd().split('\n');
    const sentence = `record ${record.id} is in ${head(record.head)}, by ${proof.hashes.length} hashes`;
    return { kind: 'tlog-proof', proven: [sentence, ...lines], failures: [] };
  }
  if (/^[0-9]+\n/.test(text)) {
    const { id, note } = parseLookup(bytes);
    const signed = openTreeHead(note, [key]);
    const detail = `Cannot prove record ${id} from its lookup alone: the tiles are missing; give the folder, or a .tlog-proof`;
    return {
      kind: 'lookup',
      proven: [`its head is of ${head(signed)}`],
      failures: [new SumdbError('UNREACHABLE', detail)],
    };
  }
  return verifyNote(bytes, key);
}

/** A tree head of Go, a C2SP checkpoint with its own origin, or any other signed text. */
function verifyNote(bytes: Uint8Array, key: VerifierKey): Proven {
  const { text } = openNote(bytes, [key]);
  try {
    const { origin, ...signed } = openTreeHead(bytes, [key], null);
    const of = origin === GO_ORIGIN ? '' : ` of ${origin}`;
    return { kind: 'tree-head', proven: [`${head(signed)}${of}`], failures: [] };
  } catch (error) {
    const isOther = error instanceof TlogError && error.code === 'MALFORMED_TREE';
    if (!isOther || text.startsWith(`${GO_ORIGIN}\n`)) throw error;
  }
  return { kind: 'note', proven: [`a note of ${text.split('\n').length - 1} lines`], failures: [] };
}

/** What a file looks like, whether it holds or not. */
function kindOf(bytes: Uint8Array): Proven['kind'] {
  const text = toByteString(bytes.subarray(0, 64));
  if (text.startsWith('c2sp.org/tlog-proof')) return 'tlog-proof';
  if (text.startsWith(`${GO_ORIGIN}\n`)) return 'tree-head';
  return /^[0-9]+\n/.test(text) ? 'lookup' : 'note';
}

async function verifyPath(disk: Disk, path: string, key: VerifierKey): Promise<Proven> {
  let kind: Proven['kind'] = 'unreadable';
  try {
    if (disk.kindOf(path) === 'directory') {
      kind = 'directory';
      return await verifyDirectory(disk, path, key);
    }
    const bytes = disk.read(path, LARGEST_FILE);
    kind = kindOf(bytes);
    return verifyFile(bytes, key);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind, proven: [], failures: [error] };
  }
}

function show(
  path: string,
  { kind, proven, failures }: Proven,
  {
    key,
    json,
    console,
  }: { readonly key: VerifierKey; readonly json: boolean; readonly console: Console },
): void {
  const messages = failures.map(({ message }) => message);
  const ok = failures.length === 0;
  if (json) {
    const fields = { file: path, kind, ok, key: key.text, proven, failures: messages };
    const text = JSON.stringify(fields);
    console.out(`${console.outIsTerminal ? printableJson(text) : text}\n`);
    return;
  }
  const line = (word: string, text: string) => console.out(`  ${word}  ${printable(text)}\n`);
  console.out(
    `${ok ? 'PROVEN' : 'NOT PROVEN'}  ${printable(path)}  (${kind}, under ${key.text})\n`,
  );
  for (const sentence of proven) line('ok  ', sentence);
  for (const message of messages) line('FAIL', message);
}

/** Says what notes, proofs and saved folders prove, and under which key. */
export async function sumdbVerify(
  paths: readonly string[],
  { sumdbKey, json }: SumdbVerifyOptions,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const key = composeSumdbKey(sumdbKey);
  const codes: number[] = [];
  for (const path of paths) {
    const result = await verifyPath(disk, path, key);
    show(path, result, { key, json: json === true, console });
    codes.push(...result.failures.map(exitCodeOfError));
  }
  const worst = [EXIT.found, EXIT.input, EXIT.inconclusive].find((code) => codes.includes(code));
  return worst ?? codes.find((code) => code !== EXIT.clean) ?? EXIT.clean;
}
