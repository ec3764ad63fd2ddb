import { expect, test } from 'vitest';
import { readContents } from '../../../src/case/read-contents.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const read = (files: Readonly<Record<string, string>>) =>
  readContents(
    {
      list: () => Object.keys(files),
      read: (path) => encode(files[path] ?? ''),
    },
    { unpackedBytes: 1_000_000, breathe: async () => undefined },
  );

test('indicators of many files end at what evidence has room for, and a gap says where', async () => {
  const lines = (file: number) =>
    Array.from({ length: 20_000 }, (_, i) => `https://h${i}.f${file}.example/`).join('\n');
  const files = Object.fromEntries(
    Array.from({ length: 17 }, (_, file) => [`${file}.txt`, lines(file)]),
  );
  const { indicators, gaps } = await read(files);
  expect(indicators).toHaveLength(300_000);
  expect(gaps.map(({ file, code }) => `${file} ${code}`)).toEqual([
    '15.txt over-budget',
    '16.txt over-budget',
  ]);
});

test('a file that built code names is not for tests alone, whatever tests say', async () => {
  const { named } = await read({
    'a.go': 'package a // logo.png',
    'a_test.go': 'package a // logo.png icon.png',
    'testdata/logo.png': '',
    'testdata/icon.png': '',
  });
  expect([...named]).toEqual([
    ['logo.png', { onlyByTests: false }],
    ['icon.png', { onlyByTests: true }],
  ]);
});
