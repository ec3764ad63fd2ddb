import { json } from 'fast-check';
import { expect, test } from 'vitest';
import { formatCanonicalJson } from '#base';
import { forAll } from '../../support/for-all.ts';

test('formatCanonicalJson() gives the example of RFC 8785 section 3.2.3', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '\ud83d\ude00': 'Emoji',
    '\u0080': 'Control',
    '\u00f6': 'o',
  };
  expect(Object.keys(JSON.parse(formatCanonicalJson(value)) as object)).toEqual([
    '1',
    '\r',
    '\u0080',
    '\u00f6',
    '\u20ac',
    '\ud83d\ude00',
    '\ufb33',
  ]);
  expect(formatCanonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27])).toBe(
    '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
  );
});

test('formatCanonicalJson() is its own inverse with JSON.parse', () => {
  forAll(json(), (text) => {
    const value = JSON.parse(text) as unknown;
    const canonical = formatCanonicalJson(value);
    return formatCanonicalJson(JSON.parse(canonical)) === canonical;
  });
});

test.each([
  ['a lone surrogate', '\ud800'],
  ['a number that is none', Number.NaN],
  ['an infinity', Number.POSITIVE_INFINITY],
  ['a function', () => 1],
])('formatCanonicalJson() refuses %s', (_, value) => {
  expect(() => formatCanonicalJson(value)).toThrow('canonical JSON');
});
