import { describe, expect, test } from 'vitest';
import { CodedError, createBudget } from '#base';
import { createZip, type ModuleVersion, parseGoMod } from '#module';
import { loadStored } from '#sandbox';
import { gatherModules, type OtherModules } from '../../../src/case/modules.ts';
import { buildZip } from '../../support/zip-builder.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const LIMITS = { entries: 1000, ratio: 200, pathBytes: 4096, nameBytes: 255, pathDepth: 256 };

type Files = Readonly<Record<string, string>>;
type Cache = Readonly<Record<string, Files>>;

function zipOf(name: string, files: Files): Uint8Array {
  const [path = '', version = ''] = name.split('@');
  return createZip(
    { path, version },
    Object.entries(files).map(([file, text]) => ({ path: file, content: encode(text) })),
  );
}

/** What is gathered for a file of a module, from a cache of modules by name. */
function gather(
  source: string,
  {
    cache = {},
    goMod = '',
    zips = [],
    own = [],
  }: {
    readonly cache?: Cache;
    readonly goMod?: string;
    readonly zips?: readonly Uint8Array[];
    readonly own?: readonly string[];
  },
): Promise<OtherModules> {
  const fetch = async ({ path, version }: ModuleVersion, file: 'zip' | 'mod') => {
    const name = `${path}@${version}`;
    const files = cache[name];
    if (files === undefined) return undefined;
    return file === 'zip' ? zipOf(name, files) : encode(files['go.mod'] ?? '');
  };
  const head = `module example.com/m\n\n${goMod}`;
  return gatherModules(
    { zips, fetch },
    {
      own: new Set(['example.com/m', ...own]),
      goMod: parseGoMod(encode(head), 'lax'),
      sources: [encode(source)],
    },
    {
      limits: LIMITS,
      inflated: createBudget(100_000_000),
      goSum: undefined,
      breathe: async () => undefined,
    },
  );
}

const pathsOf = ({ packages }: OtherModules) => packages.map(({ path }) => path);
const DEP = { 'go.mod': 'module a.example/d\n', 'd.go': 'package d\n' };
const REQUIRES = 'go 1.21\n\nrequire a.example/d v1.0.0\n';

describe('imports are found', () => {
  test.each([
    ['plain', 'package m\nimport "a.example/d"\n'],
    ['escaped', 'package m\nimport "\\x61.example/\\u0064"\n'],
    ['raw with a carriage return', 'package m\nimport `a.exa\rmple/d`\n'],
    ['raw', 'package m\nimport `a.example/d`\n'],
    ['named', 'package m\nimport x "a.example/d"\n'],
    ['dot', 'package m\nimport . "a.example/d"\n'],
    ['blank', 'package m\nimport _ "a.example/d"\n'],
    ['on one line', 'package m;import(_ "os";"a.example/d");func f(){}\n'],
    ['after a byte order mark', '\ufeffpackage m\nimport "a.example/d"\n'],
    [
      'between comments',
      '/* type T int */package/**/m\n// func f()\nimport /* var */ "a.example/d"',
    ],
    ['with a name of other letters', 'package m\nimport größe "a.example/d"\n'],
    ['in what is no Go before it', 'package m\nimport "a.example/d"\n@@ type\n'],
  ])('%s', async (_, source) => {
    const found = await gather(source, {
      cache: { 'a.example/d@v1.0.0': DEP },
      goMod: REQUIRES,
    });
    expect(pathsOf(found)).toEqual(['a.example/d']);
  });
});

test('only the packages that are come to are read, each after what it imports', async () => {
  const found = await gather('package m\nimport "a.example/d/x"\n', {
    cache: {
      'a.example/d@v1.0.0': {
        ...DEP,
        'x/x.go': 'package x\nimport ("b.example/e"; "a.example/d/y"; "os")\n',
        'x/x_test.go': 'package x\nimport "a.example/d/z"\n',
        'y/y.go': 'package y\n',
        'y/y.syso': 'object',
        'z/z.go': 'package z\n',
      },
      'b.example/e@v1.5.0': { 'e.go': 'package e\nimport "a.example/d/y"\n' },
    },
    goMod: `${REQUIRES}require b.example/e v1.5.0\n`,
  });
  expect(found.packages).toEqual([
    {
      path: 'a.example/d/y',
      files: ['a.example/d@v1.0.0/y/y.go'],
      objects: ['a.example/d@v1.0.0/y/y.syso'],
    },
    { path: 'b.example/e', files: ['b.example/e@v1.5.0/e.go'], objects: [] },
    { path: 'a.example/d/x', files: ['a.example/d@v1.0.0/x/x.go'], objects: [] },
  ]);
  expect(found.used.map(({ path, version }) => `${path}@${version}`)).toEqual([
    'a.example/d@v1.0.0',
    'b.example/e@v1.5.0',
  ]);
  const stored = found.sandboxPaths.get('a.example/d@v1.0.0/y/y.go') ?? '';
  expect(stored).toBe('/home/user/go/pkg/mod/a.example/d@v1.0.0/y/y.go');
  expect(new TextDecoder().decode(loadStored(found.layer, stored))).toBe('package y\n');
});

test('packages that import each other are read', async () => {
  const found = await gather('package m\nimport "a.example/d"\n', {
    cache: {
      'a.example/d@v1.0.0': { 'd.go': 'package d\nimport "b.example/e"\n' },
      'b.example/e@v1.0.0': { 'e.go': 'package e\nimport "a.example/d"\n' },
    },
    goMod: `${REQUIRES}require b.example/e v1.0.0\n`,
  });
  expect(pathsOf(found).sort()).toEqual(['a.example/d', 'b.example/e']);
});

describe('versions', () => {
  const TREE: Cache = {
    'a.example/d@v1.0.0': {
      'go.mod': 'module a.example/d\n\nrequire c.example/f v1.3.0\n',
      'd.go': 'package d\nimport "c.example/f"\n',
    },
    'b.example/e@v1.0.0': {
      'go.mod': 'module b.example/e\n\nrequire c.example/f v1.10.0\n',
      'e.go': 'package e\n',
    },
    'c.example/f@v1.3.0': { 'f.go': 'package f\n' },
    'c.example/f@v1.10.0': { 'f.go': 'package f\n' },
  };
  const SOURCE = 'package m\nimport ("a.example/d"; "b.example/e")\n';
  const BOTH = 'require a.example/d v1.0.0\nrequire b.example/e v1.0.0\n';

  test('are the highest that any go.mod asks for, whichever that is', async () => {
    const { used } = await gather(SOURCE, { cache: TREE, goMod: `go 1.16\n${BOTH}` });
    expect(used.find(({ path }) => path === 'c.example/f')?.version).toBe('v1.10.0');
  });

  test('are that also where the go.mod of the module should name all, and names a lower one', async () => {
    const { used } = await gather(SOURCE, {
      cache: TREE,
      goMod: `go 1.17\n${BOTH}require c.example/f v1.3.0 // indirect\n`,
    });
    expect(used.find(({ path }) => path === 'c.example/f')?.version).toBe('v1.10.0');
  });

  test('give way to a zip that was given', async () => {
    const zips = [zipOf('a.example/d@v1.9.0', { 'd.go': 'package d\n' })];
    const { used, packages } = await gather(SOURCE, {
      cache: TREE,
      goMod: `go 1.17\n${BOTH}`,
      zips,
    });
    expect(used[0]).toMatchObject({ path: 'a.example/d', version: 'v1.9.0' });
    expect(packages.map(({ files }) => files[0])).toContain('a.example/d@v1.9.0/d.go');
  });
});

test('the longest path that has the package is its module', async () => {
  const found = await gather('package m\nimport ("a.example/d/sub/x"; "a.example/d/sub")\n', {
    cache: {
      'a.example/d@v1.0.0': { 'sub/x/x.go': 'package x\n', 'sub/s.go': 'package sub\n' },
      'a.example/d/sub@v1.0.0': { 'x/x.go': 'package x\n' },
    },
    goMod: `${REQUIRES}require a.example/d/sub v1.0.0\n`,
  });
  expect(found.packages.flatMap(({ files }) => files).sort()).toEqual([
    'a.example/d/sub@v1.0.0/x/x.go',
    'a.example/d@v1.0.0/sub/s.go',
  ]);
});

test("the module's own packages are its own", async () => {
  const found = await gather('package m\nimport "example.com/m/x"\n', {
    zips: [zipOf('example.com/m@v1.0.0', { 'x/x.go': 'package x\n' })],
    own: ['example.com/m/x'],
  });
  expect(found.packages).toEqual([]);
});

test('what is no zip, and a cache that cannot be read, are gaps', async () => {
  const source = 'package m\nimport "a.example/d"\n';
  const { gaps } = await gather(source, { zips: [encode('PK, but no zip')] });
  expect(gaps).toMatchObject([{ code: 'unreadable', file: '--with 1' }]);
  const refused = await gatherModules(
    {
      zips: [],
      fetch: async () => {
        throw new (class extends CodedError<'X'> {})('X', 'Cannot read it: no permission');
      },
    },
    {
      own: new Set(),
      goMod: parseGoMod(encode(`module m.example\n\n${REQUIRES}`), 'lax'),
      sources: [encode(source)],
    },
    {
      limits: LIMITS,
      inflated: createBudget(1000),
      goSum: undefined,
      breathe: async () => undefined,
    },
  );
  expect(refused.gaps).toMatchObject([
    { file: 'a.example/d@v1.0.0', detail: 'not followed into: Cannot read it: no permission' },
  ]);
});

test('a small zip that inflates to more than it may is not followed into', async () => {
  const name = 'a.example/d@v1.0.0/d.go';
  const content = `package d\n${'// a\n'.repeat(8_000_000)}`;
  const { gaps, packages } = await gather('package m\nimport "a.example/d"\n', {
    zips: [buildZip({ entries: [{ name, content }] })],
  });
  expect(packages).toEqual([]);
  expect(gaps).toMatchObject([
    { code: 'unreadable', detail: expect.stringMatching(/^not followed into: .*inflate/) },
  ]);
});
