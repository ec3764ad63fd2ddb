import { string } from 'fast-check';
import { expect, test } from 'vitest';
import { filePathFault, modulePathFault, parseModuleVersion, placeholderVersion } from '#module';
import { forAll } from '../../support/for-all.ts';

const raw = (path: string) => Buffer.from(path).toString('latin1');

// path, good as a module, good as a file (golang.org/x/mod/module, the table of its own tests in short).
test.each([
  ['x.y/z', true, true],
  ['x.y/z/v2', true, true],
  ['x..y/z', true, true],
  ['x.y/z09~09z', true, true],
  ['x.y/z/v0', false, true],
  ['x.y/z/v1', false, true],
  ['x.y/z/v2.0', false, true],
  ['X.y/z', false, true],
  ['.x/z', false, true],
  ['x.y+/z', false, true],
  ['_x.y/z', false, true],
  ['-x/z', false, true],
  ['x.y/z~0', false, true],
  ['x.y/z.~1', true, true],
  ['x.y@/z', false, true],
  ['github.com/user/unicode/испытание', false, true],
  ['x.y/aux.foo', false, false],
  ['x.y"/z', false, false],
  ['x.y:/z', false, false],
  ['x.y\\/z', false, false],
  ['x./z', false, false],
  ['x.y//z', false, false],
  ['/x.y/z', false, false],
  ['../x', false, false],
  ['x☺y', false, false],
  ['gopkg.in/yaml.v3', true, true],
  ['gopkg.in/yaml.v0', true, true],
  ['gopkg.in/yaml.v01', false, true],
  ['gopkg.in/yaml', false, true],
  ['gopkg.in/yaml.v2-unstable', true, true],
])('%s', (path, asModule, asFile) => {
  expect(modulePathFault(path) === undefined).toBe(asModule);
  expect(filePathFault(raw(path)) === undefined).toBe(asFile);
});

test('faults are in the words of the go command', () => {
  expect(filePathFault(raw('a/..'))).toBe('malformed file path "a/..": invalid path element ".."');
  expect(filePathFault('\xff')).toBe('malformed file path "\\xff": invalid UTF-8');
  expect(filePathFault(raw('e\u0301'))).toBe(
    'malformed file path "e\u0301": invalid char \'\u0301\'',
  );
  expect(modulePathFault('m')).toBe('malformed module path "m": missing dot in first path element');
});

test.each([
  ['github.com/go-yaml/yaml@v2.0.0', false],
  ['github.com/go-yaml/yaml/v2@v2.1.5', true],
  ['gopkg.in/check.v1@v0.0.0', false],
  ['gopkg.in/check.v1@v0.0.0-20160102150405-abcdef123456', true],
  ['rsc.io/quote@v17.0.0+incompatible', true],
  ['gopkg.in/yaml.v0@v1.0.0', false],
  ['example.com/m@v1.2', false],
  ['example.com/m@v1.0.0+meta', false],
  ['example.com/m@v1.0.0-01', false],
  ['example.com/m@latest', false],
  ['example.com/m', false],
  ['@v1.0.0', false],
])('parseModuleVersion() of %s: %s', (text, ok) => {
  if (ok)
    expect(parseModuleVersion(text)).toEqual({
      path: text.split('@')[0],
      version: text.split('@')[1],
    });
  else
    expect(() => parseModuleVersion(text)).toThrowError(
      expect.objectContaining({ code: 'MODULE_VERSION' }) as Error,
    );
});

test('placeholderVersion() follows the major number of the path', () => {
  expect(placeholderVersion('example.com/m').version).toBe('v0.0.0-00010101000000-000000000000');
  expect(placeholderVersion('example.com/m/v3').version).toBe('v3.0.0-00010101000000-000000000000');
  expect(placeholderVersion('gopkg.in/m.v2').version).toBe('v2.0.0-00010101000000-000000000000');
  expect(() => placeholderVersion('m')).toThrowError(
    expect.objectContaining({ code: 'PATH' }) as Error,
  );
});

test('filePathFault() never throws', () => {
  forAll(string({ unit: 'binary' }), (path) => typeof filePathFault(raw(path)) !== 'number');
});
