import { decodeUtf8 } from '#base';
import { hasBytes, hasText, latin1 } from './bytes.ts';
import type { Format } from './format-class.ts';

const HEAD = 8192;

/** UTF-8 without zero bytes, as far as the head of the file says. */
function isUtf8(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD);
  if (head.includes(0)) return false;
  if (bytes.length <= HEAD) return decodeUtf8(head) !== undefined;
  // The cut may split a rune of up to four bytes.
  return [0, 1, 2, 3].some((cut) => decodeUtf8(head.subarray(0, HEAD - cut)) !== undefined);
}

/** An older encoding of one byte a letter: no control characters but those that texts have. */
function isOneByteText(bytes: Uint8Array): boolean {
  for (const byte of bytes.subarray(0, HEAD)) {
    if (byte < 0x20 && !(byte >= 7 && byte <= 13) && byte !== 0x1b) return false;
    if (byte >= 0x7f && byte < 0xa0) return false;
  }
  return bytes.length > 0;
}

const isUtf16 = (bytes: Uint8Array): boolean =>
  bytes.length % 2 === 0 && (hasBytes(bytes, 0, [0xff, 0xfe]) || hasBytes(bytes, 0, [0xfe, 0xff]));

const PEM = /^-----BEGIN ([A-Z0-9 ]{1,40})-----\r?$/m;
const SSH_KEY = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-[a-z0-9@.-]{1,40}) AAAA/;
const PGP: Readonly<Record<string, Format>> = {
  'PGP PRIVATE KEY BLOCK': { format: 'pgp-private-key', kind: 'key' },
  'PGP PUBLIC KEY BLOCK': { format: 'pgp-public-key', kind: 'certificate' },
  'PGP SIGNATURE': { format: 'pgp-signature', kind: 'certificate' },
  'PGP MESSAGE': { format: 'pgp-message', kind: 'binary' },
};

/** Keys and certificates in text (RFC 7468, OpenSSH, PuTTY). */
function keyFormat(head: string): Format | undefined {
  const [, label] = PEM.exec(head) ?? [];
  if (label !== undefined) {
    if (label.startsWith('PGP')) return PGP[label];
    if (label.endsWith('PRIVATE KEY')) return { format: 'pem-private-key', kind: 'key' };
    const isCertificate = label.includes('CERTIFICATE') || label.includes('CRL');
    if (isCertificate) return { format: 'pem-certificate', kind: 'certificate' };
    if (label.endsWith('PUBLIC KEY')) return { format: 'pem-public-key', kind: 'certificate' };
    return { format: 'pem', kind: 'text' };
  }
  if (head.startsWith('PuTTY-User-Key-File-')) return { format: 'putty-key', kind: 'key' };
  return SSH_KEY.test(head) ? { format: 'ssh-public-key', kind: 'certificate' } : undefined;
}

/** The program that a first line names, without path and version: `bash`, `python`, `env` looked through. */
function interpreterOf(head: string): string {
  const [line = ''] = head.slice(2, 300).split('\n', 1);
  const words = line.trim().split(/\s+/);
  const program = (words[0] ?? '').split('/').pop() ?? '';
  const named =
    program === 'env'
      ? (words.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) ?? program)
      : program;
  const plain = (named.split('/').pop() ?? '').replace(/[\d.]+$/, '');
  return /^[A-Za-z][A-Za-z0-9_+-]{0,30}$/.test(plain) ? plain : 'script';
}

const MARKS: readonly (readonly [RegExp, Format])[] = [
  [/^\s*<\?php\b/i, { format: 'php', kind: 'script' }],
  [/^\s*@echo\s+off\b/i, { format: 'batch', kind: 'script' }],
  [
    /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[\s\S]{0,500}?-->\s*)?<svg\b/i,
    { format: 'svg', kind: 'image' },
  ],
  [/^\s*<\?xml\b/, { format: 'xml', kind: 'text' }],
  [/^\s*<(?:!doctype html|html)\b/i, { format: 'html', kind: 'text' }],
];

/** What a text is; undefined where the bytes are none. */
export function textFormat(bytes: Uint8Array): Format | undefined {
  const first = hasText(bytes, 0, '#!') ? latin1(bytes.subarray(0, 300)) : '';
  // An interpreter is a path: other tools start their own lines like that.
  if (/^#![ \t]*\//.test(first)) return { format: interpreterOf(first), kind: 'script' };
  if (isUtf16(bytes)) return { format: 'utf-16', kind: 'text' };
  if (!isUtf8(bytes)) return isOneByteText(bytes) ? { format: 'text', kind: 'text' } : undefined;
  const head = latin1(bytes.subarray(0, 4096));
  const marked = MARKS.find(([mark]) => mark.test(head))?.[1];
  return keyFormat(head) ?? marked ?? { format: 'text', kind: 'text' };
}
