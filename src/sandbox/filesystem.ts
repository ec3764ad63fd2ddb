import { CodedError } from '#base';

/**
 * The names of Linux (errno(3)), because a suspect is told them: `ENOENT` nothing at the path, `EACCES`
 * the policy refuses, `ENOSPC` and `EMFILE` over a limit of the profile, `ENAMETOOLONG` above NAME_MAX
 * or PATH_MAX, `EILSEQ` no well-formed text, and so on. `PROFILE`: a profile that does not keep its
 * schema.
 */
export type SandboxErrorCode =
  | 'EACCES'
  | 'EBADF'
  | 'EBUSY'
  | 'EEXIST'
  | 'EILSEQ'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'EMFILE'
  | 'ENAMETOOLONG'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EPERM'
  | 'PROFILE';

/** An access that the sandbox refuses, or a profile that it cannot use. */
export class SandboxError extends CodedError<SandboxErrorCode> {}

/** What a name stands for. */
export type FileKind = 'file' | 'directory' | 'link';

/** What stat(2) says, as far as it means something here. */
export interface FileStatus {
  readonly kind: FileKind;
  /** Never used again for another file of the same filesystem. */
  readonly ino: number;
  /** Permission bits: kept and told, and not enforced, as for a superuser; the policy decides. */
  readonly mode: number;
  /** Names of a file; 1 for a folder, as in Linux overlayfs. */
  readonly links: number;
  /** Bytes of a file or of a link's target; 0 for a folder. */
  readonly size: number;
  /** Nanoseconds since 1970 by the sandbox's own clock. */
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
  /** The layer whose content it has. */
  readonly layer: string;
}

/** A name in a folder. */
export interface ListedName {
  readonly name: string;
  readonly kind: FileKind;
}

/** A name in a folder with the place to go on from. */
export interface DirectoryEntry extends ListedName {
  readonly ino: number;
  /** Given to {@link Filesystem.readdir}, the listing goes on behind this name, whatever changed. */
  readonly cookie: number;
}

/** The flags of open(2). Without `read` and `write`, it is opened for reading. */
export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  readonly append?: boolean;
  readonly noFollow?: boolean;
  readonly directory?: boolean;
}

/** A path from the root, or, as for openat(2), from an open folder. */
export type Place = string | { readonly directory: number; readonly path: string };

/** Times to set, in nanoseconds since 1970. */
export interface FileTimes {
  readonly atime?: bigint;
  readonly mtime?: bigint;
}

/**
 * A filesystem in memory with the semantics of Linux. Synchronous, because system calls are.
 *
 * Handles are numbers as descriptors are; an open file survives its last name. Every method throws
 * {@link SandboxError} and nothing else, whatever it is given.
 */
export interface Filesystem {
  open(place: Place, flags: OpenFlags, mode?: number): number;
  close(handle: number): void;
  /** At most `length` bytes, from the handle's own offset, which moves, or from `position`. */
  read(handle: number, length: number, position?: number): Uint8Array;
  /** The bytes written: all of them, or an error. */
  write(handle: number, data: Uint8Array, position?: number): number;
  /** The new offset, counted from the start, the offset or the end. */
  seek(handle: number, offset: number, from: 'start' | 'current' | 'end'): number;
  /** Names behind the cookie (0 for all), at most `count`. */
  readdir(handle: number, cookie: number, count: number): readonly DirectoryEntry[];
  ftruncate(handle: number, size: number): void;
  fstat(handle: number): FileStatus;
  fsync(handle: number): void;
  stat(place: Place): FileStatus;
  lstat(place: Place): FileStatus;
  readlink(place: Place): string;
  truncate(place: Place, size: number): void;
  chmod(place: Place, mode: number): void;
  utimes(place: Place, times: FileTimes, options?: { readonly follow?: boolean }): void;
  mkdir(place: Place, mode?: number): void;
  rmdir(place: Place): void;
  unlink(place: Place): void;
  rename(from: Place, to: Place): void;
  link(from: Place, to: Place): void;
  symlink(target: string, place: Place): void;
  /** What is in a folder, in the byte order of the names. */
  list(place: Place): readonly ListedName[];
  readFile(place: Place): Uint8Array;
  /** Creates or replaces a file; its folder must exist. */
  writeFile(place: Place, data: Uint8Array): void;
}

/** What the writable layer changed at a path, with hashes in hex. */
export type Change =
  | {
      readonly path: string;
      readonly change: 'created' | 'deleted';
      readonly kind: FileKind;
      /** Of a file's bytes; null for a folder; of the target for a link. */
      readonly sha256: string | null;
      readonly size: number;
    }
  | {
      readonly path: string;
      readonly change: 'modified';
      readonly kind: FileKind;
      readonly sha256: string | null;
      readonly size: number;
      readonly before: { readonly sha256: string | null; readonly size: number };
    };
