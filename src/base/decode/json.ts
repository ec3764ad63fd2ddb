/** A JSON value: what facts, findings and events are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

// JSON.stringify escapes a surrogate only where it stands alone; any number of escaped backslashes may come before.
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

/** True for JSON, as JSON.stringify writes it, in which a text holds half a character: no UTF-8 can. */
export function hasHalfCharacter(json: string): boolean {
  return HALF_CHARACTER.test(json);
}

/** Parses JSON; undefined when the text is not JSON. Callers check the shape. */
export function decodeJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // Not JSON is the answer; the caller names the fault.
  }
}
