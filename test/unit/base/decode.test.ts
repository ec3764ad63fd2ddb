import { base64String, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import {
  copyText,
  decodeBase64,
  decodeUtf8,
  decodeYaml,
  encodeBase64,
  fromByteString,
  parseDecimal,
  toByteString,
} from '#base';
import { forAll } from '../../support/for-all.ts';

test.each([
  ['nothing', ''],
  ['a sign', '-1'],
  ['a leading zero', '01'],
  ['trailing letters', '12abc'],
  ['hex', '0x10'],
  ['a space', ' 1'],
  ['more than 2^53 - 1', '9007199254740992'],
])('parseDecimal() refuses %s', (_, text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test('parseDecimal() takes canonical decimals', () => {
  expect([parseDecimal('0'), parseDecimal('9007199254740991')]).toEqual([0, 9007199254740991]);
});

test.each([
  ['characters outside the alphabet', '!!not base64!!'],
  ['missing padding', 'YQ'],
  ['stray bits', 'YR=='],
  ['the URL alphabet', '-_-_'],
  ['a line feed', 'YWJj\n'],
])('decodeBase64() refuses %s', (_, text) => {
  expect(decodeBase64(text)).toBeUndefined();
});

test('decodeBase64() takes exactly what encodeBase64() gives', () => {
  forAll(
    uint8Array(),
    (bytes) => Buffer.compare(decodeBase64(encodeBase64(bytes)) ?? Buffer.alloc(0), bytes) === 0,
  );
  forAll(
    base64String(),
    (text) => decodeBase64(text) === undefined || encodeBase64(decodeBase64(text)!) === text,
  );
});

test('byte strings keep every byte', () => {
  forAll(uint8Array(), (bytes) => Buffer.compare(fromByteString(toByteString(bytes)), bytes) === 0);
});

test('decodeUtf8() keeps a byte-order mark and refuses half a rune', () => {
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  expect(decodeUtf8(Uint8Array.of(0xe4, 0xb8))).toBeUndefined();
});

test('copyText() gives an equal text', () => {
  forAll(string({ unit: 'binary' }), (text) => copyText(text) === text);
});

test('decodeYaml() names faults and refuses aliases', async () => {
  expect((await decodeYaml('a: [1')).faults.length).toBeGreaterThan(0);
  expect((await decodeYaml('a: &x 1\nb: *x\n')).faults.length).toBeGreaterThan(0);
  expect((await decodeYaml('a: 1\na: 2\n')).faults.length).toBeGreaterThan(0);
  expect((await decodeYaml('a: 1\n')).value).toEqual({ a: 1 });
});
