import { copyText } from '#base';
import { unquoteGo } from '#golang';

/** Literals are kept as far as rules look at them. */
const LONGEST = 400;

/** A literal of Go as text; empty where it is long or none. */
export function unquoted(literal: string): string {
  return literal.length > LONGEST ? '' : copyText(unquoteGo(literal));
}
