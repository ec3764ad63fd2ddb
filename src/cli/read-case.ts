import { cleanPath, type Disk, encodeUtf8 } from '#base';
import { CliError } from './errors.ts';

/** A case's folder as it is called, however it was named: `.` inside it is the same. */
export function resolveCase(directory: string, workingDirectory: string): string {
  return cleanPath(directory.startsWith('/') ? directory : `${workingDirectory}/${directory}`);
}

/** In the place of a folder or link: never the bytes of anything that was sealed. */
const FOREIGN = encodeUtf8('not a regular file');

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
    files.set(name, found === 'file' ? disk.read(`${directory}/${name}`, LARGEST_FILE) : FOREIGN);
  }
  return files;
}
