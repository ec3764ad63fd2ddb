import { CodedError } from '#base';

/** `USAGE`: a wrong command line. `INPUT`: a file that cannot be used. */
export type CliErrorCode = 'USAGE' | 'INPUT';

/** What the user asked for cannot be done as asked. */
export class CliError extends CodedError<CliErrorCode> {}
