import { CodedError } from '#base';

/** `PARSER`: a program of the parser is not the pinned one. */
export type GolangErrorCode = 'PARSER';

/** The Go analysis cannot start. */
export class GolangError extends CodedError<GolangErrorCode> {}
