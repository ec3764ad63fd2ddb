const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[abfnrtv\\'"])/g;

function decodeEscape(code: string): string {
  const short = ESCAPES[code];
  if (short !== undefined) return short;
  const isOctal = /^[0-7]/.test(code);
  const point = isOctal ? Number(`0o${code}`) : Number(`0x${code.slice(1)}`);
  return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
}

/** The value of a Go string literal, as text; bytes above ASCII written as escapes count as runes. */
export function unquoteGo(literal: string): string {
  const body = literal.slice(1, -1);
  return literal.startsWith('`')
    ? body.replaceAll('\r', '')
    : body.replace(ESCAPE, (_, code: string) => decodeEscape(code));
}
