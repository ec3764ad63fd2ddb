import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildGo, describeWith } from '../support/go.ts';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';

type Tree = Readonly<Record<string, string>>;

const goMod = (go: string) => `module example.com/m\n\ngo ${go}\n`;
const VENDOR: Tree = {
  'a.go': 'package m\n',
  'vendor/modules.txt': 'x',
  'vendor/x.go': 'package x\n',
  'vendor/x/x.go': 'package x\n',
  'pkg/vendor/vendor.go': 'package v\n',
  'pkg/vendor/foo/foo.go': 'package f\n',
  'a/vendor/modules.txt': 'x',
};

/** Folders whose packing has a trap. */
const TREES: readonly (readonly [string, Tree])[] = [
  ['a plain module', { 'go.mod': goMod('1.21'), 'm.go': 'package m\n' }],
  ['no go.mod', { 'm.go': 'package m\n' }],
  ['vendored packages before Go 1.24', { 'go.mod': goMod('1.23'), ...VENDOR }],
  ['vendored packages since Go 1.24', { 'go.mod': goMod('1.24'), ...VENDOR }],
  [
    'vendored packages and a go.mod that does not parse',
    { 'go.mod': 'module "\n\ngo 1.24\n', ...VENDOR },
  ],
  [
    'a module inside',
    {
      'go.mod': goMod('1.21'),
      'm.go': 'x',
      'sub/go.mod': 'module x\n',
      'sub/a.go': 'x',
      'sub/deep/b.go': 'x',
    },
  ],
  [
    'a module inside in capitals',
    { 'go.mod': goMod('1.21'), 'sub/GO.MOD': 'module x\n', 'sub/a.go': 'x' },
  ],
  [
    'version control',
    {
      'go.mod': goMod('1.21'),
      '.git/config': 'x',
      'sub/.hg/x': 'x',
      '.hg_archival.txt': 'x',
      '.gitignore': 'x',
    },
  ],
  [
    'names in byte order',
    {
      'go.mod': goMod('1.21'),
      'a-b.go': 'x',
      'a.go': 'x',
      'a/b.go': 'x',
      'é.txt': 'x',
      'ｚ.txt': 'x',
      '𠀀.txt': 'x',
    },
  ],
  ['an empty file', { 'go.mod': goMod('1.21'), empty: '' }],
];

function write(tree: Tree): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describeWith('go', ['version'], 'packing folders against golang.org/x/mod', () => {
  let program = '';
  beforeAll(() => {
    program = buildGo('godir');
  });

  function compare(folder: string, subject: string): void {
    const theirs = execFileSync(program, {
      input: `${subject}\t${folder}\n`,
      encoding: 'utf8',
    }).trim();
    const run = glovebox([
      'inspect',
      folder,
      '--as',
      subject,
      '--evidence',
      '--out',
      temporaryFolder(),
    ]);
    expect(run.stderr.replace(/^A signing key.*\n/, '')).toBe('');
    expect((JSON.parse(run.stdout) as { subject: { h1: string } }).subject.h1).toBe(theirs);
  }

  test.each(TREES)('the h1 is that of x/mod for %s', (_, tree) => {
    compare(write(tree), 'example.com/m@v1.0.0');
  });

  test('links are left out', () => {
    const folder = write({ 'go.mod': goMod('1.21'), 'm.go': 'package m\n' });
    symlinkSync('/etc/passwd', join(folder, 'link'));
    symlinkSync('..', join(folder, 'folder'));
    compare(folder, 'example.com/m@v1.0.0');
  });

  test.each(readdirSync(join(ROOT, 'samples')))('the h1 is that of x/mod for sample %s', (name) => {
    compare(join(ROOT, 'samples', name, 'source'), `example.com/${name}@v1.0.0`);
  });
});
