import { expect, test } from 'vitest';
import { createBudget } from '#base';
import {
  type Access,
  audited,
  createAuditLog,
  createLayer,
  createOverlay,
  createPolicy,
  type Filesystem,
  limited,
  parseProfile,
  putFile,
  type SandboxError,
} from '#sandbox';

const LIMITS = { pathBytes: 4096, nameBytes: 255, pathDepth: 256 };
const bytes = (text: string) => new TextEncoder().encode(text);

function createModule() {
  const lower = createLayer('module');
  putFile(lower, '/module/a.go', bytes('package a\n'));
  putFile(lower, '/module/sub/b.go', bytes('package b\n'));
  return { lower, files: createOverlay([lower], LIMITS) };
}

const codeOf = (act: () => unknown) => {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as SandboxError).code;
  }
};

test('createOverlay() never writes to a lower layer', () => {
  const { lower, files } = createModule();
  files.writeFile('/module/a.go', bytes('changed'));
  files.writeFile('/module/sub/new.go', bytes('new'));
  files.removeFile('/module/sub/b.go');
  expect(files.readFile('/module/a.go')).toEqual(bytes('changed'));
  expect(files.stat('/module/a.go')).toEqual({ kind: 'file', size: 7, layer: 'sandbox' });
  expect(files.list('/module/sub').map(({ name }) => name)).toEqual(['new.go']);
  expect(codeOf(() => files.readFile('/module/sub/b.go'))).toBe('NOT_FOUND');
  expect([...lower.index.keys()]).toEqual([
    '/',
    '/module',
    '/module/a.go',
    '/module/sub',
    '/module/sub/b.go',
  ]);
  expect(new Uint8Array(lower.volume.readFileSync('/module/a.go') as Buffer)).toEqual(
    bytes('package a\n'),
  );
});

test('createOverlay() gives a removed file back only when it is written again', () => {
  const { files } = createModule();
  files.removeFile('/module/a.go');
  files.writeFile('/module/a.go', bytes('x'));
  files.removeFile('/module/a.go');
  expect(codeOf(() => files.readFile('/module/a.go'))).toBe('NOT_FOUND');
});

test.each([
  ['a relative path', 'module/a.go', 'PATH'],
  ['a path that climbs', '/module/../etc', 'PATH'],
  ['an empty element', '/module//a.go', 'PATH'],
  ['a NUL', '/module/a\0b', 'PATH'],
  ['a long name', `/${'n'.repeat(256)}`, 'PATH'],
  ['a deep path', '/d'.repeat(257), 'PATH'],
  ['a folder', '/module', 'NOT_A_FILE'],
  ['nothing', '/module/none', 'NOT_FOUND'],
])('readFile() refuses %s', (_, path, code) => {
  expect(codeOf(() => createModule().files.readFile(path))).toBe(code);
});

test.each([
  [
    'a write below a file',
    (files: Filesystem) => files.writeFile('/module/a.go/x', bytes('')),
    'NOT_A_DIRECTORY',
  ],
  [
    'a write over a folder',
    (files: Filesystem) => files.writeFile('/module/sub', bytes('')),
    'NOT_A_FILE',
  ],
  [
    'a write into no folder',
    (files: Filesystem) => files.writeFile('/none/x', bytes('')),
    'NOT_FOUND',
  ],
  ['a listing of a file', (files: Filesystem) => files.list('/module/a.go'), 'NOT_A_DIRECTORY'],
  [
    'a folder that is there',
    (files: Filesystem) => files.makeDirectory('/module'),
    'NOT_A_DIRECTORY',
  ],
  ['a removed folder', (files: Filesystem) => files.removeFile('/module'), 'NOT_A_FILE'],
])('createOverlay() refuses %s', (_, act, code) => {
  expect(codeOf(() => act(createModule().files))).toBe(code);
});

test('names such as __proto__ are names', () => {
  const { files } = createModule();
  files.makeDirectory('/__proto__');
  files.writeFile('/__proto__/constructor', bytes('x'));
  expect(files.readFile('/__proto__/constructor')).toEqual(bytes('x'));
});

test('limited() stops writes that do not fit', () => {
  const files = limited(createModule().files, createBudget(5));
  files.writeFile('/module/x', bytes('12345'));
  expect(codeOf(() => files.writeFile('/module/y', bytes('1')))).toBe('LIMIT');
});

const untouchable: Filesystem = {
  stat: () => expect.unreachable(),
  list: () => expect.unreachable(),
  readFile: () => expect.unreachable(),
  writeFile: () => expect.unreachable(),
  makeDirectory: () => expect.unreachable(),
  removeFile: () => expect.unreachable(),
};

test('audited() records a denial and never asks the layer below', () => {
  const records: Access[] = [];
  const files = audited(
    untouchable,
    () => 'denied',
    (access) => records.push(access),
  );
  expect(codeOf(() => files.readFile('/home/user/.ssh/id_rsa'))).toBe('DENIED');
  expect(records).toMatchObject([
    { operation: 'read', path: '/home/user/.ssh/id_rsa', decision: 'denied', outcome: 'failure' },
  ]);
});

test('audited() records every access with its outcome, layer and content', () => {
  const records: Access[] = [];
  const files = audited(
    createModule().files,
    createPolicy([{ match: '/module/**', decision: 'allow' }]),
    (access) => records.push(access),
  );
  files.readFile('/module/a.go');
  files.writeFile('/module/new', bytes('x'));
  files.removeFile('/module/new');
  expect(codeOf(() => files.readFile('/module/none'))).toBe('NOT_FOUND');
  expect(codeOf(() => files.list('/'))).toBe('DENIED');
  expect(
    records.map(({ operation, decision, outcome, layer, size }) => [
      operation,
      decision,
      outcome,
      layer,
      size,
    ]),
  ).toEqual([
    ['read', 'allowed', 'success', 'module', 10],
    ['write', 'allowed', 'success', 'sandbox', 1],
    ['delete', 'allowed', 'success', 'sandbox', undefined],
    ['read', 'absent', 'failure', undefined, undefined],
    ['list', 'denied', 'failure', undefined, undefined],
  ]);
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

test('createAuditLog() numbers records and tells each stack once', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createAuditLog('example.com/m', (record) => lines.push({ ...record }));
  const files = audited(createModule().files, () => 'allowed', log.recorderFor('analysis'));
  for (const path of ['/module/a.go', '/module/sub/b.go']) files.readFile(path);
  expect(lines.map((line) => line['event.sequence'])).toEqual([1, 2]);
  expect(lines[0]!['glovebox.stack_hash']).toBe(lines[1]!['glovebox.stack_hash']);
  expect(lines.map((line) => 'glovebox.stack' in line)).toEqual([true, false]);
  expect([log.records(), log.stacks()]).toEqual([2, 1]);
});

test('parseProfile() names every fault and ignores layout', async () => {
  await expect(parseProfile(bytes('name: x\nlimits: {}\nextra: 1\n'), 'p.yaml')).rejects.toThrow(
    /limits\.zipBytes.*extra|extra.*limits\.zipBytes/,
  );
  await expect(parseProfile(bytes('a: [\n'), 'p.yaml')).rejects.toThrow(
    'Cannot use the profile p.yaml',
  );
});
