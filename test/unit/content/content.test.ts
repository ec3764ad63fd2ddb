import { expect, test } from 'vitest';
import { classifyFile, findIndicators, findInvisible } from '#content';

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ['a.go', 'package a', 'go'],
  ['a_test.go', 'package a', 'test'],
  ['a.s', '', 'assembly'],
  ['a.syso', '', 'syso'],
  ['x/go.mod', '', 'go.mod'],
  ['logo.png', '\x7fELF', 'executable'],
  ['notes.txt', 'MZ is how it begins', 'text'],
  ['run', '#!/bin/sh\n', 'script'],
  ['db.sql', 'PK\x03\x04', 'archive'],
  ['README.md', `${'é'.repeat(4095)}xé`, 'text'],
  ['blob', 'a\0b', 'binary'],
])('classifyFile() of %s', (path, content, kind) => {
  expect(classifyFile(path, bytes(content))).toBe(kind);
});

test('findInvisible() gives line, byte column and code point', () => {
  expect(findInvisible('a.go', '\ufeffpackage a\n// ä\u202e \u200b\n\u{e0041}')).toEqual([
    { file: 'a.go', line: 2, column: 6, character: 'U+202E', kind: 'bidirectional' },
    { file: 'a.go', line: 2, column: 10, character: 'U+200B', kind: 'invisible' },
    { file: 'a.go', line: 3, column: 1, character: 'U+E0041', kind: 'invisible' },
  ]);
});

test('findIndicators() takes addresses and no versions', () => {
  const text =
    'see https://evil.example/x?y=1).\nat 192.0.2.7 and 127.0.0.1 and 1.2.3.4567 and 300.1.1.1\nmail a.b@mail.example now https://evil.example/x?y=1';
  expect(findIndicators('a.go', text).map(({ kind, value, line }) => [kind, value, line])).toEqual([
    ['url', 'https://evil.example/x?y=1', 1],
    ['ip', '192.0.2.7', 2],
    ['email', 'a.b@mail.example', 3],
  ]);
});

test('findIndicators() is linear on text made to be slow', () => {
  const slow = `${'a.'.repeat(200_000)}@${'1.'.repeat(200_000)}http://`;
  expect(findIndicators('a.go', slow).length).toBeLessThan(500);
});
