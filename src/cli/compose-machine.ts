import { type Clock, type Disk, parseDecimal } from '#base';
import { createClock, createDisk, createFixedClock } from '#host';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

/** The most bytes of a file of our own, or of a key or profile. */
export const LARGEST_SMALL_FILE = 16 * 1024 * 1024;

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
export function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
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
