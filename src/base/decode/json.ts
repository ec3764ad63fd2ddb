/** A JSON value: what facts, findings and events are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** Parses JSON; undefined when the text is not JSON. Callers check the shape. */
export function decodeJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // Not JSON is the answer; the caller names the fault.
  }
}
