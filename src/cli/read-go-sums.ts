import type { Disk } from '#base';
import { type GoSumLine, parseGoSum } from '#module';

// Of the largest projects it is one megabyte.
const LARGEST_GO_SUM = 16 * 1024 * 1024;

/** The lines of all go.sum files that were given; undefined where none was. */
export function readGoSums(disk: Disk, files: readonly string[]): readonly GoSumLine[] | undefined {
  if (files.length === 0) return undefined;
  return files.flatMap((file) =>
    parseGoSum(disk.read(file, LARGEST_GO_SUM), file.slice(file.lastIndexOf('/') + 1)),
  );
}
