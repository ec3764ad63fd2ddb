/** The coder came to bytes that no encoder writes, or to the end of its input. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}
