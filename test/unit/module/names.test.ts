import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  escapeModulePath,
  escapeVersion,
  formatPseudoVersion,
  isPseudoVersion,
  isZeroPseudoVersion,
  majorMinorOf,
  matchesPrefixPattern,
  orderVersions,
  parsePseudoVersion,
  unescapeModulePath,
  unescapeVersion,
  zeroPseudoVersion,
} from '#module';

describe('escaping', () => {
  test.each([
    ['github.com/GoogleCloudPlatform/omega', 'github.com/!google!cloud!platform/omega'],
    ['ascii.example/abcxyz', 'ascii.example/abcxyz'],
  ])('%s', (path, escaped) => {
    expect(escapeModulePath(path)).toBe(escaped);
    expect(unescapeModulePath(escaped)).toBe(path);
  });

  test.each(['github.com/!!google', 'github.com/!0google', 'github.com/x!', 'github.com/X', '..'])(
    '%s is no escaped path',
    (escaped) => expect(unescapeModulePath(escaped)).toBeUndefined(),
  );

  test('versions', () => {
    expect(escapeVersion('v1.0.0-RC1')).toBe('v1.0.0-!r!c1');
    expect(unescapeVersion('v1.0.0-!r!c1')).toBe('v1.0.0-RC1');
    expect(escapeVersion('master')).toBe('master');
    expect(escapeVersion('v1.0.0+incompatible')).toBe('v1.0.0+incompatible');
    for (const version of ['feature/x', '..', 'a!b', '', 'é'])
      expect(escapeVersion(version)).toBeUndefined();
  });
});

test('orderVersions() breaks ties by their text, compareVersions() does not', () => {
  expect(compareVersions('v2.0.0', 'v2.0.0+incompatible')).toBe(0);
  expect(compareVersions('bad', 'worse')).toBe(0);
  expect(compareVersions('bad', 'v0.0.0-a')).toBe(-1);
  const sorted = [
    'v1.0.0-a',
    'v1.0.0-a.b',
    'v1.0.0-a.1',
    'v1.0.0-10',
    'v1.0.0-9',
    'v1.0.0',
    'v1.10.0',
    'v1.9.0',
  ];
  expect([...sorted].sort(orderVersions)).toEqual([
    'v1.0.0-9',
    'v1.0.0-10',
    'v1.0.0-a',
    'v1.0.0-a.1',
    'v1.0.0-a.b',
    'v1.0.0',
    'v1.9.0',
    'v1.10.0',
  ]);
  expect(majorMinorOf('v1')).toBe('v1.0');
});

describe('pseudo-versions', () => {
  const [timestamp, revision] = ['20060102150405', 'hash'];
  test.each([
    ['', 'v0.0.0-20060102150405-hash'],
    ['v1.2.3-pre', 'v1.2.3-pre.0.20060102150405-hash'],
    ['v1.2.99999999999999999', 'v1.2.100000000000000000-0.20060102150405-hash'],
    ['v2.3.0-pre+incompatible', 'v2.3.0-pre.0.20060102150405-hash+incompatible'],
    ['v2.3.0+incompatible', 'v2.3.1-0.20060102150405-hash+incompatible'],
  ])('after %j', (older, version) => {
    expect(formatPseudoVersion('', older, { timestamp, revision })).toBe(version);
    expect(isPseudoVersion(version)).toBe(true);
    expect(parsePseudoVersion(version)).toEqual({ base: older, timestamp, revision });
  });

  test.each([
    ['v1.0.0', 'syntax error'],
    ['v1.2.0-0.20060102150405-hash', 'version before v1.2.0 would have negative patch number'],
    [
      'v0.0.0-20060102150405-hash+incompatible',
      'lacks base version, but has build metadata "+incompatible"',
    ],
  ])('%s is refused', (version, reason) => {
    expect(parsePseudoVersion(version)).toBe(reason);
  });

  test('the one of no time', () => {
    expect(zeroPseudoVersion('v2')).toBe('v2.0.0-00010101000000-000000000000');
    expect(isZeroPseudoVersion('v2.0.0-00010101000000-000000000000')).toBe(true);
    expect(isZeroPseudoVersion('v2.0.0')).toBe(false);
  });
});

test.each([
  ['rsc.io', 'rsc.io/quote/v3', true],
  ['*/quote', 'rsc.io/quote', true],
  ['rsc', 'rsc.io/quote', false],
  ['rsc*', 'rsc.io/quote', true],
  ['*/quo', 'rsc.io/quote', false],
  ['*/*/*', 'rsc.io/quote', false],
  ['a,,rsc.io/', 'rsc.io/quote', true],
  ['[', 'rsc.io/quote', false],
  ['rsc.[a-i]o', 'rsc.io/quote', true],
  ['', 'rsc.io/quote', false],
])('matchesPrefixPattern(%j, %s)', (globs, path, matches) => {
  expect(matchesPrefixPattern(globs, path)).toBe(matches);
});
