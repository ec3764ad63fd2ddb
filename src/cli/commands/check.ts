import { type Disk, formatCanonicalJson, printable, printableJson } from '#base';
import {
  checkPrefix,
  checkSeal,
  EvidenceError,
  keyIdOf,
  parsePublicKey,
  SEAL_FILE,
  type SealCheck,
  type SealReport,
} from '#evidence';
import { ownKeyPath } from '../compose-key.ts';
import { composeDisk, LARGEST_SMALL_FILE } from '../compose-machine.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit-code.ts';
import { readCase, resolveCase } from '../read-case.ts';

/** The options of `glovebox check`. */
export interface CheckOptions {
  readonly key?: string;
  readonly json?: true;
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
  const trusted = keyIdOf(parsePublicKey(disk.read(source, LARGEST_SMALL_FILE), source));
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

/** What a case without a seal proves: as much as its last signed head covers. */
function checkUnfinished(files: ReadonlyMap<string, Uint8Array>): SealReport {
  const pem = files.get('examiner.pub');
  const seal = { name: 'seal', ok: false, detail: 'unfinished: the case was never sealed' };
  if (pem === undefined)
    return { ok: false, checks: [seal, missing('examiner.pub')], signer: undefined };
  try {
    const publicKey = parsePublicKey(pem, 'examiner.pub');
    const prefix = checkPrefix(files, publicKey);
    const checks = [seal, { name: 'audit log', ...prefix }];
    return { ok: false, checks, signer: prefix.ok ? keyIdOf(publicKey) : undefined };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const bad = { name: 'examiner.pub', ok: false, detail: error.message };
    return { ok: false, checks: [seal, bad], signer: undefined };
  }
}

function missing(name: string): SealCheck {
  return { name, ok: false, detail: 'missing' };
}

/** The first words of the answer. */
function headline(report: SealReport, isKnown: boolean, isUnfinished: boolean): string {
  if (report.ok) return isKnown ? 'INTACT' : 'INTACT, signer unknown';
  if (!isUnfinished) return 'NOT INTACT';
  if (report.signer === undefined) return 'UNFINISHED, and NOT INTACT';
  return `UNFINISHED: what was signed is intact${isKnown ? '' : ', signer unknown'}`;
}

/** Checks a case offline, line by line. */
export function check(directory: string, options: CheckOptions, console: Console): number {
  const disk = composeDisk();
  const root = directory.replace(/(?<=.)\/+$/, '');
  const files = readCase(disk, root);
  const named = resolveCase(directory, console.workingDirectory);
  const isUnfinished = named.endsWith('.partial') && !files.has(SEAL_FILE);
  const report = isUnfinished ? checkUnfinished(files) : checkSeal(files);
  const signer =
    report.signer && judgeSigner(disk, console, { key: options.key, signer: report.signer });
  const checks = [...report.checks, ...(signer ? [signer] : [])];
  const isKnown = signer ? signer.ok : false;
  if (options.json) {
    const json = formatCanonicalJson({ ok: report.ok && isKnown, checks });
    console.out(`${console.outIsTerminal ? printableJson(json) : json}\n`);
  } else {
    console.out(
      `${headline(report, isKnown, isUnfinished)}  ${printable(root)}\n${format(checks)}`,
    );
  }
  if (isUnfinished) return report.signer === undefined ? EXIT.found : EXIT.inconclusive;
  if (!report.ok) return EXIT.found;
  return isKnown ? EXIT.clean : EXIT.inconclusive;
}
