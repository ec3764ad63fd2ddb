import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLayer, createOverlay, putDirectory, putFile, putLink } from '#sandbox';
import { codeOf } from '../../support/code-of.ts';

const LIMITS = { sandboxBytes: 1 << 20, sandboxFiles: 1000, openFiles: 16 };
const bytes = (text: string) => new TextEncoder().encode(text);

function createStack() {
  const one = createLayer('one');
  const two = createLayer('two');
  putFile(one, '/w/a', bytes('one a'));
  putFile(one, '/w/hidden/x', bytes('one x'));
  putFile(one, '/w/both/one', bytes('1'));
  putFile(one, '/w/covered', bytes('one'));
  putFile(two, '/w/hidden', bytes('a file over a folder'));
  putFile(two, '/w/both/two', bytes('2'));
  putFile(two, '/w/covered', bytes('two'));
  putLink(two, '/w/link', 'both');
  putDirectory(two, '/w/empty');
  return { layers: [one, two], files: createOverlay([one, two], LIMITS) };
}

test('createOverlay() shows the top of the layers, and merges folders', () => {
  const { files } = createStack();
  expect(files.list('/w').map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'a file',
    'both directory',
    'covered file',
    'empty directory',
    'hidden file',
    'link link',
  ]);
  expect(files.list('/w/link').map(({ name }) => name)).toEqual(['one', 'two']);
  expect(Buffer.from(files.readFile('/w/covered')).toString()).toBe('two');
  expect(codeOf(() => files.readFile('/w/hidden/x'))).toBe('ENOTDIR');
  expect(files.stat('/w/a')).toMatchObject({ layer: 'one', size: 5, links: 1, mode: 0o644 });
});

test('an opaque folder hides what stood there before, in every layer', () => {
  const { files } = createStack();
  for (const name of ['one', 'two']) files.unlink(`/w/both/${name}`);
  files.rmdir('/w/both');
  files.mkdir('/w/both');
  expect(files.list('/w/both')).toEqual([]);
  expect(codeOf(() => files.stat('/w/both/one'))).toBe('ENOENT');
  files.rename('/w/both', '/w/moved');
  files.mkdir('/w/both');
  expect(files.list('/w/both')).toEqual([]);
});

test('diff() names what was created, modified and deleted, with hashes, and nothing else', () => {
  const { files } = createStack();
  expect(files.diff()).toEqual([]);
  files.writeFile('/w/a', bytes('one a'));
  files.close(files.open('/w/covered', { write: true }));
  files.chmod('/w/covered', 0o777);
  expect(files.diff()).toEqual([]);
  files.writeFile('/w/a', bytes('changed'));
  files.unlink('/w/covered');
  files.rename('/w/both', '/w/moved');
  files.unlink('/w/hidden');
  files.mkdir('/w/hidden');
  files.symlink('x', '/w/new');
  expect(files.diff().map(({ change, path, kind }) => `${change} ${kind} ${path}`)).toEqual([
    'modified file /w/a',
    'deleted directory /w/both',
    'deleted file /w/both/one',
    'deleted file /w/both/two',
    'deleted file /w/covered',
    'deleted file /w/hidden',
    'created directory /w/hidden',
    'created directory /w/moved',
    'created file /w/moved/one',
    'created file /w/moved/two',
    'created link /w/new',
  ]);
  expect(files.diff()[0]).toMatchObject({
    sha256: createHash('sha256').update('changed').digest('hex'),
    size: 7,
    before: { size: 5 },
  });
});

test('a cookie goes on behind its name, whatever came and went', () => {
  const { files } = createStack();
  const handle = files.open('/w', { read: true, directory: true });
  const first = files.readdir(handle, 0, 2);
  expect(first.map(({ name }) => name)).toEqual(['a', 'both']);
  files.unlink('/w/a');
  files.unlink('/w/covered');
  files.writeFile('/w/0', bytes('sorts first'));
  const rest = files.readdir(handle, first[1]!.cookie, 100);
  expect(rest.map(({ name }) => name)).toEqual(['empty', 'hidden', 'link', '0']);
  expect(files.readdir(handle, rest.at(-1)!.cookie, 100)).toEqual([]);
  files.writeFile('/w/late', bytes('x'));
  expect(files.readdir(handle, rest.at(-1)!.cookie, 100).map(({ name }) => name)).toEqual(['late']);
  expect(files.readdir(handle, first[0]!.cookie, 1).map(({ name }) => name)).toEqual(['both']);
});

test('a path can start at an open folder, wherever that was moved', () => {
  const { files } = createStack();
  const directory = files.open('/w/both', { read: true, directory: true });
  files.rename('/w/both', '/w/elsewhere');
  const at = (path: string) => ({ directory, path });
  expect(files.stat(at('one'))).toMatchObject({ size: 1 });
  files.writeFile(at('new'), bytes('new'));
  expect(files.stat('/w/elsewhere/new')).toMatchObject({ size: 3 });
  expect(files.readFile(at('../a'))).toEqual(bytes('one a'));
  expect(files.locate(at('../link'), true).path).toBe('/w/both');
  for (const name of ['one', 'two', 'new']) files.unlink(at(name));
  files.rmdir('/w/elsewhere');
  expect(codeOf(() => files.writeFile(at('ghost'), bytes('x')))).toBe('ENOENT');
  expect(codeOf(() => files.readdir(directory, 0, 1))).toBe('ENOENT');
  expect(codeOf(() => files.stat({ directory: 99, path: 'x' }))).toBe('EBADF');
});

test('inode numbers stay with the file and are not used again', () => {
  const { files } = createStack();
  const { ino } = files.stat('/w/a');
  files.rename('/w/a', '/w/b');
  files.link('/w/b', '/w/c');
  files.writeFile('/w/c', bytes('more'));
  expect([files.stat('/w/b').ino, files.stat('/w/c').links]).toEqual([ino, 2]);
  files.unlink('/w/b');
  files.unlink('/w/c');
  files.writeFile('/w/b', bytes('other'));
  expect(files.stat('/w/b').ino).not.toBe(ino);
});

test('seek() counts from the start, the offset and the end', () => {
  const { files } = createStack();
  const handle = files.open('/w/a', { read: true });
  expect([
    files.seek(handle, 2, 'start'),
    files.seek(handle, 1, 'current'),
    files.seek(handle, -1, 'end'),
  ]).toEqual([2, 3, 4]);
  expect(Buffer.from(files.read(handle, 9)).toString()).toBe('a');
  expect(codeOf(() => files.seek(handle, -1, 'start'))).toBe('EINVAL');
  files.fsync(handle);
});

test('what is held is given back', () => {
  const { files } = createStack();
  const before = files.used();
  files.writeFile('/w/big', new Uint8Array(1000));
  const handle = files.open('/w/big', { read: true });
  files.unlink('/w/big');
  expect(files.used()).toBeGreaterThan(before);
  files.close(handle);
  files.rename('/w/a', '/w/z');
  files.rename('/w/z', '/w/a');
  expect(files.used()).toBe(before);
});

test('the same calls give the same times', () => {
  const times = () => {
    const { files } = createStack();
    files.writeFile('/w/a', bytes('x'));
    return files.stat('/w/a').mtime;
  };
  expect(times()).toBe(times());
});
