import { type Disk, HostError } from '#base';
import { CliError } from './errors.ts';

/**
 * Writes a file whose name must be free.
 *
 * @throws CliError `OUTPUT`.
 */
export function writeNewFile(disk: Disk, file: string, bytes: Uint8Array): void {
  if (disk.kindOf(file) !== undefined) {
    throw new CliError(
      'OUTPUT',
      `Cannot write ${file}: the name is taken; remove it, or name another with --out`,
    );
  }
  try {
    disk.write(file, bytes);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new CliError('OUTPUT', error.message, { cause: error });
  }
}
