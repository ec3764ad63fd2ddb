import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createZip } from '#module';
import { glovebox, temporaryFolder } from '../support/program.ts';

const SUBJECT = { path: 'example.com/app', version: 'v1.0.0' };
const DEP = { path: 'example.com/Dep/v2', version: 'v2.1.0' };

const encode = (text: string) => new TextEncoder().encode(text);

function zipOf(module: typeof SUBJECT, files: Readonly<Record<string, string>>): Uint8Array {
  return createZip(
    module,
    Object.entries(files).map(([path, text]) => ({ path, content: encode(text) })),
  );
}

const APP = zipOf(SUBJECT, {
  'go.mod': 'module example.com/app\n\ngo 1.21\n\nrequire example.com/Dep/v2 v2.1.0\n',
  'app.go':
    '// Package app.\n/*\ntype no declaration\n*/\npackage app\n\nimport "example.com/Dep/v2/log"\n\nfunc Run() { log.Print("x") }\n',
  'app_test.go': 'package app\n\nimport _ "example.com/Dep/v2/testing"\n',
});
const QUIET = {
  'go.mod': 'module example.com/Dep/v2\n\ngo 1.21\n',
  'log/log.go':
    'package log\n\nimport "os"\n\nfunc Print(s string) { os.WriteFile("log", []byte(s), 0o600) }\n',
  'testing/t.go':
    'package testing\n\nimport "os/exec"\n\nfunc init() { exec.Command("x").Run() }\n',
};
const HOSTILE = {
  ...QUIET,
  'log/start.go':
    'package log\n\nimport "os/exec"\n\nfunc init() { start() }\n\nfunc start() { exec.Command("no-such-program.example").Run() }\n',
};

function write(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

function inspect(...args: readonly string[]) {
  const app = write('app.zip', APP);
  return glovebox(['inspect', app, '--out', temporaryFolder(), ...args]);
}

interface Evidence {
  readonly verdict: string;
  readonly facts: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  readonly gaps: readonly {
    readonly code: string;
    readonly file: string;
    readonly detail: string;
  }[];
  readonly limits: readonly { readonly code: string; readonly detail: string }[];
}

function evidenceOf(...args: readonly string[]): Evidence {
  return JSON.parse(inspect('--evidence', '--fail-on', 'never', ...args).stdout);
}

/** A module cache with one module in it. */
function cacheOf(zip: Uint8Array, goMod = QUIET['go.mod']): string {
  const cache = temporaryFolder();
  const folder = join(cache, 'cache/download/example.com/!dep/v2/@v');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'v2.1.0.zip'), zip);
  writeFileSync(join(folder, 'v2.1.0.mod'), goMod);
  return cache;
}

describe('calls into other modules', () => {
  test('are UNANALYZED where these were not given', () => {
    const { facts, limits } = evidenceOf();
    expect(facts['capabilities']?.map(({ capability }) => capability)).toEqual(['UNANALYZED']);
    expect(limits).toMatchObject([{ code: 'external-call' }]);
    expect(facts['dependencies']).toMatchObject([{ path: DEP.path, version: DEP.version }]);
    expect(facts['dependencies']?.[0]).not.toHaveProperty('followed');
  });

  test.each([
    ['--with', () => write('dep.zip', zipOf(DEP, QUIET))],
    ['--modcache', () => cacheOf(zipOf(DEP, QUIET))],
  ])('are followed with %s', (option, make) => {
    const { facts, limits, gaps, verdict } = evidenceOf(option, make());
    expect(facts['capabilities']).toMatchObject([
      {
        capability: 'FILES',
        function: 'example.com/app.Run',
        kind: 'transitive',
        path: [
          { function: 'example.com/app.Run', file: 'app.go', line: 9 },
          {
            function: 'example.com/Dep/v2/log.Print',
            file: 'example.com/Dep/v2@v2.1.0/log/log.go',
            line: 5,
          },
          { function: 'os.WriteFile' },
        ],
      },
    ]);
    expect([limits, gaps, verdict]).toEqual([[], [], 'clean']);
    expect(facts['packages']).toHaveLength(1);
    expect(facts['dependencies']?.[0]?.['followed']).toMatch(/^h1:/);
  });

  test('show what another module starts when it is imported, with its code', () => {
    const dep = write('dep.zip', zipOf(DEP, HOSTILE));
    const { verdict, findings, facts } = evidenceOf('--with', dep);
    expect(verdict).toBe('malicious');
    expect(findings).toMatchObject([
      {
        rule: 'exec-on-import',
        file: 'example.com/Dep/v2@v2.1.0/log/start.go',
        line: 7,
        excerpt: expect.stringContaining('no-such-program.example'),
      },
    ]);
    expect(facts['capabilities']).toContainEqual(
      expect.objectContaining({
        capability: 'EXEC',
        function: 'example.com/app.init',
        onImport: true,
      }),
    );
    const { stdout } = inspect('--with', dep, '--why', 'app.init', 'EXEC');
    expect(stdout).toContain('func start() { exec.Command("no-such-program.example").Run() }');
  });

  test('show what they import of the module, also in folders that are left out', () => {
    const app = write(
      'app.zip',
      zipOf(SUBJECT, {
        'go.mod': 'module example.com/app\n\ngo 1.21\n',
        'app.go': 'package app\n\nimport _ "example.com/Dep/v2/log"\n',
        'testdata/x/x.go':
          'package x\n\nimport "os/exec"\n\nfunc init() { exec.Command("no-such-program.example").Run() }\n',
      }),
    );
    const log = 'package log\n\nimport _ "example.com/app/testdata/x"\n';
    const dep = write('dep.zip', zipOf(DEP, { 'log/log.go': log }));
    const args = ['--with', dep, '--out', temporaryFolder(), '--fail-on', 'never'];
    expect(glovebox(['inspect', app, ...args]).stdout).toContain('MALICIOUS');
  });

  test('are reads in the log', () => {
    const out = temporaryFolder();
    const { stdout } = inspect('--with', write('dep.zip', zipOf(DEP, QUIET)), '--out', out);
    const directory = /case +(.*)/.exec(stdout)?.[1] ?? '';
    const log = readFileSync(join(directory, 'audit.jsonl'), 'utf8');
    expect(log).toContain(
      '"file.path":"/home/user/go/pkg/mod/example.com/Dep/v2@v2.1.0/log/log.go"',
    );
    expect(log).not.toContain('testing/t.go');
  });

  test('are not followed into a zip that the go command refuses, which is a gap', () => {
    const refused = Buffer.from(zipOf(DEP, { ...QUIET, 'log/two.go': 'package log\n' }));
    // Another spelling of a name that is there.
    refused.write('log/LOG.go', refused.lastIndexOf('log/two.go'));
    const { gaps, verdict } = evidenceOf('--modcache', cacheOf(refused));
    expect(gaps).toMatchObject([{ code: 'unreadable', file: 'example.com/Dep/v2@v2.1.0' }]);
    expect(verdict).toBe('inconclusive');
  });

  test('are not followed where go.sum has another hash', () => {
    const goSum = write('go.sum', encode(`example.com/Dep/v2 v2.1.0 h1:${'A'.repeat(43)}=\n`));
    const args = ['--with', write('dep.zip', zipOf(DEP, QUIET)), '--go-sum', goSum];
    const { gaps } = evidenceOf(...args);
    expect(gaps).toMatchObject([
      { code: 'unreadable', detail: 'not followed into: its hash is not the one in go.sum' },
    ]);
  });

  test('of a module that is not in the cache are UNANALYZED', () => {
    const { limits, gaps, verdict } = evidenceOf('--modcache', temporaryFolder());
    expect(limits).toMatchObject([
      { code: 'external-call', onImport: false },
      { code: 'external-call', onImport: true, detail: expect.stringContaining('imports') },
    ]);
    expect([gaps, verdict]).toEqual([[], 'inconclusive']);
  });

  test.each([
    [['--modcache', '/no/such/folder'], 'Cannot read the module cache /no/such/folder'],
    [['--with', '/no/such.zip'], '/no/such.zip'],
    [['--with', 'README.md'], 'Cannot read README.md as a zip; --with takes module zips'],
  ])('%j is refused in one sentence', (args, sentence) => {
    const { status, stderr, stdout } = inspect(...args);
    expect(status).toBe(65);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });
});
