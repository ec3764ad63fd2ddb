import { CodedError } from '#base';

/** `OUTPUT`: the case could not be written; nothing half-written is left. */
export type CaseErrorCode = 'OUTPUT';

/** A case that could not be finished for a reason of ours. */
export class CaseError extends CodedError<CaseErrorCode> {}

/** Ends an examination in this process whose case does not want more of it. */
export class ExaminationStopped extends Error {}
