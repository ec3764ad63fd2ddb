import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import { parseGoMod, parseGoWork } from '#module';

const TEXT = `// Deprecated: use example.com/n
// instead.
module "example.com/m" // here

go 1.21

toolchain go1.22.1

godebug default=go1.21

require (
\ta.b/c v1.0.0//indirect
\td.e/f v2.0.0+incompatible // indirect; why

\t// A comment.
\t"g.h/\\x6a" v1.2
)
exclude a.b/c v1.0.1
replace a.b/c => ../c
replace g.h/i v1.2.3 => j.k/l v0.1.0
// Broken on windows.
retract [v1.0.0, v1.1.0]
retract v1.2.3 // Leaks.
tool example.com/m/cmd
ignore ./node_modules
`;

test('parseGoMod() reads every directive', () => {
  expect(parseGoMod(encodeUtf8(TEXT), 'strict')).toEqual({
    module: 'example.com/m',
    deprecated: 'use example.com/n\ninstead.\nhere',
    go: '1.21',
    toolchain: 'go1.22.1',
    godebug: [['default', 'go1.21']],
    requires: [
      { path: 'a.b/c', version: 'v1.0.0', direct: false, line: 12 },
      { path: 'd.e/f', version: 'v2.0.0+incompatible', direct: false, line: 13 },
      { path: 'g.h/j', version: 'v1.2.0', direct: true, line: 16 },
    ],
    excludes: [{ path: 'a.b/c', version: 'v1.0.1' }],
    replaces: [
      { path: 'a.b/c', version: null, target: '../c', targetVersion: null, line: 19 },
      { path: 'g.h/i', version: 'v1.2.3', target: 'j.k/l', targetVersion: 'v0.1.0', line: 20 },
    ],
    retracts: [
      { low: 'v1.0.0', high: 'v1.1.0', rationale: 'Broken on windows.', line: 22 },
      { low: 'v1.2.3', high: 'v1.2.3', rationale: 'Leaks.', line: 23 },
    ],
    tools: ['example.com/m/cmd'],
    ignores: ['./node_modules'],
    faults: [],
  });
});

describe('faults have the words of the go command and their place', () => {
  test.each([
    ['module m /* x */\n', 1, 10, 'mod files must use // comments (not /* */ comments)'],
    ['module x.y/m\nrequire (\n', 3, 1, 'syntax error (unterminated block started at go.mod:2:1)'],
    ['module a.b/c\nmodule d.e/f\n', 2, 1, 'repeated module statement'],
    ['module a.b/c\nrequire x\n', 2, 1, 'usage: require module/path v1.2.3'],
    ['module `a.b/c`\n', 1, 1, 'invalid quoted string: unquoted string cannot contain quote'],
    ['go (\n1.21\n)\n', 1, 1, 'unknown block type: go'],
    ['go v1.21\n', 1, 1, "invalid go version 'v1.21': must match format 1.23.0"],
    [
      'require a.b/c/v2 v1.0.0\n',
      1,
      1,
      'require a.b/c/v2: version "v1.0.0" invalid: should be v2, not v1',
    ],
    [
      'require a.b/c latest\n',
      1,
      1,
      'require a.b/c: version "latest" invalid: must be of the form v1.2.3',
    ],
    ['\ufeffmodule a.b/c\n', 1, 1, "unexpected input character '\\ufeff'"],
    ['module "a.b\n', 1, 12, 'unexpected newline in string'],
    ['frobnicate x\n', 1, 1, 'unknown directive: frobnicate'],
  ])('%j', (text, line, column, detail) => {
    expect(parseGoMod(encodeUtf8(text), 'strict').faults).toContainEqual(
      expect.objectContaining({ line, column, detail }),
    );
  });

  test('all of them are listed', () => {
    const text = 'module a.b/c\nrequire x\nfrobnicate\nreplace a => b\nretract\n';
    expect(parseGoMod(encodeUtf8(text), 'strict').faults.map(({ line }) => line)).toEqual([
      2, 3, 4, 5,
    ]);
  });

  test('what Go passes over in dependencies is no fault of theirs', () => {
    const text = 'module a.b/c\ngo 1.21.x\nfrobnicate x\nreplace a => b\nother (\nx\n)\n';
    expect(parseGoMod(encodeUtf8(text), 'lax')).toMatchObject({ go: '1.21', faults: [] });
    expect(parseGoMod(encodeUtf8(text), 'full')).toMatchObject({ go: '1.21', faults: [] });
  });
});

test('parseGoMod() reads replacements of dependencies only where all are wanted', () => {
  const text = 'module a.b/c\nreplace a.b/d => ../d\nexclude a.b/d v1.0.0\n';
  expect(parseGoMod(encodeUtf8(text), 'lax')).toMatchObject({ replaces: [], excludes: [] });
  expect(parseGoMod(encodeUtf8(text)).replaces).toHaveLength(1);
});

test('parseGoWork() reads a workspace', () => {
  const text =
    'go 1.22\ntoolchain go1.22.1\nuse (\n\t./a\n\t"./b"\n)\nreplace x.y/z => ./z\nuse\nfoo x\n';
  expect(parseGoWork(encodeUtf8(text))).toMatchObject({
    go: '1.22',
    toolchain: 'go1.22.1',
    uses: ['./a', './b'],
    replaces: [{ path: 'x.y/z', target: './z' }],
    faults: [
      { line: 8, detail: 'usage: use local/dir' },
      { line: 9, detail: 'unknown directive: foo' },
    ],
  });
});

test('parseGoMod() reads a deprecation beside a comment that is no UTF-8', () => {
  const text = '// x\nmodule m // Deprecated: y\n';
  const bytes = encodeUtf8(text);
  bytes[3] = 0xff;
  expect(parseGoMod(bytes, 'strict')).toMatchObject({ module: 'm', deprecated: '', faults: [] });
  const apart = encodeUtf8(text.replace('x\n', 'x\n//\n'));
  apart[3] = 0xff;
  expect(parseGoMod(apart, 'strict')).toMatchObject({ deprecated: 'y', faults: [] });
});
