import { CodedError, type Disk } from '#base';
import { type Verification, type VerificationOptions, verifyZip } from '#case';
import { type ModuleVersion, parseModuleVersion } from '#module';
import { composeDisk, composeProfile } from '../compose.ts';
import { composeSumdb } from '../compose-sumdb.ts';
import type { Console } from '../console.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { type Outcome, toJson, toText } from '../output/verification.ts';
import { readGoSums } from '../read-go-sums.ts';
import { readSubject } from '../read-subject.ts';

/** The options of `glovebox verify`. */
export interface VerifyOptions {
  readonly as?: string;
  readonly goSum: readonly string[];
  readonly sumdb?: string;
  readonly sumdbKey?: string;
  readonly json: boolean;
}

interface Named {
  readonly file: string;
  readonly stated: ModuleVersion | undefined;
}

/** `FILE`, or `path@version<TAB>FILE`. */
function parseInput(input: string): Named {
  const tab = input.indexOf('\t');
  if (tab < 0) return { file: input, stated: undefined };
  return { file: input.slice(tab + 1), stated: parseModuleVersion(input.slice(0, tab)) };
}

async function* inputsOf(subjects: readonly string[], console: Console): AsyncGenerator<string> {
  for (const subject of subjects) {
    if (subject !== '-') yield subject;
    else for await (const line of console.lines()) if (line !== '') yield line;
  }
}

type Options = Omit<VerificationOptions, 'stated'>;

async function verifyOne(
  disk: Disk,
  input: string,
  { named, options }: { readonly named: () => Named; readonly options: Options },
): Promise<Outcome> {
  try {
    const { file, stated } = named();
    const { zipBytes } = options.limits;
    const subject = readSubject(disk, file, { stated, zipBytes });
    return {
      input,
      verification: await verifyZip(subject.zip, { ...options, stated: subject.stated }),
    };
  } catch (error) {
    if (error instanceof CodedError) return { input, error: error.message };
    throw error;
  }
}

/** 1 for what is not sound, then 65 for what could not be read, then 2 for what has no answer. */
function codeOf(outcome: Outcome): number {
  if ('error' in outcome) return EXIT.input;
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
  const { limits } = composeProfile(disk, 'strict').profile;
  const goSum = readGoSums(disk, options.goSum);
  const sumdb = composeSumdb(disk, console, options);
  let code: number = EXIT.clean;
  for await (const input of inputsOf(subjects, console)) {
    const named = () =>
      options.as === undefined
        ? parseInput(input)
        : { file: input, stated: parseModuleVersion(options.as) };
    const outcome = await verifyOne(disk, input, { named, options: { goSum, sumdb, limits } });
    console.out(options.json ? `${toJson(outcome)}\n` : toText(outcome));
    code = worse(code, codeOf(outcome));
  }
  return code;
}
