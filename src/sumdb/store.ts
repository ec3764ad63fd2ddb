import { type Disk, HostError } from '#base';
import { SumdbError } from './errors.ts';
import type { LatestTree, LogCache } from './log-reader.ts';

const LONGEST_HEAD = 1_000_000;

/** The newest head of a log in a file, the same for every process. */
export function createStoredLatest(disk: Disk, file: string): LatestTree {
  const attempt = async <Result>(call: () => Result): Promise<Result> => {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // The reason alone: failures become evidence, which names no path of the host.
      const reason = error.message.slice(error.message.lastIndexOf(': ') + 2);
      throw new SumdbError(
        'STATE',
        `Cannot remember the newest head in the state folder (XDG_STATE_HOME): ${reason}`,
        { cause: error },
      );
    }
  };
  return {
    load: () =>
      attempt(() => (disk.kindOf(file) === undefined ? undefined : disk.read(file, LONGEST_HEAD))),
    replace: (before, after) => attempt(() => disk.replace(file, before, after)),
  };
}

/** Proven answers in a folder, in the layout of the protocol. */
export function createStoredCache(disk: Disk, directory: string): LogCache {
  return {
    async read(path, limit) {
      try {
        return disk.read(`${directory}/${path}`, limit);
      } catch (error) {
        if (error instanceof HostError) return undefined; // Asked for again: the cache is a comfort.
        throw error;
      }
    },
    async write(path, bytes) {
      const file = `${directory}/${path}`;
      try {
        disk.makeDirectory(file.slice(0, file.lastIndexOf('/')));
        disk.write(file, bytes);
      } catch (error) {
        if (!(error instanceof HostError)) throw error; // A full disk costs a request next time.
      }
    },
  };
}
