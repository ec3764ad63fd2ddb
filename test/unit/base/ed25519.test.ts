import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkEd25519, createSecretKey, publicKeyOf, signEd25519 } from '#base';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

test('signEd25519() and node:crypto agree on keys and signatures', () => {
  for (let i = 0; i < 20; i++) {
    const secret = createSecretKey();
    const message = Buffer.from(`message ${i}`);
    const key = createPrivateKey({
      key: Buffer.concat([PKCS8, secret]),
      format: 'der',
      type: 'pkcs8',
    });
    const signature = signEd25519(message, secret);
    expect(Buffer.from(signature)).toEqual(sign(null, message, key));
    const theirs = createPublicKey({
      key: Buffer.concat([SPKI, publicKeyOf(secret)]),
      format: 'der',
      type: 'spki',
    });
    expect(verify(null, message, theirs, signature)).toBe(true);
    expect(checkEd25519(signature, message, publicKeyOf(secret))).toBe(true);
  }
});

test('checkEd25519() refuses a small-order key, which node:crypto accepts', () => {
  const identity = Uint8Array.of(1, ...new Uint8Array(31));
  const signature = new Uint8Array([...identity, ...new Uint8Array(32)]);
  expect(checkEd25519(signature, new Uint8Array(3), identity)).toBe(false);
});

test('checkEd25519() refuses wrong lengths, flipped bits and S + L', () => {
  const secret = createSecretKey();
  const message = new Uint8Array(5);
  const signature = signEd25519(message, secret);
  const flipped = signature.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
  expect(checkEd25519(flipped, message, publicKeyOf(secret))).toBe(false);
  expect(checkEd25519(signature.subarray(1), message, publicKeyOf(secret))).toBe(false);
  expect(checkEd25519(signature, message, publicKeyOf(secret).subarray(1))).toBe(false);
});
