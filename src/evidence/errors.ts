import { CodedError } from '#base';

/** `KEY`: a file that holds no Ed25519 key in the expected form. */
export type EvidenceErrorCode = 'KEY';

/** A key that cannot be used. */
export class EvidenceError extends CodedError<EvidenceErrorCode> {}
