import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { analyzeModule, isBuiltFor } from '#golang';
import { openTestParser } from '../support/analyze.ts';
import { buildGo, describeWith } from '../support/go.ts';

const PLATFORMS = [
  'linux/amd64',
  'linux/arm64/cgo',
  'linux/386',
  'darwin/arm64/cgo',
  'darwin/amd64',
  'windows/amd64',
  'windows/386',
  'freebsd/amd64',
  'android/arm64',
  'ios/arm64',
  'js/wasm',
  'plan9/386',
] as const;

/** Modules with a file for every system there is. */
const MODULES = [
  'golang.org/x/sys@v0.28.0',
  'golang.org/x/net@v0.33.0',
  'golang.org/x/crypto@v0.31.0',
  'github.com/klauspost/compress@v1.17.11',
] as const;

/** Shapes that real modules seldom have. */
const ODD: Readonly<Record<string, string>> = {
  'plain.go': 'package a\n',
  'a_linux.go': 'package a\n',
  'linux.go': 'package a\n',
  'a_linux_arm64_test.go': 'package a\n',
  'a_unix.go': 'package a\n',
  'a_windows_foo.go': 'package a\n',
  'not.go': '//go:build !linux && !(darwin || windows)\n\npackage a\n',
  'both.go': '//go:build linux\n// +build windows\n\npackage a\n',
  'old.go': '// +build linux,amd64 darwin,!cgo\n// +build !arm64\n\npackage a\n',
  'late.go': 'package a\n\n//go:build windows\n',
  'release.go': '//go:build go1.21 && !go1.99\n\npackage a\n',
  'ignored.go': '//go:build ignore\n\npackage a\n',
  'compiler.go': '//go:build gc && !gccgo\n\npackage a\n',
  'unix.go': '//go:build unix\n\npackage a\n',
  'comment.go': '// Copyright\n\n/* more\n*/\n\n//go:build darwin\n\npackage a\n',
  'block.go': '/*\n//go:build windows\n*/\n\npackage a\n',
  'glued.go': '// +build windows\npackage a\n',
  'twice.go': '//go:build linux\n//go:build windows\n\npackage a\n',
  'broken.go': '//go:build linux &&\n\npackage a\n',
  'empty.go': '//go:build\n\npackage a\n',
  'behind.go': '/* a */ //go:build windows\n\npackage a\n',
  'after.go': '/* a */\n//go:build windows\n\npackage a\n',
  'spaced.go': '  //go:build windows\n\npackage a\n',
  'mark.go': '\ufeff//go:build windows\n\npackage a\n',
  'returns.go': '//go:build windows\r\n\r\npackage a\r\n',
  'odd_terms.go': '// +build !!linux windows,-x\n\npackage a\n',
  'no_terms.go': '// +build\n\npackage a\n',
  'negated.go': '//go:build !!linux\n\npackage a\n',
};

interface Answer {
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly tags: readonly string[];
}

/** Asks go/build for every file below a folder. */
const askBuild = (gobuild: string, dir: string): Answer =>
  JSON.parse(execFileSync(gobuild, [dir, ...PLATFORMS], { maxBuffer: 1e9 }).toString()) as Answer;

interface Listed {
  readonly Dir: string;
  readonly [list: string]: string | readonly string[] | undefined;
}

const BUILT = ['GoFiles', 'CgoFiles', 'TestGoFiles', 'XTestGoFiles'];

/** Asks `go list` for the packages of a module; `known` are the files that it speaks of at all. */
function askList(dir: string, platform: string) {
  const [GOOS = '', GOARCH = '', cgo] = platform.split('/');
  const env = { ...process.env, GOOS, GOARCH, CGO_ENABLED: cgo === undefined ? '0' : '1' };
  const args = ['list', '-e', `-json=Dir,IgnoredGoFiles,${BUILT}`, './...'];
  const text = execFileSync('go', args, {
    cwd: dir,
    env,
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packages = JSON.parse(`[${text.replaceAll('\n}\n{', '\n},\n{')}]`) as Listed[];
  const filesIn = (lists: readonly string[]) =>
    packages.flatMap((one) =>
      lists.flatMap((list) =>
        ((one[list] ?? []) as readonly string[]).map((file) => relative(dir, join(one.Dir, file))),
      ),
    );
  return { built: filesIn(BUILT), known: new Set(filesIn([...BUILT, 'IgnoredGoFiles'])) };
}

async function differences(
  answer: Answer,
  dir: string,
  known?: ReadonlySet<string>,
): Promise<readonly string[]> {
  const paths = (readdirSync(dir, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.go'))
    .sort();
  const { files } = await analyzeModule(
    'example.com/m',
    { list: () => paths, read: (path) => readFileSync(join(dir, path)) },
    {
      parser: await openTestParser(),
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
    },
  );
  return PLATFORMS.flatMap((platform) => {
    const [system = '', arch = '', cgo] = platform.split('/');
    const tags = new Set([...answer.tags, 'gc', ...(cgo === undefined ? [] : ['cgo'])]);
    const taken = new Set(answer.files[platform]);
    return files.flatMap(({ path, constraint }) => {
      if (/(^|\/)[._][^/]*$/.test(path) || known?.has(path) === false) return [];
      const isBuilt = isBuiltFor(constraint, { system, arch, tags });
      return isBuilt === taken.has(path) ? [] : [`${platform} ${path}: ${constraint}`];
    });
  });
}

describeWith('go', ['version'], 'build constraints against go/build on 12 platforms', () => {
  let gobuild = '';
  beforeAll(() => {
    gobuild = buildGo('gobuild');
  });

  test.each(MODULES)('%s', async (name) => {
    const fetched = execFileSync('go', ['mod', 'download', '-json', name], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    const { Dir: dir } = JSON.parse(fetched) as { Dir: string };
    expect(await differences(askBuild(gobuild, dir), dir)).toEqual([]);
  });

  test.each(MODULES.slice(0, 2))('go list says the same of %s', async (name) => {
    const fetched = execFileSync('go', ['mod', 'download', '-json', name], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    const { Dir: dir } = JSON.parse(fetched) as { Dir: string };
    const { tags } = askBuild(gobuild, dir);
    const files: Record<string, readonly string[]> = {};
    const known = new Set<string>();
    for (const platform of PLATFORMS) {
      const listed = askList(dir, platform);
      files[platform] = listed.built;
      for (const path of listed.known) known.add(path);
    }
    expect(known.size).toBeGreaterThan(100);
    expect(await differences({ files, tags }, dir, known)).toEqual([]);
  });

  test('shapes that are seldom written', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'glovebox-build-'));
    for (const [name, text] of Object.entries(ODD)) writeFileSync(join(dir, name), text);
    expect(await differences(askBuild(gobuild, dir), dir)).toEqual([]);
  });
});
