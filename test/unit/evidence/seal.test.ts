import { uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretKey } from '#base';
import { checkSeal, formatPublicKey, formatSecretKey, openSigner, parsePublicKey } from '#evidence';
import { forAll } from '../../support/for-all.ts';

test('keys are written and read in the form of openssl', () => {
  const pem = formatSecretKey(createSecretKey());
  const signer = openSigner(pem, 'key');
  expect(parsePublicKey(pem, 'key')).toEqual(signer.publicKey);
  expect(parsePublicKey(formatPublicKey(signer.publicKey), 'pub')).toEqual(signer.publicKey);
  expect(signer.keyId).toMatch(/^[A-Za-z0-9+/]{43}=$/);
});

test.each([
  ['nothing', ''],
  ['text', 'hello'],
  [
    'a public key',
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
  ],
  [
    'an encrypted key',
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
  ],
  ['base64 with a stray bit', '-----BEGIN PRIVATE KEY-----\nMC5=\n-----END PRIVATE KEY-----\n'],
])('openSigner() refuses %s', (_, text) => {
  expect(() => openSigner(new TextEncoder().encode(text), 'key')).toThrowError(
    expect.objectContaining({ code: 'KEY' }) as Error,
  );
});

test('checkSeal() never throws, whatever the files hold', () => {
  forAll(uint8Array({ maxLength: 200 }), (bytes) => {
    const files = ['case.sigstore.json', 'examiner.pub', 'evidence.json', 'audit.jsonl'].map(
      (name) => [name, bytes] as const,
    );
    return checkSeal(new Map(files)).ok === false;
  });
  expect(checkSeal(new Map()).ok).toBe(false);
});
