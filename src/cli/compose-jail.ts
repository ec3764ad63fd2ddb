import { JAIL_LEVELS, type Jail, type JailLevel } from '#base';
import { createJail, packageFolders } from '#host';
import { packagePath } from './compose-machine.ts';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

/** What `--isolation` can be. */
export const ISOLATIONS = ['auto', 'bwrap', 'userns', 'permission'] as const;

/** The program that reads hostile bytes, shut in. */
export function composeJail({ env }: Console): Jail {
  return createJail({
    // Always the built one: a program that is translated while it runs needs more than it is given.
    script: packagePath('dist/cli/jailed.js'),
    readable: packageFolders(packagePath('').replace(/\/$/, '')),
    path: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  });
}

/**
 * The level that was asked for; undefined for the best that there is.
 *
 * @throws CliError `USAGE` for what is none.
 */
export function parseIsolation(text: string): JailLevel | undefined {
  if (text === 'auto') return undefined;
  const level = JAIL_LEVELS.find((each) => each === text);
  if (level !== undefined) return level;
  throw new CliError(
    'USAGE',
    `Cannot isolate with ${JSON.stringify(text)}: there are ${ISOLATIONS.join(', ')}`,
  );
}
