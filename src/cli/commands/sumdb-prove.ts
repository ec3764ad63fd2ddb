import { type Disk, decodeUtf8, printable, printableLines } from '#base';
import {
  createDirectoryReader,
  createSavedProof,
  openDirectoryClient,
  type SumdbClient,
} from '#sumdb';
import { formatTlogProof } from '#tlog';
import { composeDisk } from '../compose-machine.ts';
import { composeNetworkClient, composeSumdbKey, findSumdb } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { parseSubjects } from '../parse-subjects.ts';
import { writeNewFile } from '../write-new-file.ts';

/** The options of `glovebox sumdb prove`. */
export interface SumdbProveOptions {
  readonly sumdb: string;
  readonly sumdbKey?: string;
  readonly out?: string;
}

async function openClient(
  disk: Disk,
  options: SumdbProveOptions,
  console: Console,
): Promise<SumdbClient> {
  const key = composeSumdbKey(options.sumdbKey);
  const place = findSumdb(disk, options.sumdb);
  if (place.kind === 'directory')
    return openDirectoryClient(createDirectoryReader(disk, place.path, key.name), key);
  if (place.kind === 'proof') {
    throw new CliError(
      'USAGE',
      `Cannot prove anew from ${options.sumdb}: it is a file; give an https address or a saved folder`,
    );
  }
  return composeNetworkClient(disk, console, { key, url: place.url }).client;
}

/** Writes the proof of one record as one file, or to standard output for `--out -`. */
export async function sumdbProve(
  name: string,
  options: SumdbProveOptions,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const [subject] = parseSubjects([name]);
  if (subject === undefined) throw new CliError('USAGE', 'Cannot prove nothing: name a module');
  const client = await openClient(disk, options, console);
  const proof = await createSavedProof(client, subject);
  const bytes = formatTlogProof(proof);
  if (options.out === '-') {
    const text = decodeUtf8(bytes) ?? '';
    console.out(console.outIsTerminal ? printableLines(text) : text);
    return EXIT.clean;
  }
  const file = options.out ?? `${name.replaceAll('/', '!')}.tlog-proof`;
  writeNewFile(disk, file, bytes);
  console.out(
    `${printable(file)}: record ${proof.index} of ${client.key.name}, ${proof.hashes.length} hashes up to the signed head\n`,
  );
  return EXIT.clean;
}
