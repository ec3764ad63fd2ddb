// What a suspect may try to get out of the sandbox or around its log. Each is done twice: to our stack,
// where it must fail, and to the plain recipe of a union (a writable memfs over the host's disk, the
// denial inside), where it must succeed: a test that cannot fail shows nothing.
import * as fs from 'node:fs';
import { Volume } from 'memfs';
import { Union } from 'unionfs';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Access,
  audited,
  createLayer,
  createOverlay,
  createPolicy,
  type Filesystem,
  putDirectory,
  putFile,
  putLink,
} from '#sandbox';
import { codeOf } from '../../support/code-of.ts';
import { temporaryFolder } from '../../support/program.ts';

const LIMITS = { sandboxBytes: 1 << 20, sandboxFiles: 500, openFiles: 16 };
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (files: Filesystem, path: string) => Buffer.from(files.readFile(path)).toString();

/** What both sides stand on. */
const FILES = {
  '/w/file': 'base',
  '/w/other': 'other',
  '/w/dir/sub': 'inner',
  '/w/dir/deep/leaf': 'leaf',
  '/w/secret/key': 'the key',
  '/w/é': 'composed',
} as const;
const LINKS = { '/w/link': 'dir', '/w/toKey': 'secret/key', '/w/toSecret': 'secret' } as const;

interface Stage {
  readonly files: Filesystem;
  readonly records: Access[];
  /** Everything that must not change, as text. */
  readonly ground: () => string;
}

function ours(): Stage {
  const base = createLayer('base');
  for (const [path, text] of Object.entries(FILES)) putFile(base, path, bytes(text));
  for (const [path, target] of Object.entries(LINKS)) putLink(base, path, target);
  putDirectory(base, '/w/empty');
  const records: Access[] = [];
  const policy = createPolicy([
    { match: '/w/secret', decision: 'deny' },
    { match: '/w/secret/**', decision: 'deny' },
    { match: '/**', decision: 'allow' },
  ]);
  const files = audited(createOverlay([base], LIMITS), policy, (access) => records.push(access));
  return { files, records, ground: () => JSON.stringify([base.volume.toJSON(), [...base.index]]) };
}

const DENIED = Object.assign(new Error('denied'), { code: 'EACCES' });

/** The plain recipe: the host below, memfs above, and a gate that throws inside the union. */
function plain(): Stage {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) {
    fs.mkdirSync(`${root}${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
    fs.writeFileSync(root + path, text);
  }
  for (const [path, target] of Object.entries(LINKS)) fs.symlinkSync(target, root + path);
  fs.mkdirSync(`${root}/w/empty`);
  const upper = new Volume();
  upper.mkdirSync(root, { recursive: true });
  const records: Access[] = [];
  const gate = new Proxy(upper as unknown as typeof fs, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        if (String(args[0]).includes('/secret')) throw DENIED;
        return (method as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  const union = new Union();
  union.use(fs).use(gate as never);
  const at = (path: unknown) => root + String(path);
  const u = union as unknown as Record<string, (...args: unknown[]) => unknown>;
  const call = (name: string, ...args: unknown[]) => u[`${name}Sync`]?.(...args) as never;
  const kindOf = (s: fs.Stats) =>
    s.isDirectory() ? 'directory' : s.isSymbolicLink() ? 'link' : 'file';
  const status = (s: fs.Stats) => ({
    kind: kindOf(s),
    size: s.size,
    links: s.nlink,
    mode: s.mode & 0o7777,
  });
  const files = {
    readFile: (p) => new Uint8Array(call('readFile', at(p)) as Uint8Array),
    writeFile: (p, data) => call('writeFile', at(p), Buffer.from(data)),
    mkdir: (p, mode) => call('mkdir', at(p), mode),
    rmdir: (p) => call('rmdir', at(p)),
    unlink: (p) => call('unlink', at(p)),
    rename: (a, b) => call('rename', at(a), at(b)),
    link: (a, b) => call('link', at(a), at(b)),
    symlink: (target, p) => call('symlink', target, at(p)),
    readlink: (p) => call('readlink', at(p)),
    stat: (p) => status(call('stat', at(p))) as never,
    lstat: (p) => status(call('lstat', at(p))) as never,
    truncate: (p, size) => call('truncate', at(p), size),
    chmod: (p, mode) => call('chmod', at(p), mode),
    utimes: (p, { mtime }) => call('utimes', at(p), Number(mtime) / 1e9, Number(mtime) / 1e9),
    list: (p) =>
      (call('readdir', at(p)) as string[]).sort().map((name) => ({ name, kind: 'file' })),
    open: (p, f, mode) =>
      call(
        'open',
        at(p),
        (f.write ? 'r+' : 'r').replace(
          'r+',
          f.create ? (f.exclusive ? 'wx+' : f.append ? 'a+' : 'w+') : 'r+',
        ),
        mode,
      ),
    close: (h) => call('close', h),
    read: (h, length, position) => {
      const buffer = new Uint8Array(Math.min(length, 1 << 16));
      return buffer.subarray(
        0,
        call('read', h, buffer, 0, buffer.length, position ?? null) as number,
      );
    },
    write: (h, data, position) => call('write', h, data, 0, data.length, position ?? null),
    ftruncate: (h, size) => call('ftruncate', h, size),
    fstat: (h) => status(call('fstat', h)) as never,
    fsync: (h) => call('fsync', h),
    seek: () => 0,
    readdir: () => [],
  } satisfies Filesystem;
  const ground = (dir = `${root}/w`): string =>
    fs
      .readdirSync(dir)
      .sort()
      .map((name) => {
        const here = `${dir}/${name}`;
        const s = fs.lstatSync(here);
        const more = s.isDirectory()
          ? ground(here)
          : s.isSymbolicLink()
            ? fs.readlinkSync(here)
            : fs.readFileSync(here, 'latin1');
        return `${name} ${s.mode} ${s.nlink} ${Math.floor(s.mtimeMs)} ${more}`;
      })
      .join('\n');
  return { files, records, ground: () => ground() };
}

type Attempt = (stage: Stage) => void;
/** Refused, and the refusal is in the log. */
const denied = (stage: Stage, act: () => unknown) => {
  expect(codeOf(act)).toBe('EACCES');
  expect(stage.records.at(-1)).toMatchObject({ decision: 'denied', outcome: 'failure' });
};

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  // The three that were measured on the plain recipe.
  'write a file below': ({ files }) => files.writeFile('/w/file', bytes('changed')),
  'delete a file below': ({ files }) => {
    files.unlink('/w/file');
    expect(codeOf(() => files.stat('/w/file'))).toBe('ENOENT');
  },
  'read what is denied': (stage) => denied(stage, () => stage.files.readFile('/w/secret/key')),
  // Around a denial.
  'read what is denied through a link': (stage) =>
    denied(stage, () => stage.files.readFile('/w/toKey')),
  'read what is denied through a link to its folder': (stage) =>
    denied(stage, () => stage.files.readFile('/w/toSecret/key')),
  'read what is denied through ..': (stage) =>
    denied(stage, () => stage.files.readFile('/w/dir/../secret/key')),
  'read what is denied through .. behind a link': (stage) =>
    denied(stage, () => stage.files.readFile('/w/link/../secret/key')),
  'read what is denied through doubled slashes': (stage) =>
    denied(stage, () => stage.files.readFile('/w//secret//key')),
  'read what is denied through a link made now': (stage) => {
    stage.files.symlink('secret/key', '/w/new');
    denied(stage, () => stage.files.readFile('/w/new'));
  },
  'give what is denied a second name': (stage) =>
    denied(stage, () => stage.files.link('/w/secret/key', '/w/mine')),
  'move what is denied away': (stage) =>
    denied(stage, () => stage.files.rename('/w/secret/key', '/w/mine')),
  'move the folder that holds what is denied': (stage) =>
    denied(stage, () => stage.files.rename('/w/secret', '/w/mine')),
  'move the folder above it': (stage) => denied(stage, () => stage.files.rename('/w', '/mine')),
  'move something over what is denied': (stage) =>
    denied(stage, () => stage.files.rename('/w/file', '/w/secret/key')),
  'list what is denied': (stage) => denied(stage, () => stage.files.list('/w/secret')),
  'list what is denied through a link': (stage) =>
    denied(stage, () => stage.files.list('/w/toSecret')),
  'stat what is denied': (stage) => denied(stage, () => stage.files.stat('/w/secret/key')),
  'learn through an error whether a denied name exists': (stage) =>
    denied(stage, () => stage.files.stat('/w/secret/nothing/below')),
  'open what is denied': (stage) =>
    denied(stage, () => stage.files.open('/w/secret/key', { read: true })),
  'write what is denied': (stage) =>
    denied(stage, () => stage.files.writeFile('/w/secret/key', bytes('x'))),
  'make something where it is denied': (stage) =>
    denied(stage, () => stage.files.mkdir('/w/secret/new')),
  'make a link where it is denied': (stage) =>
    denied(stage, () => stage.files.symlink('x', '/w/secret/new')),
  'cut what is denied': (stage) => denied(stage, () => stage.files.truncate('/w/toKey', 0)),
  'change the mode of what is denied': (stage) =>
    denied(stage, () => stage.files.chmod('/w/toKey', 0o777)),
  'delete what is denied': (stage) => denied(stage, () => stage.files.unlink('/w/secret/key')),
  // Changes that must stay above.
  'replace a file by rename': ({ files }) => {
    files.rename('/w/other', '/w/file');
    expect(read(files, '/w/file')).toBe('other');
  },
  'rename a folder': ({ files }) => {
    files.rename('/w/dir', '/w/moved');
    expect(read(files, '/w/moved/deep/leaf')).toBe('leaf');
    expect(codeOf(() => files.stat('/w/dir'))).toBe('ENOENT');
  },
  'rename a folder over one that is not empty': ({ files }) => {
    files.mkdir('/w/new');
    files.writeFile('/w/new/x', bytes('x'));
    expect(codeOf(() => files.rename('/w/new', '/w/dir'))).toBe('ENOTEMPTY');
  },
  'rename a folder over an empty one': ({ files }) => {
    files.rename('/w/dir', '/w/empty');
    expect(read(files, '/w/empty/sub')).toBe('inner');
  },
  'rename a folder into itself': ({ files }) => {
    files.mkdir('/w/dir/new');
    expect(codeOf(() => files.rename('/w/dir', '/w/dir/new/x'))).toBe('EINVAL');
  },
  'remove a folder that is empty above only': ({ files }) => {
    files.mkdir('/w/dir/new');
    files.rmdir('/w/dir/new');
    expect(codeOf(() => files.rmdir('/w/dir'))).toBe('ENOTEMPTY');
    files.rmdir('/w/empty');
  },
  'remove a folder and see what it hid': ({ files }) => {
    files.unlink('/w/dir/sub');
    files.unlink('/w/dir/deep/leaf');
    files.rmdir('/w/dir/deep');
    files.rmdir('/w/dir');
    files.mkdir('/w/dir');
    expect(files.list('/w/dir')).toEqual([]);
  },
  'delete and write again': ({ files }) => {
    files.unlink('/w/file');
    files.writeFile('/w/file', bytes('new'));
    files.unlink('/w/file');
    expect(codeOf(() => files.readFile('/w/file'))).toBe('ENOENT');
  },
  'cut a file': ({ files }) => files.truncate('/w/file', 1),
  'grow a file': ({ files }) => files.truncate('/w/file', 100),
  'change a mode': ({ files }) => files.chmod('/w/file', 0o777),
  'change times': ({ files }) => files.utimes('/w/file', { atime: 0n, mtime: 0n }),
  'write through a link': ({ files }) => {
    files.writeFile('/w/link/sub', bytes('changed'));
    expect(read(files, '/w/dir/sub')).toBe('changed');
  },
  'write through a link that leads nowhere yet': ({ files }) => {
    files.symlink('dir/later', '/w/dangling');
    files.writeFile('/w/dangling', bytes('made'));
    expect(read(files, '/w/dir/later')).toBe('made');
  },
  'write through a handle': ({ files }) => {
    const handle = files.open('/w/file', { read: true, write: true });
    files.write(handle, bytes('X'), 0);
    files.close(handle);
    expect(read(files, '/w/file')).toBe('Xase');
  },
  'cut through a handle': ({ files }) => {
    const handle = files.open('/w/file', { read: true, write: true });
    files.ftruncate(handle, 2);
    files.close(handle);
  },
  'append through a handle': ({ files }) => {
    const handle = files.open('/w/file', { write: true, append: true, create: true });
    files.write(handle, bytes('+'));
    files.close(handle);
    expect(read(files, '/w/file')).toBe('base+');
  },
  'give a file a second name and write to it': ({ files }) => {
    files.link('/w/file', '/w/second');
    files.writeFile('/w/second', bytes('both'));
    expect(read(files, '/w/file')).toBe('both');
  },
  'make a folder below': ({ files }) => files.mkdir('/w/dir/new'),
  'make a link below': ({ files }) => files.symlink('anything', '/w/dir/new'),
  'make a link to the host': ({ files }) => {
    files.symlink('/etc/passwd', '/w/passwd');
    expect(codeOf(() => files.readFile('/w/passwd'))).toBe('ENOENT');
  },
  'climb above the root': ({ files }) =>
    expect(codeOf(() => files.readFile(`/w${'/..'.repeat(40)}/etc/passwd`))).toBe('ENOENT'),
  'climb above the root through a link': ({ files }) => {
    files.symlink('../'.repeat(40), '/w/up');
    expect(codeOf(() => files.readFile('/w/up/etc/passwd'))).toBe('ENOENT');
  },
  'reach the machine through /proc': ({ files }) => {
    files.symlink('/proc/self/environ', '/w/env');
    expect(codeOf(() => files.readFile('/w/env'))).toBe('ENOENT');
  },
  'reach a device': ({ files }) => {
    files.symlink('/dev/zero', '/w/zero');
    expect(codeOf(() => files.open('/w/zero', { read: true }))).toBe('ENOENT');
  },
  'read a removed file through its handle': ({ files }) => {
    const handle = files.open('/w/file', { read: true, write: true });
    files.unlink('/w/file');
    expect(Buffer.from(files.read(handle, 10, 0)).toString()).toBe('base');
    files.write(handle, bytes('ghost'), 0);
    files.close(handle);
    expect(codeOf(() => files.stat('/w/file'))).toBe('ENOENT');
  },
  'write a renamed file through its handle': ({ files }) => {
    const handle = files.open('/w/file', { read: true, write: true });
    files.rename('/w/file', '/w/elsewhere');
    files.write(handle, bytes('B'), 0);
    files.close(handle);
    expect(read(files, '/w/elsewhere')).toBe('Base');
  },
  'a name that differs by its normal form alone': ({ files }) => {
    files.writeFile('/w/e\u0301', bytes('decomposed'));
    expect(read(files, '/w/\u00e9')).toBe('composed');
    expect(read(files, '/w/e\u0301')).toBe('decomposed');
  },
  'a name that differs by its case alone': ({ files }) => {
    files.writeFile('/w/FILE', bytes('upper'));
    expect(read(files, '/w/file')).toBe('base');
  },
  'names of prototypes': ({ files }) => {
    files.mkdir('/w/__proto__');
    files.writeFile('/w/__proto__/constructor', bytes('x'));
    expect(read(files, '/w/__proto__/constructor')).toBe('x');
  },
  'names of devices': ({ files }) => {
    for (const name of ['CON', 'NUL', 'COM1', 'aux.go', 'a:b', 'a\\b'])
      files.writeFile(`/w/${name}`, bytes(name));
    expect(read(files, '/w/NUL')).toBe('NUL');
  },
  'a NUL in a name': ({ files }) =>
    expect(codeOf(() => files.writeFile('/w/a\0b', bytes('x')))).toBe('EINVAL'),
  'half a character in a name': ({ files }) =>
    expect(codeOf(() => files.writeFile('/w/\ud800', bytes('x')))).toBe('EILSEQ'),
  'an empty path': ({ files }) =>
    expect(codeOf(() => files.open('', { read: true }))).toBe('ENOENT'),
  'a loop of links': ({ files }) => {
    files.symlink('two', '/w/one');
    files.symlink('one', '/w/two');
    expect(codeOf(() => files.readFile('/w/one'))).toBe('ELOOP');
  },
  'a long chain of links': ({ files }) => {
    files.symlink('dir', '/w/l0');
    for (let i = 1; i <= 45; i++) files.symlink(`l${i - 1}`, `/w/l${i}`);
    expect(codeOf(() => files.list('/w/l39'))).toBe('none');
    expect(codeOf(() => files.list('/w/l40'))).toBe('ELOOP');
  },
  'an exclusive file over a link': ({ files }) => {
    files.symlink('nowhere', '/w/bait');
    expect(
      codeOf(() => files.open('/w/bait', { write: true, create: true, exclusive: true })),
    ).toBe('EEXIST');
  },
  'a write of more than there is room for': ({ files }) =>
    expect(codeOf(() => files.writeFile('/w/big', new Uint8Array(2 << 20)))).toBe('ENOSPC'),
  'a write far behind the end': ({ files }) => {
    const handle = files.open('/w/file', { read: true, write: true });
    expect(codeOf(() => files.write(handle, bytes('x'), 2 ** 40))).toBe('ENOSPC');
    files.close(handle);
  },
  'more files than there is room for': ({ files }) => {
    const all = Array.from({ length: 600 }, (_, i) =>
      codeOf(() => files.writeFile(`/w/f${i}`, bytes(''))),
    );
    expect(all.filter((code) => code === 'ENOSPC')).toHaveLength(100);
  },
  'more handles than there may be': ({ files }) => {
    const all = Array.from({ length: 20 }, () =>
      codeOf(() => files.open('/w/file', { read: true })),
    );
    expect(all.filter((code) => code === 'EMFILE')).toHaveLength(4);
  },
  'a name that is too long': ({ files }) => {
    expect(codeOf(() => files.writeFile(`/w/${'n'.repeat(256)}`, bytes('x')))).toBe('ENAMETOOLONG');
    files.writeFile(`/w/${'n'.repeat(255)}`, bytes('x'));
  },
  'a folder in the place of a file': ({ files }) => {
    files.unlink('/w/file');
    files.mkdir('/w/file');
    expect(files.stat('/w/file').kind).toBe('directory');
  },
  'a file in the place of a folder': ({ files }) => {
    files.rmdir('/w/empty');
    files.writeFile('/w/empty', bytes('x'));
    expect(read(files, '/w/empty')).toBe('x');
  },
};

// What the plain recipe also gets right, or what would kill the test: shown for our side alone.
const OURS_ALONE: Readonly<Record<string, Attempt>> = {
  'a name 32,000 folders deep': ({ files }) => {
    expect(codeOf(() => files.writeFile(`${'/d'.repeat(32_000)}/x`, bytes('x')))).toBe(
      'ENAMETOOLONG',
    );
    expect(codeOf(() => files.mkdir(`/w${'/d'.repeat(2040)}`))).toBe('ENOENT');
  },
  'folders moved into each other 3,000 deep': ({ files }) => {
    files.mkdir('/w/t');
    for (let i = 0; i < 400; i++) {
      files.mkdir('/w/n');
      files.rename('/w/t', '/w/n/t');
      files.rename('/w/n', '/w/t');
    }
    expect(files.list('/w').some(({ name }) => name === 't')).toBe(true);
  },
  'huge counts': ({ files }) => {
    const handle = files.open('/w/file', { read: true });
    expect(files.read(handle, Number.MAX_SAFE_INTEGER).length).toBe(4);
    for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => files.read(handle, length))).toBe('EINVAL');
    expect(files.read(handle, 5, Number.MAX_SAFE_INTEGER).length).toBe(0);
    const folder = files.open('/w', { read: true, directory: true });
    expect(files.readdir(folder, 0, Number.MAX_SAFE_INTEGER).length).toBeGreaterThan(5);
    expect(files.readdir(folder, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  },
  'room that is given back': ({ files }) => {
    for (let i = 0; i < 50; i++) {
      files.writeFile('/w/big', new Uint8Array(900_000));
      files.truncate('/w/big', 1);
      files.unlink('/w/big');
    }
    files.writeFile('/w/big', new Uint8Array(900_000));
  },
  'handles that are not open': ({ files, records }) => {
    const before = records.length;
    for (const handle of [-1, 0, 3, 1e9, Number.NaN])
      expect(codeOf(() => files.read(handle, 1))).toBe('EBADF');
    expect(records.length).toBe(before);
  },
};

let opened: Stage | undefined;
afterEach(() => {
  opened = undefined;
});

describe.each(Object.entries(ATTEMPTS))('%s', (_, attempt) => {
  test('stays inside', () => {
    opened = ours();
    const before = opened.ground();
    attempt(opened);
    expect(opened.ground()).toBe(before);
  });

  test.skipIf(process.platform !== 'linux')('gets out of the plain recipe', () => {
    const stage = plain();
    const before = stage.ground();
    const holds = (() => {
      try {
        attempt(stage);
        return stage.ground() === before;
      } catch {
        return false;
      }
    })();
    expect(holds).toBe(false);
  });
});

test.each(Object.entries(OURS_ALONE))('%s', (_, attempt) => {
  const stage = ours();
  const before = stage.ground();
  attempt(stage);
  expect(stage.ground()).toBe(before);
});

test('there are at least forty beside the three that were measured', () => {
  expect(Object.keys(ATTEMPTS).length).toBeGreaterThanOrEqual(43);
});
