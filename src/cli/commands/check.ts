import { type Disk, formatCanonicalJson, printable, printableJson } from '#base';
import { checkSeal, keyIdOf, parsePublicKey, type SealCheck, type SealReport } from '#evidence';
import { ownKeyPath } from '../compose-key.ts';
import { composeDisk } from '../compose-machine.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';

/** The options of `glovebox check`. */
export interface CheckOptions {
  readonly key?: string;
  readonly json?: true;
}

const LARGEST_FILE = 2 * 1024 * 1024 * 1024;

function readCase(disk: Disk, directory: string): ReadonlyMap<string, Uint8Array> {
  const kind = disk.kindOf(directory);
  if (kind === undefined)
    throw new CliError('INPUT', `Cannot open ${directory}: there is no such folder`);
  if (kind !== 'directory')
    throw new CliError('INPUT', `Cannot check ${directory}: a case is a folder`);
  const files = new Map<string, Uint8Array>();
  for (const { name, kind: found } of disk.list(directory)) {
    // A folder or a link in a case is foreign to it: named here, it fails the check below.
    files.set(
      name,
      found === 'file' ? disk.read(`${directory}/${name}`, LARGEST_FILE) : new Uint8Array(0),
    );
  }
  return files;
}

/** Whose signature it is: a key that was given, one's own, or nobody's that is known. */
function judgeSigner(
  disk: Disk,
  console: Console,
  { key, signer }: { readonly key: string | undefined; readonly signer: string },
): SealCheck {
  const own = ownKeyPath(console);
  const source = key ?? (disk.kindOf(own) === 'file' ? own : undefined);
  if (source === undefined)
    return {
      name: 'signer',
      ok: false,
      detail: `key ${signer} is not known here; give the examiner's with --key`,
    };
  const trusted = keyIdOf(parsePublicKey(disk.read(source, LARGEST_FILE), source));
  if (trusted === signer)
    return {
      name: 'signer',
      ok: true,
      detail: key === undefined ? 'your own key' : `the key in ${source}`,
    };
  const detail =
    key === undefined
      ? `key ${signer} is not yours; give the examiner's with --key`
      : `key ${signer} is not the key in ${source}`;
  return { name: 'signer', ok: false, detail };
}

function format(checks: readonly SealCheck[]): string {
  return checks
    .map(
      ({ name, ok, detail }) =>
        `  ${ok ? 'ok  ' : 'FAIL'}  ${printable(name)}: ${printable(detail)}\n`,
    )
    .join('');
}

/** The first words of the answer. */
function headline(report: SealReport, isKnown: boolean, root: string): string {
  if (report.ok) return isKnown ? 'INTACT' : 'INTACT, signer unknown';
  const isUnfinished = root.endsWith('.partial') && report.signer === undefined;
  return isUnfinished ? 'UNFINISHED: nothing was sealed' : 'NOT INTACT';
}

/** Checks a sealed case offline, line by line. */
export function check(directory: string, options: CheckOptions, console: Console): number {
  const disk = composeDisk();
  const root = directory.replace(/(?<=.)\/+$/, '');
  const report = checkSeal(readCase(disk, root));
  const signer =
    report.signer && judgeSigner(disk, console, { key: options.key, signer: report.signer });
  const checks = [...report.checks, ...(signer ? [signer] : [])];
  const isKnown = signer ? signer.ok : false;
  if (options.json) {
    const json = formatCanonicalJson({ ok: report.ok && isKnown, checks });
    console.out(`${console.outIsTerminal ? printableJson(json) : json}\n`);
  } else {
    console.out(`${headline(report, isKnown, root)}  ${printable(root)}\n${format(checks)}`);
  }
  if (!report.ok) return EXIT.found;
  return isKnown ? EXIT.clean : EXIT.inconclusive;
}
