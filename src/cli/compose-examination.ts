import type { Disk } from '#base';
import type { ExaminationTools } from '#case';
import { type GoParser, openGoParser, type ParserPrograms, reopenGoParser } from '#golang';
import { type LoadedProfile, parseProfile } from '#sandbox';
import type { SumdbAsker } from '#sumdb';
import { LARGEST_SMALL_FILE, packagePath, pathOf } from './compose-machine.ts';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

const MOST_PARSER_RELOADS = 3;

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

const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * A profile by its name, or from a file.
 *
 * @throws CliError `USAGE` for a name that is not shipped, naming those that are.
 */
export async function composeProfile(disk: Disk, profile: string): Promise<LoadedProfile> {
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
