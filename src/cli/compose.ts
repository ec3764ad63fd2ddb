import { type Clock, createSecretKey, type Disk, HostError, parseDecimal } from '#base';
import type { ExaminationTools } from '#case';
import { formatSecretKey, openSigner, type Signer } from '#evidence';
import { type GoParser, openGoParser, type ParserPrograms, reopenGoParser } from '#golang';
import { createClock, createDisk, createFixedClock } from '#host';
import { type LoadedProfile, parseProfile } from '#sandbox';
import type { SumdbAsker } from '#sumdb';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

const MOST_PARSER_RELOADS = 3;
const LARGEST_SMALL_FILE = 16 * 1024 * 1024;

/** The machine's disk. */
export function composeDisk(): Disk {
  return createDisk();
}

/**
 * The clock: the machine's, or one that stands still where SOURCE_DATE_EPOCH is set.
 *
 * @throws CliError `USAGE` for a SOURCE_DATE_EPOCH that is no number of seconds.
 */
export function composeClock({ env }: Console): {
  readonly clock: Clock;
  readonly isFixed: boolean;
} {
  const epoch = env['SOURCE_DATE_EPOCH'];
  if (epoch === undefined || epoch === '') return { clock: createClock(), isFixed: false };
  const seconds = parseDecimal(epoch);
  if (seconds === undefined || seconds > 253_402_300_799) {
    throw new CliError(
      'USAGE',
      `Cannot use SOURCE_DATE_EPOCH ${JSON.stringify(epoch)}: it is no number of seconds since 1970`,
    );
  }
  return { clock: createFixedClock(seconds), isFixed: true };
}

/** The file behind a file: URL. */
function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

function readPrograms(disk: Disk): ParserPrograms {
  const read = (name: string) => disk.read(pathOf(import.meta.resolve(name)), LARGEST_SMALL_FILE);
  return {
    core: read('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: read('tree-sitter-go/tree-sitter-go.wasm'),
    library: import.meta.resolve('web-tree-sitter'),
  };
}

/** The parser, opened when the first stage asks for it, and whom to ask about the hashes. */
export function composeExamination(
  disk: Disk,
  { breathe }: Console,
  sumdb: SumdbAsker | undefined,
): ExaminationTools {
  let programs: ParserPrograms | undefined;
  let reloads = 0;
  const open = (opener: (from: ParserPrograms) => Promise<GoParser>) => {
    programs ??= readPrograms(disk);
    return opener(programs);
  };
  return {
    breathe,
    sumdb,
    openParser: () => open(openGoParser),
    reopenParser: async () => (++reloads > MOST_PARSER_RELOADS ? undefined : open(reopenGoParser)),
  };
}

/** A file of this package: profiles and samples stand beside `dist` and `src`. */
export function packagePath(name: string): string {
  return pathOf(new URL(`../../${name}`, import.meta.url).href);
}

/** The version in package.json. */
export function packageVersion(disk: Disk): string {
  const text = new TextDecoder().decode(disk.read(packagePath('package.json'), LARGEST_SMALL_FILE));
  return (JSON.parse(text) as { version: string }).version;
}

const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * A profile by its name, or from a file.
 *
 * @throws CliError `USAGE` for a name that is not shipped, naming those that are.
 */
export function composeProfile(disk: Disk, profile: string): LoadedProfile {
  if (!NAME.test(profile)) return parseProfile(disk.read(profile, LARGEST_SMALL_FILE), profile);
  const shipped = disk
    .list(packagePath('sandbox-profiles'))
    .map(({ name }) => name.replace(/\.yaml$/, ''))
    .sort();
  if (!shipped.includes(profile)) {
    throw new CliError(
      'USAGE',
      `Cannot find the profile ${JSON.stringify(profile)}: there are ${shipped.join(', ')}; a file needs its path, as in ./${profile}.yaml`,
    );
  }
  return parseProfile(
    disk.read(packagePath(`sandbox-profiles/${profile}.yaml`), LARGEST_SMALL_FILE),
    profile,
  );
}

/** Where this user's own key is kept. */
export function ownKeyPath({ env, homeDirectory }: Console): string {
  const state = env['XDG_STATE_HOME'];
  const root = state?.startsWith('/') ? state : `${homeDirectory}/.local/state`;
  return `${root}/glovebox/key.pem`;
}

/** A signer, and where its key was made if it had to be. */
export interface ComposedSigner {
  readonly signer: Signer;
  readonly created: string | undefined;
}

/** Makes the user's own key once; a run that comes second uses what the first one made. */
function createOwnKey(disk: Disk, path: string): boolean {
  try {
    disk.makeDirectory(path.slice(0, path.lastIndexOf('/')));
    disk.writeSecret(path, formatSecretKey(createSecretKey()));
    return true;
  } catch (error) {
    if (error instanceof HostError && error.code === 'EXISTS') return false;
    const reason = error instanceof HostError ? error.message : String(error);
    throw new CliError('INPUT', `Cannot make a signing key: ${reason}; give one with --key`, {
      cause: error,
    });
  }
}

/** The signer of a case: the key that was given, or the user's own, made when there is none. */
export function composeSigner(
  disk: Disk,
  console: Console,
  key: string | undefined,
): ComposedSigner {
  if (key !== undefined)
    return { signer: openSigner(disk.read(key, LARGEST_SMALL_FILE), key), created: undefined };
  const path = ownKeyPath(console);
  const isNew = disk.kindOf(path) === undefined && createOwnKey(disk, path);
  const signer = openSigner(disk.read(path, LARGEST_SMALL_FILE), path);
  return { signer, created: isNew ? path : undefined };
}
