/** A time in milliseconds since 1970 as RFC 3339 in UTC, with milliseconds. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
