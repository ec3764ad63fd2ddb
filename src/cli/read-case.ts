import type { Disk } from '#base';
import { CliError } from './errors.ts';

const LARGEST_FILE = 2 * 1024 * 1024 * 1024;

/**
 * The files of a case by their names.
 *
 * @throws CliError `INPUT` for what is no folder.
 */
export function readCase(disk: Disk, directory: string): ReadonlyMap<string, Uint8Array> {
  const kind = disk.kindOf(directory);
  if (kind === undefined)
    throw new CliError('INPUT', `Cannot open ${directory}: there is no such folder`);
  if (kind !== 'directory')
    throw new CliError('INPUT', `Cannot open ${directory}: a case is a folder`);
  const files = new Map<string, Uint8Array>();
  for (const { name, kind: found } of disk.list(directory)) {
    // A folder or a link in a case is foreign to it: named here, it fails the check of the case.
    files.set(
      name,
      found === 'file' ? disk.read(`${directory}/${name}`, LARGEST_FILE) : new Uint8Array(0),
    );
  }
  return files;
}
