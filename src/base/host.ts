import { CodedError } from './coded-error.ts';

/**
 * `NOT_FOUND`: no such file or folder. `DENIED`: the system refuses access. `NOT_A_FILE`: a folder
 * or device where a file is wanted, or a file in the place of a folder. `TOO_LARGE`: over the
 * caller's limit. `EXISTS`: the name is taken. `FULL`: no room, or the system is read-only.
 * `UNREACHABLE`: a server that did not answer, or not with what was asked for. `TIMED_OUT`: one that
 * did not answer in time.
 * `FAILED`: anything else the system says.
 */
export type HostErrorCode =
  | 'NOT_FOUND'
  | 'DENIED'
  | 'NOT_A_FILE'
  | 'TOO_LARGE'
  | 'EXISTS'
  | 'FULL'
  | 'UNREACHABLE'
  | 'TIMED_OUT'
  | 'FAILED';

/** The machine did not do what was asked. */
export class HostError extends CodedError<HostErrorCode> {}

/** What stands at a path of the host. Links are followed by `kindOf`, and named by `list`. */
export type PathKind = 'file' | 'directory' | 'link' | 'other';

/** One name in a folder of the host. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: PathKind;
  /** False when the name's bytes are not valid UTF-8: `name` is then only for showing. */
  readonly validName: boolean;
}

/** A file that only grows. */
export interface AppendFile {
  append(bytes: Uint8Array): void;
  /** Flushes to the disk and closes. */
  close(): void;
}

/** The host's disk. Every method throws {@link HostError} and nothing else. */
export interface Disk {
  kindOf(path: string): PathKind | undefined;
  /** True for a symbolic link, wherever it leads. */
  isLink(path: string): boolean;
  /** The file's bytes; refuses before reading when there are more than `limit`. */
  read(path: string, limit: number): Uint8Array;
  list(path: string): readonly DirectoryEntry[];
  /** Makes a folder and its parents. */
  makeDirectory(path: string): void;
  /** Makes one folder; `EXISTS` when the name is taken. */
  makeNewDirectory(path: string): void;
  /**
   * Writes to a temporary name, flushes, then renames: a reader sees all or nothing. `flush: false`, for
   * what is written again soon, gives up on a power cut, not on a kill.
   */
  write(path: string, bytes: Uint8Array, options?: { readonly flush?: boolean }): void;
  /** Creates a file for the owner alone (mode 0600); `EXISTS` when the name is taken. */
  writeSecret(path: string, bytes: Uint8Array): void;
  /**
   * Compare-and-swap of a whole file, also between processes: false, and nothing changed, when its
   * bytes are not `before` (undefined for no file).
   */
  replace(path: string, before: Uint8Array | undefined, after: Uint8Array): boolean;
  append(path: string): AppendFile;
  /** `EXISTS` when `to` is taken. */
  rename(from: string, to: string): void;
  /** Removes a file or a folder with all below it. */
  remove(path: string): void;
}

/** What one request may cost. */
export interface RequestLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** The network; handed out only where the user asked for it. */
export interface Network {
  /**
   * GETs an http or https address, following redirects but never down to http; undefined for the
   * statuses 404 and 410. A user and password in it are sent over https alone, and named nowhere.
   *
   * @throws HostError `UNREACHABLE` or `TIMED_OUT` with address and cause, `TOO_LARGE`.
   */
  get(url: string, limits: RequestLimits): Promise<Uint8Array | undefined>;
}

/** The host's clock. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds since some fixed moment: for durations. */
  elapsed(): number;
}

/** How well a program can be shut in, from the weakest. */
export const JAIL_LEVELS = ['permission', 'userns', 'bwrap'] as const;
/** One of {@link JAIL_LEVELS}. */
export type JailLevel = (typeof JAIL_LEVELS)[number];

/** What a jailed program may use. Whoever is over a limit is killed by the system. */
export interface JailLimits {
  /** RLIMIT_DATA. */
  readonly memoryBytes: number;
  /** RLIMIT_CPU; undefined for none. */
  readonly cpuSeconds: number | undefined;
  /** The most bytes of one line of its output. */
  readonly lineBytes: number;
}

/** How a jailed program ended. */
export interface JailEnd {
  /** What killed it; undefined where it ended by itself. */
  readonly cause: 'memory' | 'cpu' | 'time' | 'output' | 'signal' | 'killed' | undefined;
  /** In words: signal, exit code, what it said last. */
  readonly detail: string;
}

/** A program that runs with no rights: bytes go in, lines come out. */
export interface JailedProgram {
  /** Resolves once the bytes are on their way; never rejects: a program that ended says so by `ended`. */
  send(bytes: Uint8Array): Promise<void>;
  /** The lines of its output, without line feeds, as they come. */
  readonly lines: AsyncIterable<Uint8Array>;
  /** Kills it after so many milliseconds, unless that is changed before; undefined for never. */
  deadline(milliseconds: number | undefined): void;
  kill(): void;
  readonly ended: Promise<JailEnd>;
}

/** Starts jailed programs. */
export interface Jail {
  /**
   * Starts the program at one level.
   *
   * @throws HostError `NOT_FOUND` where the machine has not what that level takes.
   */
  start(level: JailLevel, limits: JailLimits): JailedProgram;
}
