/**
 * A wrong command line, in one sentence.
 *
 * Not a CodedError: reading arguments and printing help must not load the rest of the house.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
