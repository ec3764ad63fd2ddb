import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBudget } from '#base';
import { type FileContent, inspectFile, unpack } from '#content';
import { describeWith } from '../support/go.ts';
import { seededRandom } from '../support/mutate.ts';
import {
  MODULES_WITH_FILES,
  moduleDirectory,
  STANDALONE_MODULES,
} from '../support/real-modules.ts';

/** What `file` calls programs and archives. */
const EXECUTABLE =
  /^application\/(?:x-(?:executable|pie-executable|sharedlib|object|coredump|dosexec|msdownload|mach-binary|java-applet|ms-ne-executable)|vnd\.microsoft\.portable-executable|wasm)$/;
const ARCHIVE =
  /^application\/(?:zip|gzip|x-(?:tar|xz|7z-compressed|rar|bzip2|archive|cpio|lzma|lz4|lzip|compress|iso9660-image|rpm|arj|lzop|lha|lz4\+json)|x-lzh-compressed|zstd|vnd\.(?:rar|ms-cab-compressed|debian\.binary-package|oasis\..+|openxmlformats-.+|android\.package-archive)|java-archive|epub\+zip)$|^application\/x-(?:zip.*|lzh-.*)$/;
const budgets = () => ({ bytes: createBudget(268_435_456), members: createBudget(100_000) });

/** The MIME types by path, as `file` says. */
function askFile(dir: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const out = execFileSync('file', ['--mime-type', '-0', '-N', '-n', '-f', '-'], {
    cwd: dir,
    input: `${paths.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const answers = new Map<string, string>();
  for (const line of out.split('\n')) {
    const [path, type] = line.split('\0');
    if (path !== undefined && type !== undefined)
      answers.set(path, type.replace(/^: */, '').trim());
  }
  return answers;
}

const sh = (dir: string, command: string) =>
  execFileSync('sh', ['-ec', command], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });

/** Programs, archives, keys and pictures, made by the tools that everyone makes them with. */
function makeCorpus(): string {
  const dir = mkdtempSync(join(tmpdir(), 'glovebox-files-'));
  mkdirSync(join(dir, 'in', 'deep'), { recursive: true });
  writeFileSync(join(dir, 'in', 'a.txt'), 'one\n'.repeat(50));
  writeFileSync(join(dir, 'in', 'deep', 'run.sh'), '#!/bin/sh\nexit 0\n');
  writeFileSync(join(dir, 'main.go'), 'package main\n\nfunc main() { println("x") }\n');
  // The head of a class of Java 8, with an empty pool.
  writeFileSync(join(dir, 'A.class'), Buffer.from('cafebabe0000003400010021', 'hex'));
  writeFileSync(
    join(dir, 'a.c'),
    'int one(void) { return 1; }\nint main(void) { return one(); }\n',
  );
  const targets = [
    ['linux', 'amd64', 'elf'],
    ['linux', 'mips', 'elf-be'],
    ['windows', 'amd64', 'exe'],
    ['windows', '386', 'exe32'],
    ['darwin', 'arm64', 'macho'],
    ['js', 'wasm', 'wasm'],
  ];
  for (const [os, arch, name] of targets)
    sh(dir, `CGO_ENABLED=0 GOOS=${os} GOARCH=${arch} go build -ldflags='-s -w' -o ${name} main.go`);
  sh(dir, 'gcc -c a.c -o object; gcc a.c -o program; gcc -shared -fPIC a.c -o lib');
  sh(
    dir,
    'ar rc ar object; tar cf tar in; tar --format=v7 -cf tar-v7 in; tar --format=pax -cf tar-pax in',
  );
  sh(dir, 'gzip -c tar > gz; bzip2 -c tar > bz2; xz -c tar > xz; xz --format=lzma -c tar > lzma');
  sh(dir, 'zstd -q -c tar > zst; lz4 -q -c tar > lz4; bzip2 -c in/a.txt > bz2-text');
  sh(
    dir,
    `python3 -c "
import zipfile, sqlite3
for name, method in ('zip', 8), ('zip-stored', 0), ('zip-bzip2', 12), ('zip-lzma', 14):
    with zipfile.ZipFile(name, 'w', method) as z:
        z.write('in/a.txt'); z.write('in/deep/run.sh'); z.write('elf')
with zipfile.ZipFile('zip-nested', 'w', 8) as z: z.write('gz')
db = sqlite3.connect('sqlite')
for i in range(200): db.execute('create table t%d (a, b)' % i)
db.commit()
"`,
  );
  sh(dir, '7z a -bso0 s.7z in/a.txt in/deep/run.sh elf; 7z a -bso0 -mhc=off plain.7z in/a.txt');
  sh(
    dir,
    'find in | cpio -o -H newc > cpio 2>/dev/null; find in | cpio -o -H bin > cpio-bin 2>/dev/null',
  );
  sh(
    dir,
    'openssl genrsa -out pem 2048 2>/dev/null; openssl rsa -in pem -outform DER -out key.der 2>/dev/null',
  );
  sh(
    dir,
    'openssl req -x509 -key pem -subj /CN=a.example -out cert -days 3; openssl x509 -in cert -outform DER -out cert.der',
  );
  return dir;
}

const namesIn = ({ inside }: FileContent) => inside?.files.map(({ path }) => path);

/** Data that coders treat in different ways: runs, words, noise, tables. */
function sampleData(random: () => number): Buffer {
  const parts: Buffer[] = [];
  const any = (below: number) => Math.floor(random() * below);
  for (let left = any(40); left >= 0; left--) {
    const kind = any(5);
    const size = any(random() < 0.1 ? 300_000 : 5000);
    if (kind === 0) parts.push(Buffer.alloc(size, any(256)));
    else if (kind === 1) parts.push(Buffer.from(Array.from({ length: size }, () => any(256))));
    else if (kind === 2) parts.push(Buffer.from(Array.from({ length: size }, () => 97 + any(6))));
    else if (kind === 3) parts.push(Buffer.from('one word after another, '.repeat(size / 20)));
    else parts.push(parts[any(parts.length)] ?? Buffer.alloc(0));
  }
  return Buffer.concat(parts);
}

const CODERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gzip: [
    ['gzip', '-1c'],
    ['gzip', '-9c'],
  ],
  bzip2: [
    ['bzip2', '-1c'],
    ['bzip2', '-9c'],
  ],
  xz: [
    ['xz', '-0c'],
    ['xz', '-9c'],
    ['xz', '-c', '--block-size=20000', '--check=sha256'],
  ],
  lzma: [
    ['xz', '--format=lzma', '-c'],
    ['xz', '--format=lzma', '-c', '--lzma1=lc=1,lp=3,pb=0'],
  ],
  zstd: [
    ['zstd', '-qc', '-1'],
    ['zstd', '-qc', '-19'],
    ['zstd', '-qc', '--fast=50', '--no-check'],
    ['zstd', '-qc', '-9', '--no-compress-literals'],
  ],
};

const coding = (format: string) => {
  const random = seededRandom(7);
  let packed = 0;
  for (let i = 0; i < 25; i++) {
    const data = sampleData(random);
    for (const [program = '', ...args] of CODERS[format] ?? []) {
      const stream = execFileSync(program, args, { input: data, maxBuffer: 1e9 });
      const unpacked = unpack(format, stream, data.length + 1);
      expect([program, args, unpacked?.end]).toEqual([program, args, 'whole']);
      expect(Buffer.from(unpacked?.bytes ?? []).equals(data)).toBe(true);
      expect(
        unpack(format, stream.subarray(0, stream.length * random()), data.length)?.end,
      ).not.toBe('whole');
      packed++;
    }
  }
  expect(packed).toBeGreaterThan(40);
};

for (const [format, program] of [
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2'],
  ['xz', 'xz'],
  ['lzma', 'xz'],
  ['zstd', 'zstd'],
] as const)
  describeWith(program, ['--help'], `what ${program} packs`, () => {
    test(`${format} gives what was packed`, { timeout: 300_000 }, () => coding(format));
  });

describeWith('file', ['--version'], 'files by content', () => {
  test('programs and archives that tools made', { timeout: 300_000 }, () => {
    const dir = makeCorpus();
    const read = (name: string) => inspectFile(name, readFileSync(join(dir, name)), budgets());
    const names = readdirSync(dir).filter((name) => name !== 'in');
    const answers = askFile(dir, names);
    for (const name of names) {
      const { kind } = read(name);
      const answer = answers.get(name) ?? '';
      if (EXECUTABLE.test(answer)) expect([name, kind]).toEqual([name, 'executable']);
      if (ARCHIVE.test(answer)) expect([name, kind]).toEqual([name, 'archive']);
    }
    const format = (name: string) => read(name).format;
    expect(['elf', 'elf-be', 'program', 'lib', 'object'].map(format)).toEqual(Array(5).fill('elf'));
    expect(['exe', 'exe32', 'macho', 'wasm', 'A.class'].map(format)).toEqual([
      'pe',
      'pe',
      'mach-o',
      'wasm',
      'java-class',
    ]);
    expect(['pem', 'key.der', 'cert', 'cert.der'].map(format)).toEqual([
      'pem-private-key',
      'der-private-key',
      'pem-certificate',
      'der-certificate',
    ]);
    const tree = ['in/', 'in/a.txt', 'in/deep/', 'in/deep/run.sh'];
    for (const name of ['tar', 'tar-v7', 'tar-pax'])
      expect(namesIn(read(name))?.toSorted()).toEqual(tree);
    for (const name of ['gz', 'bz2', 'xz', 'lzma', 'zst'])
      expect([name, read(name).inside?.end, namesIn(read(name))?.toSorted()]).toEqual([
        name,
        'whole',
        [`${name}~`, ...tree.map((path) => `${name}~!/${path}`)].toSorted(),
      ]);
    for (const name of ['zip', 'zip-stored', 'zip-bzip2', 'zip-lzma'])
      expect([name, read(name).inside]).toEqual([
        name,
        {
          end: 'whole',
          files: [
            { path: 'in/a.txt', size: 200, format: 'text' },
            { path: 'in/deep/run.sh', size: 17, format: 'sh' },
            { path: 'elf', size: readFileSync(join(dir, 'elf')).length, format: 'elf' },
          ],
        },
      ]);
    expect(namesIn(read('zip-nested'))).toContain('gz!/gz~!/in/deep/run.sh');
    expect(namesIn(read('s.7z'))?.toSorted()).toEqual(['elf', 'in/a.txt', 'in/deep/run.sh']);
    expect(namesIn(read('plain.7z'))).toEqual(['in/a.txt']);
    expect(namesIn(read('ar'))).toEqual(['object']);
    expect(namesIn(read('sqlite'))?.length).toBe(200);
  });

  test('no program or archive of real modules is missed', { timeout: 600_000 }, () => {
    const missed: string[] = [];
    let [seen, found] = [0, 0];
    for (const module of [...STANDALONE_MODULES, ...MODULES_WITH_FILES]) {
      const dir = moduleDirectory(module);
      const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
        .filter((path) => !path.includes('\n'));
      const answers = askFile(dir, paths);
      for (const path of paths) {
        const answer = answers.get(path) ?? '';
        const wanted = EXECUTABLE.test(answer)
          ? 'executable'
          : ARCHIVE.test(answer)
            ? 'archive'
            : '';
        seen++;
        if (wanted === '') continue;
        found++;
        const { kind, format } = inspectFile(path, readFileSync(join(dir, path)), budgets());
        // A stream of DEFLATE that happens to begin with MZ: file is wrong here.
        if (path === 'sha3/testdata/keccakKats.json.deflate') continue;
        const isSyso = kind === 'syso' && format === 'coff';
        if (kind !== wanted && !isSyso) missed.push(`${module} ${path}: ${answer}, not ${format}`);
      }
    }
    process.stdout.write(
      `${seen} files, ${found} programs and archives, ${missed.length} missed\n`,
    );
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(100);
  });
});
