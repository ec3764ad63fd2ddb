import { HostError, printable, printableLines } from '#base';
import type { ModuleVersion } from '#module';
import { ForkError, lookupPath, type SavedModule, saveLog } from '#sumdb';
import { composeClock, composeDisk } from '../compose-machine.ts';
import { composeNetworkClient, composeSumdbKey, findSumdb } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT, exitCodeOfError } from '../exit-code.ts';
import { createCounter } from '../output/progress.ts';
import { parseSubjects } from '../parse-subjects.ts';
import { readGoSums } from '../read-go-sums.ts';

/** The options of `glovebox sumdb fetch`. */
export interface SumdbFetchOptions {
  readonly fromGoSum: readonly string[];
  readonly sumdb: string;
  readonly sumdbKey?: string;
  readonly out: string;
}

/** The module versions that are asked for, each once. */
function distinct(subjects: readonly ModuleVersion[]): readonly ModuleVersion[] {
  return [...new Map(subjects.map((subject) => [lookupPath(subject), subject])).values()];
}

function failureLines(modules: readonly SavedModule[]): readonly string[] {
  return modules.flatMap(({ subject, failure }) =>
    failure === undefined
      ? []
      : [
          printable(`not saved: ${subject.path}@${subject.version}: ${failure.message}`).concat(
            '\n',
          ),
        ],
  );
}

/** Saves lookups, tiles and the signed head as a folder that verifies offline. */
export async function sumdbFetch(
  names: readonly string[],
  options: SumdbFetchOptions,
  console: Console,
): Promise<number> {
  const disk = composeDisk();
  const lines = readGoSums(disk, options.fromGoSum) ?? [];
  const listed = lines.map(({ path, version }) => ({
    path,
    version: version.replace(/\/go\.mod$/, ''),
  }));
  const subjects = distinct([...parseSubjects(names), ...listed]);
  if (subjects.length === 0)
    throw new CliError(
      'USAGE',
      'Cannot save nothing: name modules as path@version, or --from-go-sum',
    );
  const place = findSumdb(disk, options.sumdb);
  if (place.kind !== 'network')
    throw new CliError('USAGE', `Cannot fetch from ${options.sumdb}: give an https address`);
  const key = composeSumdbKey(options.sumdbKey);
  const directory = options.out.replace(/(?<=.)\/+$/, '');
  const { client, reader } = composeNetworkClient(disk, console, { key, url: place.url });
  const progress = createCounter(console, composeClock(console).clock, 'records');
  console.onInterrupt(() => 'what was saved stays and is proven; run it again for the rest');
  try {
    const { head, modules } = await saveLog(subjects, {
      disk,
      directory,
      reader,
      client,
      progress,
    });
    const failures = modules.flatMap(({ failure }) => failure ?? []);
    for (const line of failureLines(modules)) console.err(line);
    const code = failures.map(exitCodeOfError).includes(EXIT.found)
      ? EXIT.found
      : EXIT.inconclusive;
    if (head === undefined) return code;
    const saved = modules.length - failures.length;
    console.out(
      `${printable(directory)}: ${saved} of ${modules.length} records saved, proven in the tree of ${head.size} records of ${key.name}\n`,
    );
    return failures.length === 0 ? EXIT.clean : code;
  } catch (error) {
    if (error instanceof HostError) throw new CliError('OUTPUT', error.message, { cause: error });
    if (error instanceof ForkError) console.err(printableLines(describeFork(error)));
    throw error;
  }
}

/** What the go command prints of such a database: both signed heads and the proof. */
function describeFork({ fork }: ForkError): string {
  const indent = (text: string) => text.replace(/^(?=.)/gm, '\t');
  const proof = [fork.root, ...fork.proof].join('\n');
  return `SECURITY ERROR\ngo.sum database server misbehavior detected!\n\nold database:\n${indent(fork.older)}\nnew database:\n${indent(fork.newer)}\nproof of misbehavior:\n${indent(proof)}\n\n`;
}
