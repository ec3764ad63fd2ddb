import { CodedError } from '#base';

/**
 * `USAGE`: a wrong command line. `INPUT`: a file that cannot be used. `OUTPUT`: one that cannot be written.
 * `BROKEN`: evidence that does not hold. */
export type CliErrorCode = 'USAGE' | 'INPUT' | 'OUTPUT' | 'BROKEN';

/** What the user asked for cannot be done as asked. */
export class CliError extends CodedError<CliErrorCode> {}
