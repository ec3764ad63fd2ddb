import { encodeUtf8 } from '#base';

function encodePart(text: string): string {
  let encoded = '';
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9.\-_~:]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The package URL of a module (package-url specification, type golang); case is kept, as Go's paths need. */
export function modulePurl(path: string, version: string): string {
  return `pkg:golang/${path.split('/').map(encodePart).join('/')}@${encodePart(version)}`;
}
