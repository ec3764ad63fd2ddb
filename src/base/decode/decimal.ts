const CANONICAL = /^(0|[1-9][0-9]{0,15})$/;

/**
 * Parses a canonical decimal: no sign, no space, no leading zero.
 *
 * Returns undefined for anything else and for values above 2^53 - 1, so that
 * a text has exactly one reading.
 */
export function parseDecimal(text: string): number | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
