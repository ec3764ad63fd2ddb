import { encodeUtf8 } from './decode/utf8.ts';

/**
 * Canonical JSON (RFC 8785): sorted keys, no space, one form for each value.
 *
 * Keys whose value is undefined are left out.
 *
 * @throws Error for what RFC 8785 cannot express: lone surrogates, NaN, infinities, functions.
 */
export function formatCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatCanonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return formatObject(value);
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new Error('Cannot encode a lone surrogate as canonical JSON');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`Cannot encode ${value} as canonical JSON`);
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error(`Cannot encode a ${typeof value} as canonical JSON`);
  return text;
}

function formatObject(value: object): string {
  const fields: string[] = [];
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    fields.push(`${formatCanonicalJson(key)}:${formatCanonicalJson(record[key])}`);
  }
  return `{${fields.join(',')}}`;
}

/** The UTF-8 bytes of {@link formatCanonicalJson}. */
export function encodeCanonicalJson(value: unknown): Uint8Array {
  return encodeUtf8(formatCanonicalJson(value));
}
