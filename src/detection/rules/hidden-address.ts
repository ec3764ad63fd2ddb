import type { Rule } from '../rule.ts';

/** Operations that no one needs to write an address down. */
const HIDING = new Set(
  'index xor shift map base64 base32 hex ascii85 quoted-printable gzip zlib flate bzip2 lzw aes des 3des rc4 chacha20'.split(
    ' ',
  ),
);
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/\S+$|^[\w-]+(?:\.[\w-]+)+:\d{1,5}$/i;
const ASKS =
  /^(?:net|net\/http|net\/smtp|net\/rpc|golang\.org\/x\/net|golang\.org\/x\/crypto\/ssh)[./]/;

/** An address that is decoded, decrypted or put together from a table, and then asked. */
export const hiddenAddress: Rule = {
  id: 'hidden-address',
  title: 'Hides an address that it asks',
  description:
    'An address is decoded, decrypted or put together from single places of a table, and given to a function that uses the network. Honest code has few reasons to hide where it goes; keys that lie beside what they open protect nothing.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1027', 'T1071'],
  cwe: ['CWE-506'],
  advice: 'Look the address up, and search your logs for it.',
  check: ({ source }) =>
    source.strings
      .filter(
        ({ value, how, uses = [] }) =>
          ADDRESS.test(value) &&
          how.some((operation) => HIDING.has(operation)) &&
          uses.some((use) => ASKS.test(use.function)),
      )
      .map(({ file, line, column, value, how }) => ({
        message: `uses an address that the code hides (${how.join(', ')}): ${value}`,
        file,
        line,
        column,
        value,
      })),
};
