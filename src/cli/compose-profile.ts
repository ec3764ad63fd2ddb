import type { Disk } from '#base';
import { RULES } from '#detection';
import { type LoadedProfile, type ProfileContext, parseProfile } from '#sandbox';
import { LARGEST_SMALL_FILE, packagePath } from './compose-machine.ts';
import { CliError } from './errors.ts';

const NAME = /^[a-z][a-z0-9-]*$/;
const FOLDER = 'sandbox-profiles';

/** What profiles are read against: those that are shipped, and the rules of this release. */
export function composeProfileContext(disk: Disk): ProfileContext {
  const shipped = disk
    .list(packagePath(FOLDER))
    .flatMap(({ name }) => (name.endsWith('.yaml') ? [name.slice(0, -'.yaml'.length)] : []))
    .sort();
  return {
    shipped,
    read: (name) => disk.read(packagePath(`${FOLDER}/${name}.yaml`), LARGEST_SMALL_FILE),
    rules: RULES.map(({ id }) => id),
  };
}

/** The bytes behind a profile: a shipped one by its name, or a file. */
export function readProfileFile(disk: Disk, profile: string, context: ProfileContext): Uint8Array {
  if (!NAME.test(profile)) return disk.read(profile, LARGEST_SMALL_FILE);
  if (!context.shipped.includes(profile)) {
    throw new CliError(
      'USAGE',
      `Cannot find the profile ${JSON.stringify(profile)}: there are ${context.shipped.join(', ')}; a file needs its path, as in ./${profile}.yaml`,
    );
  }
  return context.read(profile);
}

/**
 * A profile by its name, or from a file.
 *
 * @throws CliError `USAGE` for a name that is not shipped, naming those that are; SandboxError `PROFILE`.
 */
export async function composeProfile(disk: Disk, profile: string): Promise<LoadedProfile> {
  const context = composeProfileContext(disk);
  return parseProfile(readProfileFile(disk, profile, context), profile, context);
}
