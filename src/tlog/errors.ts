import { CodedError } from '#base';

/**
 * `MALFORMED_KEY`, `KEY_HASH`, `KEY_ALGORITHM`: a verifier or signer key that is none, whose hash is
 * another's, or of a kind that is not known. `MALFORMED_NOTE`: not a signed note.
 * `UNKNOWN_KEYS`: a note without a signature by a known key. `AMBIGUOUS_KEY`: two known keys with one
 * name and hash. `INVALID_SIGNATURE`: a known key did not sign this. `MALFORMED_TREE`: not a tree head.
 * `NOT_CANONICAL`: a second spelling of a value, or one beyond 2^52, which Go would take and we do not.
 * `MALFORMED_PROOF`: not a tlog-proof. `INVALID_PROOF`: a proof that does not lead to the root.
 * `NOT_IN_TREE`: an index past the end of the tree. `TILE_LENGTH`: a tile of another length than its
 * width says. `INCONSISTENT_TILE`: tiles that do not lead to the signed root.
 */
export type TlogErrorCode =
  | 'MALFORMED_KEY'
  | 'KEY_HASH'
  | 'KEY_ALGORITHM'
  | 'MALFORMED_NOTE'
  | 'UNKNOWN_KEYS'
  | 'AMBIGUOUS_KEY'
  | 'INVALID_SIGNATURE'
  | 'MALFORMED_TREE'
  | 'NOT_CANONICAL'
  | 'MALFORMED_PROOF'
  | 'INVALID_PROOF'
  | 'NOT_IN_TREE'
  | 'TILE_LENGTH'
  | 'INCONSISTENT_TILE';

/** Trust that was not established: a key, note, head, tile or proof that does not hold. */
export class TlogError extends CodedError<TlogErrorCode> {}
