import { CodedError } from '#base';

/**
 * `NOT_FOUND`: nothing at the path. `NOT_A_FILE`: a folder where a file is wanted.
 * `NOT_A_DIRECTORY`: a file where a folder is wanted. `DENIED`: the policy refuses.
 * `LIMIT`: over a limit of the profile. `PATH`: not an absolute, clean path.
 * `PROFILE`: a profile that does not keep its schema.
 */
export type SandboxErrorCode =
  | 'NOT_FOUND'
  | 'NOT_A_FILE'
  | 'NOT_A_DIRECTORY'
  | 'DENIED'
  | 'LIMIT'
  | 'PATH'
  | 'PROFILE';

/** An access that the sandbox refuses, or a profile that it cannot use. */
export class SandboxError extends CodedError<SandboxErrorCode> {}

/** What stands at a path, and in which layer. */
export interface FileStatus {
  readonly kind: 'file' | 'directory';
  /** Bytes of a file; 0 for a folder. */
  readonly size: number;
  readonly layer: string;
}

/** A name in a folder. */
export interface ListedName {
  readonly name: string;
  readonly kind: FileStatus['kind'];
}

/**
 * A filesystem in memory. Synchronous, because WASI calls are; paths are absolute and clean.
 *
 * Every method throws {@link SandboxError}.
 */
export interface Filesystem {
  stat(path: string): FileStatus;
  /** What is in a folder, in the byte order of the names. */
  list(path: string): readonly ListedName[];
  readFile(path: string): Uint8Array;
  /** Creates or replaces a file; its folder must exist. */
  writeFile(path: string, data: Uint8Array): void;
  makeDirectory(path: string): void;
  removeFile(path: string): void;
}
