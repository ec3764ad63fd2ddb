import { CodedError } from '#base';

/**
 * `OUTPUT`: the case could not be written; nothing half-written is left. `ISOLATION`: no level of
 * isolation that will do. `STOPPED`: a zip that could not be read to its end. `PARSER`: the parser of Go
 * cannot be loaded.
 */
export type CaseErrorCode = 'OUTPUT' | 'ISOLATION' | 'STOPPED' | 'PARSER';

/** A case that could not be finished for a reason of ours. */
export class CaseError extends CodedError<CaseErrorCode> {}

/** Ends an examination in this process whose case does not want more of it. */
export class ExaminationStopped extends Error {}
