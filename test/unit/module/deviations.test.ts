import { expect, test } from 'vitest';
import { HOSTILE_ZIPS } from '../../support/hostile-zips.ts';
import { inspectBytes } from '../../support/inspect.ts';
import { buildZip } from '../../support/zip-builder.ts';

const codesOf = async (name: string) => {
  const row = HOSTILE_ZIPS.find(([title]) => title === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return [
    ...new Set((await inspectBytes(buildZip(row[1]))).deviations.map(({ code }) => code)),
  ].sort();
};

test.each([
  ['a plain module', []],
  ['written as Go writes', []],
  ['a descriptor without its signature', []],
  ['a directory entry', []],
  ['bytes behind the stream', ['smuggled-bytes']],
  ['the last entry has its own sums and a zero byte', ['smuggled-bytes']],
  ['an entry with its own sums and a zero byte in the middle', ['smuggled-bytes']],
  ['another name in the local header', ['local-name']],
  ['two names for one body', ['local-name', 'overlap']],
  ['a gap between entries', ['gap']],
  ['a gap before the directory', ['gap']],
  ['a symbolic link', ['symbolic-link']],
  ['the encryption flag', ['encrypted-flag']],
  ['a comment', ['archive-comment']],
  ['bytes behind', ['second-reader-refuses', 'trailing-bytes']],
  ['bytes in front, offsets from the file', ['leading-bytes']],
  ['a directory entry with data and no size', ['directory-content', 'second-reader-refuses']],
  ['a CRC of zero', ['unchecked-crc']],
])('%s shows %j', async (name, codes) => {
  expect(await codesOf(name)).toEqual(codes);
});

test('a count that wraps hides entries from the second reader, which is seen', async () => {
  expect(await codesOf('a zip64 end that is not asked for')).toContain('second-reader-refuses');
});
