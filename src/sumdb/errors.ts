import { CodedError } from '#base';

/**
 * `NO_LOG`: a folder that holds no checksum database. `UNREACHABLE`: a log
 * that cannot be asked. `SILENT`: one that does not answer in time. `TOO_LONG`: an answer over its limit.
 * `MALFORMED_RECORD`: a lookup that is none. `NO_HEAD`: a lookup without a signed head, which Go takes
 * once it knows a newer one. `NOT_CANONICAL`: a record number with a sign or zeros in
 * front, which Go takes. `UNPROVEN`: a record that the tree does not hold. `FORK`: two signed heads of
 * which neither is the start of the other. `STATE`: the newest head could not be read or stored.
 * `SUBJECT`: a path or version that no log can hold. `SKIPPED`: a module whose name is not to be told.
 * `NO_RECORD`: a log, or a copy of it, without a record of the module. `NO_LINE`: a proven record without
 * a line for the module. `NOT_FITTING`: a proof without its record, which no hash of the module fits.
 */
export type SumdbErrorCode =
  | 'NO_LOG'
  | 'UNREACHABLE'
  | 'SILENT'
  | 'TOO_LONG'
  | 'MALFORMED_RECORD'
  | 'NO_HEAD'
  | 'NOT_CANONICAL'
  | 'UNPROVEN'
  | 'FORK'
  | 'STATE'
  | 'SUBJECT'
  | 'SKIPPED'
  | 'NO_RECORD'
  | 'NO_LINE'
  | 'NOT_FITTING';

/** Why the checksum database's word could not be had, or cannot be trusted. */
export class SumdbError extends CodedError<SumdbErrorCode> {}

/** Two heads of one log that contradict each other: proof that the log, or who speaks for it, lies. */
export interface Fork {
  /** The signed note of the smaller tree. */
  readonly older: string;
  readonly newer: string;
  /** The root that the newer tree gives for the older size, in base64. */
  readonly root: string;
  /** From that root to the newer tree (RFC 6962 section 2.1.2), in base64. */
  readonly proof: readonly string[];
}

/** A fork, with what proves it. */
export class ForkError extends SumdbError {
  readonly fork: Fork;

  constructor(message: string, fork: Fork) {
    super('FORK', message);
    this.fork = fork;
  }
}
