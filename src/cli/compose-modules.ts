import { type Disk, HostError } from '#base';
import type { FetchModule } from '#case';
import { escapeModulePath, escapeVersion } from '#module';
import { CliError } from './errors.ts';

const LARGEST_GO_MOD = 16 * 1024 * 1024;
/** Where the go command keeps what it downloaded (go.dev/ref/mod#module-cache). */
const DOWNLOADS = 'cache/download';

/**
 * Reads of a module cache (GOMODCACHE, or a tree that a module proxy serves); undefined where none was
 * given.
 *
 * @throws CliError `INPUT` for what is no folder.
 */
export function composeModcache(
  disk: Disk,
  directory: string | undefined,
  zipBytes: number,
): FetchModule | undefined {
  if (directory === undefined) return undefined;
  if (disk.kindOf(directory) !== 'directory')
    throw new CliError(
      'INPUT',
      `Cannot read the module cache ${directory}: there is no such folder`,
    );
  const downloads = `${directory}/${DOWNLOADS}`;
  const root = disk.kindOf(downloads) === 'directory' ? downloads : directory;
  return async ({ path, version }, file) => {
    // The side that asks may have been taken over: a name is a valid one, or no place.
    const [folder, name] = [escapeModulePath(path), escapeVersion(version)];
    if (folder === undefined || name === undefined) return undefined;
    try {
      const limit = file === 'zip' ? zipBytes : LARGEST_GO_MOD;
      return disk.read(`${root}/${folder}/@v/${name}.${file}`, limit);
    } catch (error) {
      if (error instanceof HostError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  };
}

/**
 * The zips of `--with`.
 *
 * @throws CliError `INPUT` for one that cannot be read, or is no zip.
 */
export function readModules(
  disk: Disk,
  paths: readonly string[],
  zipBytes: number,
): readonly Uint8Array[] {
  return paths.map((path) => {
    let zip: Uint8Array;
    try {
      zip = disk.read(path, zipBytes);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      throw new CliError('INPUT', error.message, { cause: error });
    }
    // What it holds is read by the side that is shut in; that it is none at all is a slip of a hand.
    if (zip[0] === 0x50 && zip[1] === 0x4b) return zip;
    throw new CliError('INPUT', `Cannot read ${path} as a zip; --with takes module zips`);
  });
}
