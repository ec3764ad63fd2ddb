/** The code that is followed would stop here with a panic. */
export class GoPanic extends Error {
  override readonly name = 'GoPanic';
}

/** Following it costs more than the limit. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/** A value of the library would be larger than is followed: the call is not known. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}
