import { CodedError, type Disk, printableJson } from '#base';
import {
  CaseError,
  createJailedVerifier,
  type JailedVerifier,
  LARGEST_VERIFIED,
  type Verification,
} from '#case';
import type { ModuleVersion } from '#module';
import { composeJail, parseIsolation } from '../compose-jail.ts';
import { composeDisk } from '../compose-machine.ts';
import { composeSumdb } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Outcome } from '../output/verification-json.ts';
import { parseStated } from '../parse-subjects.ts';
import { readGoSums } from '../read-go-sums.ts';
import { readSubject } from '../read-subject.ts';

/** The options of `glovebox verify`. */
export interface VerifyOptions {
  readonly as?: string;
  readonly goSum: readonly string[];
  readonly sumdb?: string;
  readonly sumdbKey?: string;
  readonly isolation: string;
  readonly json?: true;
}

interface Named {
  readonly file: string;
  readonly stated: ModuleVersion | undefined;
}

/**
 * `FILE`, or `path@version<TAB>FILE`. What is wrong with the pair is for the inspection to say.
 *
 * @throws CliError `INPUT` for what is no pair at all.
 */
function parseLine(input: string): Named {
  const tab = input.indexOf('\t');
  if (tab < 0) return { file: input, stated: undefined };
  const at = input.lastIndexOf('@', tab);
  if (at <= 0) {
    const name = JSON.stringify(input.slice(0, tab));
    throw new CliError(
      'INPUT',
      `Cannot read ${name} as a module version: the form is path@version`,
    );
  }
  const stated = { path: input.slice(0, at), version: input.slice(at + 1, tab) };
  return { file: input.slice(tab + 1), stated };
}

/** An input as it was written, and what it names. */
interface Input {
  readonly text: string;
  readonly named: () => Named;
}

/** The arguments as they are; for -, a line of standard input each. */
async function* inputsOf(
  subjects: readonly string[],
  stated: ModuleVersion | undefined,
  console: Console,
): AsyncGenerator<Input> {
  for (const text of subjects) {
    if (text !== '-') yield { text, named: () => ({ file: text, stated }) };
    else
      for await (const line of console.lines())
        if (line !== '') yield { text: line, named: () => parseLine(line) };
  }
}

async function verifyOne(
  disk: Disk,
  { text: input, named }: Input,
  verifier: JailedVerifier,
): Promise<Outcome> {
  try {
    const { file, stated } = named();
    const subject = readSubject(disk, file, { stated, zipBytes: LARGEST_VERIFIED });
    return {
      input,
      verification: await verifier.verify(subject.zip, subject.stated),
    };
  } catch (error) {
    if (error instanceof CaseError && error.code === 'STOPPED')
      return { input, error: error.message, isStopped: true };
    // Without isolation nothing is read: that is no answer about this zip.
    if (error instanceof CodedError && error.code !== 'ISOLATION')
      return { input, error: error.message };
    throw error;
  }
}

/** 1 for what is not sound, then 65 for what could not be read, then 2 for what has no answer. */
function codeOf(outcome: Outcome): number {
  if ('error' in outcome) return outcome.isStopped ? EXIT.inconclusive : EXIT.input;
  return soundness(outcome.verification);
}

function soundness({ isSound, isConcluded }: Verification): number {
  if (!isSound) return EXIT.found;
  return isConcluded ? EXIT.clean : EXIT.inconclusive;
}

const WORST_FIRST: readonly number[] = [EXIT.found, EXIT.input, EXIT.inconclusive, EXIT.clean];

function worse(a: number, b: number): number {
  return WORST_FIRST.indexOf(a) < WORST_FIRST.indexOf(b) ? a : b;
}

/** Each form is loaded where it is written: JSON needs nothing of the reports. */
async function openWriter(
  isJson: boolean,
  { outIsTerminal }: Console,
): Promise<(outcome: Outcome) => string> {
  if (!isJson) return (await import('../output/verification-text.ts')).toText;
  const { toJson } = await import('../output/verification-json.ts');
  return (outcome) => {
    const json = toJson(outcome);
    return `${outIsTerminal ? printableJson(json) : json}\n`;
  };
}

/** Two zips of the largest kind fit; time is for each of them. */
const LIMITS = {
  memoryBytes: 3 * 1024 * 1024 * 1024,
  cpuSeconds: undefined,
  wallSeconds: 600,
  lineBytes: 256 * 1024 * 1024,
  totalBytes: Number.MAX_SAFE_INTEGER,
};

const LARGEST_GATHERED = 32 * 1024;

/**
 * Output in larger pieces where answers come faster than the event loop turns: whoever waits for an
 * answer before the next question still gets it at once.
 */
function createGatheredOut({ out, breathe }: Console) {
  let gathered = '';
  const flush = () => {
    if (gathered !== '') out(gathered);
    gathered = '';
  };
  return {
    flush,
    write(text: string) {
      if (gathered === '') void breathe().then(flush);
      gathered += text;
      if (gathered.length > LARGEST_GATHERED) flush();
    },
  };
}

/** Verifies zips one after the other; the exit code is that of the worst. */
export async function verify(
  subjects: readonly string[],
  options: VerifyOptions,
  console: Console,
): Promise<number> {
  if (options.as !== undefined && (subjects.length !== 1 || subjects[0] === '-')) {
    throw new CliError(
      'USAGE',
      'Cannot use --as for more than one module: write path@version, a tab and the file on lines of standard input, and give -',
    );
  }
  const disk = composeDisk();
  const write = await openWriter(options.json === true, console);
  const goSum = readGoSums(disk, options.goSum);
  const verifier = createJailedVerifier({
    jail: composeJail(console),
    level: parseIsolation(options.isolation),
    weakest: 'permission',
    limits: LIMITS,
    goSum,
    sumdb: composeSumdb(disk, console, options),
    profile: undefined,
    version: '',
  });
  const stated = parseStated(options.as);
  const out = createGatheredOut(console);
  let code: number = EXIT.clean;
  try {
    for await (const input of inputsOf(subjects, stated, console)) {
      const outcome = await verifyOne(disk, input, verifier);
      out.write(write(outcome));
      code = worse(code, codeOf(outcome));
    }
  } finally {
    out.flush();
    await verifier.close();
  }
  return code;
}
