import { expect, test } from 'vitest';
import {
  type Access,
  audited,
  createAuditLog,
  createLayer,
  createOverlay,
  createPolicy,
  createRoot,
  type Filesystem,
  type Overlay,
  plantDecoys,
  putFile,
} from '#sandbox';
import { codeOf } from '../../support/code-of.ts';

const LIMITS = { sandboxBytes: 1 << 20, sandboxFiles: 1000, openFiles: 16 };
const ZIP = 'ab'.repeat(32);
const bytes = (text: string) => new TextEncoder().encode(text);

function createModule() {
  const module = createLayer('module');
  putFile(module, '/module/a.go', bytes('package a\n'));
  putFile(module, '/module/sub/b.go', bytes('package b\n'));
  const { layer } = plantDecoys(ZIP, ['netrc', 'private-key']);
  return createOverlay([createRoot(), layer, module], LIMITS);
}

function record(rules: Parameters<typeof createPolicy>[0]) {
  const records: Access[] = [];
  const files = audited(createModule(), createPolicy(rules), (access) => records.push(access));
  return { files, records };
}

test('audited() refuses before anything is done', () => {
  const records: Access[] = [];
  const inner = createModule();
  const touched: string[] = [];
  const watched = new Proxy(inner, {
    get: (target, name) => {
      if (name !== 'locate') touched.push(String(name));
      return Reflect.get(target, name) as unknown;
    },
  }) as Overlay;
  const files = audited(
    watched,
    () => 'denied',
    (access) => records.push(access),
  );
  touched.length = 0;
  expect(codeOf(() => files.readFile('/home/user/.ssh/id_ed25519'))).toBe('EACCES');
  expect(touched).toEqual([]);
  expect(records).toMatchObject([
    {
      operation: 'read',
      path: '/home/user/.ssh/id_ed25519',
      decision: 'denied',
      outcome: 'failure',
      error: 'EACCES',
    },
  ]);
});

test('audited() records every access with its outcome, layer and content', () => {
  const { files, records } = record([{ match: '/module/**', decision: 'allow' }]);
  files.readFile('/module/a.go');
  files.writeFile('/module/new', bytes('x'));
  files.unlink('/module/new');
  expect(codeOf(() => files.readFile('/module/none'))).toBe('ENOENT');
  expect(codeOf(() => files.list('/'))).toBe('EACCES');
  const handle = files.open('/module/sub/../a.go', { read: true, write: true });
  files.read(handle, 3, 1);
  files.write(handle, bytes('P'), 0);
  files.close(handle);
  expect(
    records.map(({ operation, decision, outcome, layer, size, requested, error }) =>
      [operation, decision, outcome, layer, size, requested, error].join(' '),
    ),
  ).toEqual([
    'read allowed success module 10  ',
    'write allowed success sandbox 1  ',
    'delete allowed success sandbox   ',
    'read absent failure    ENOENT',
    'list denied failure module   EACCES',
    'write allowed success sandbox  /module/sub/../a.go ',
    'read allowed success module 3  ',
    'write allowed success sandbox 1  ',
  ]);
});

const ALL = [{ match: '/**', decision: 'allow' }] as const;

test('a decoy stays one, wherever it is moved', () => {
  const { files, records } = record(ALL);
  files.readFile('/home/user/.netrc');
  files.link('/home/user/.netrc', '/tmp/a');
  files.readFile('/tmp/a');
  files.rename('/home/user', '/tmp/home');
  files.readFile('/tmp/home/.ssh/id_ed25519');
  files.symlink('/tmp/a', '/tmp/b');
  files.readFile('/tmp/b');
  const handle = files.open('/tmp/a', { read: true });
  files.read(handle, 4);
  const reads = records.filter(({ operation }) => operation === 'read');
  expect(reads.map(({ decision }) => decision)).toEqual(Array.from({ length: 6 }, () => 'decoy'));
  files.readFile('/etc/passwd');
  expect(records.at(-1)).toMatchObject({ decision: 'allowed', layer: 'base' });
});

test('a rule can make bait of any path', () => {
  const { files, records } = record([{ match: '/etc/*', decision: 'decoy' }, ...ALL]);
  files.readFile('/etc/passwd');
  expect(records[0]?.decision).toBe('decoy');
});

// Every method of the interface, so that a new one cannot be forgotten.
const EACH: Readonly<Record<keyof Filesystem, (files: Filesystem, handle: number) => unknown>> = {
  open: (files) => files.open('/module/a.go', { read: true }),
  close: (files, handle) => files.close(handle),
  read: (files, handle) => files.read(handle, 1),
  write: (files, handle) => files.write(handle, bytes('x')),
  seek: (files, handle) => files.seek(handle, 0, 'start'),
  readdir: (files) => files.readdir(files.open('/module', { directory: true }), 0, 1),
  ftruncate: (files, handle) => files.ftruncate(handle, 1),
  fstat: (files, handle) => files.fstat(handle),
  fsync: (files, handle) => files.fsync(handle),
  stat: (files) => files.stat('/module/a.go'),
  lstat: (files) => files.lstat('/module/a.go'),
  readlink: (files) => codeOf(() => files.readlink('/module/a.go')),
  truncate: (files) => files.truncate('/module/a.go', 1),
  chmod: (files) => files.chmod('/module/a.go', 0o600),
  utimes: (files) => files.utimes('/module/a.go', {}),
  mkdir: (files) => files.mkdir('/module/new'),
  rmdir: (files) => codeOf(() => files.rmdir('/module/sub')),
  unlink: (files) => files.unlink('/module/a.go'),
  rename: (files) => files.rename('/module/a.go', '/module/z'),
  link: (files) => files.link('/module/a.go', '/module/z'),
  symlink: (files) => files.symlink('a.go', '/module/z'),
  list: (files) => files.list('/module'),
  readFile: (files) => files.readFile('/module/a.go'),
  writeFile: (files) => files.writeFile('/module/a.go', bytes('x')),
};
// What moves no content and tells none: a number of the caller's own, and nothing at all.
const SILENT = new Set(['close', 'seek', 'fsync']);

test.each(Object.entries(EACH))('%s() is recorded, and refused where it is denied', (name, act) => {
  const { files, records } = record(ALL);
  expect(Object.keys(files).sort()).toEqual(Object.keys(EACH).sort());
  const handle = files.open('/module/a.go', { read: true, write: true });
  const before = records.length;
  act(files, handle);
  expect(records.length - before).toBe(SILENT.has(name) ? 0 : name === 'readdir' ? 2 : 1);
  const closed = record([{ match: '/**', decision: 'deny' }]);
  const codes = codeOf(() => act(closed.files, handle));
  const viaHandle = ['close', 'read', 'write', 'seek', 'ftruncate', 'fstat', 'fsync'];
  if (viaHandle.includes(name)) expect(codes).toBe('EBADF');
  else expect(closed.records).toMatchObject([{ decision: 'denied', outcome: 'failure' }]);
});

test('createPolicy() lets the first pattern decide, and denies what none names', () => {
  const policy = createPolicy([
    { match: '/a/*.go', decision: 'allow' },
    { match: '/a/**', decision: 'deny' },
    { match: '/b/**', decision: 'allow' },
  ]);
  expect(
    ['/a/x.go', '/a/b/x.go', '/b/c/d', '/c', '/a/x.goo'].map((path) => policy('read', path)),
  ).toEqual(['allowed', 'denied', 'allowed', 'denied', 'denied']);
});

test('createAuditLog() numbers records, tells each stack once, and knows what bait was read', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createAuditLog('example.com/m', (entry) => lines.push({ ...entry }));
  const files = audited(createModule(), () => 'allowed', log.recorderFor('analysis'));
  for (const path of ['/module/a.go', '/home/user/.netrc', '/home/user/.netrc'])
    files.readFile(path);
  expect(lines.map((line) => line['event.sequence'])).toEqual([1, 2, 3]);
  expect(lines[0]!['glovebox.stack_hash']).toBe(lines[1]!['glovebox.stack_hash']);
  expect(lines.map((line) => 'glovebox.stack' in line)).toEqual([true, false, false]);
  expect([log.records(), log.stacks()]).toEqual([3, 1]);
  expect(log.decoyReads()).toEqual([{ path: '/home/user/.netrc', sequence: 2 }]);
  expect(Object.values(lines[0]!)).not.toContain(undefined);
});
