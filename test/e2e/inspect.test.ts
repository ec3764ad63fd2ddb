import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE_ZIPS } from '../support/hostile-zips.ts';
import { glovebox, gloveboxBeside, MAIN, ROOT, temporaryFolder } from '../support/program.ts';
import { buildZip } from '../support/zip-builder.ts';

const SAMPLE = join(ROOT, 'samples/import-starts-program/source');
const CLEAN = join(ROOT, 'samples/plain-library/source');

function writeZip(spec: Parameters<typeof buildZip>[0]): string {
  const path = join(temporaryFolder(), 'subject.zip');
  writeFileSync(path, buildZip(spec));
  return path;
}

/** The files of a folder by name. */
function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]),
  );
}

const only = (folder: string) => join(folder, readdirSync(folder)[0]!);

describe('inspect', () => {
  test('shows what each package can do, as a table', () => {
    const { stdout } = glovebox(['inspect', SAMPLE, '--capabilities', '--out', temporaryFolder()]);
    expect(stdout).toMatch(/^package +exec\n\. +via!\ntelemetry +own!$/m);
    const none = glovebox(['inspect', CLEAN, '--capabilities', '--out', temporaryFolder()]);
    expect(none.stdout).toContain('no capabilities were found');
  });

  test('prints verdict, reason, place, advice and case, at most a screen', () => {
    const out = temporaryFolder();
    const { stdout, status } = glovebox(['inspect', SAMPLE, '--out', out]);
    expect(status).toBe(1);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
    const shown = stdout
      .replace(out, 'OUT')
      .replace(/-[0-9a-f]{12}$/m, '-DIGEST')
      .replace(/(isolation {2})(bwrap|userns|permission)(\n {13,}not \w+: .*)*/, '$1LEVEL');
    expect(shown).toMatchInlineSnapshot(`
      "MALICIOUS  example.com/import-starts-program@v0.0.0-00010101000000-DIGEST

        critical Starts a program when imported
                 Importing the package reaches os/exec.Command, which starts a program
                 at telemetry/telemetry.go:10

        archive    accepted by the go command, go.sum: not compared
        h1         h1:JBLHVnobeKbWMHVEZJmeL5DEfIaZifdvXypgvXpW9Vc=
        on import  1 initialiser runs code, which can reach EXEC
        can do     telemetry: EXEC
        findings   1 critical
        not seen   nothing

        next: Do not build or import the module. Read the call path from the initialiser to the program
        that is started.

        isolation  LEVEL
        case       OUT/example.com!import-starts-program@v0.0.0-00010101000000-000000000000-eb322f1b984d
      "
    `);
  });

  test('writes a sealed case of exactly these files, and none beside it', () => {
    const out = temporaryFolder();
    glovebox(['inspect', SAMPLE, '--out', out]);
    expect(readdirSync(out)).toHaveLength(1);
    expect(readdirSync(only(out)).sort()).toEqual([
      'audit.checkpoint',
      'audit.jsonl',
      'audit.leaves',
      'case.json',
      'case.sigstore.json',
      'evidence.json',
      'examiner.pub',
      'report.md',
      'sbom.cdx.json',
    ]);
  });

  test('never changes a case that is there', () => {
    const out = temporaryFolder();
    const home = temporaryFolder();
    glovebox(['inspect', CLEAN, '--out', out], { home });
    const before = readFolder(only(out));
    glovebox(['inspect', CLEAN, '--out', out], { home });
    const names = readdirSync(out).sort();
    expect(names).toHaveLength(2);
    expect(names[1]).toBe(`${names[0]}-2`);
    expect(readFolder(join(out, names[0]!))).toEqual(before);
  });

  test('gives the same evidence and SBOM on every run, from source and from dist', () => {
    const [one, two, three] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const first = glovebox(['inspect', SAMPLE, '--out', one, '--evidence']);
    glovebox(['inspect', SAMPLE, '--out', two]);
    for (const name of ['evidence.json', 'sbom.cdx.json', 'report.md']) {
      expect(readFileSync(join(only(two), name), 'utf8')).toBe(
        readFileSync(join(only(one), name), 'utf8'),
      );
    }
    expect(first.stdout).toBe(readFileSync(join(only(one), 'evidence.json'), 'utf8'));
    const source = spawnSource(['inspect', SAMPLE, '--out', three, '--evidence']);
    return source.then((stdout) => expect(stdout).toBe(first.stdout));
  });

  test('gives the same case byte for byte with SOURCE_DATE_EPOCH and the same key', () => {
    const home = temporaryFolder();
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    for (const out of [one, two])
      glovebox(['inspect', SAMPLE, '--out', out], {
        home,
        env: { SOURCE_DATE_EPOCH: '1700000000' },
      });
    expect(readFolder(only(two))).toEqual(readFolder(only(one)));
    expect(readdirSync(two)).toEqual(readdirSync(one));
  });

  test('makes one key with mode 0600, says so once, and uses it again', () => {
    const home = temporaryFolder();
    const first = glovebox(['inspect', CLEAN, '--out', temporaryFolder()], { home });
    const second = glovebox(['inspect', CLEAN, '--out', temporaryFolder()], { home });
    const key = join(home, '.local/state/glovebox/key.pem');
    expect(first.stderr).toContain(key);
    expect(second.stderr).toBe('');
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  test('--json ends with case.closed and tells the folder', () => {
    const out = temporaryFolder();
    const lines = glovebox(['inspect', SAMPLE, '--out', out, '--json']).stdout.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string });
    expect(events.at(-1)).toMatchObject({
      type: 'case.closed',
      verdict: 'malicious',
      directory: only(out),
    });
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['stage.started', 'stage.finished', 'access', 'finding']),
    );
  });

  test.each([
    ['malicious', 'never', 0],
    ['malicious', 'malicious', 1],
    ['clean', 'inconclusive', 0],
  ])('a %s module with --fail-on %s ends with %i', (verdict, line, code) => {
    const subject = verdict === 'clean' ? CLEAN : SAMPLE;
    expect(
      glovebox(['inspect', subject, '--out', temporaryFolder(), '--fail-on', line]).status,
    ).toBe(code);
  });

  // In four parts, which run side by side; sizes that differ by one are for the comparison with Go.
  const hostile = HOSTILE_ZIPS.filter(([name]) => !/of \d{10}/.test(name));
  test.concurrent.each([0, 1, 2, 3])(
    'is never an error for an archive with an end record, however hostile (%i)',
    async (part) => {
      for (const [name, spec] of hostile.filter((_, i) => i % 4 === part)) {
        const args = ['--out', temporaryFolder(), '--as', 'example.com/m@v1.0.0'];
        const run = await gloveboxBeside(['inspect', writeZip(spec), ...args]);
        expect([0, 1, 2], `${name}: ${run.stderr}`).toContain(run.status);
        expect(run.stdout, name).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
        );
      }
    },
  );

  test('suspect text is escaped in the report too', () => {
    const out = temporaryFolder();
    const spec = HOSTILE_ZIPS.find(([name]) => name === 'a name with an escape sequence')![1];
    glovebox(['inspect', writeZip(spec), '--out', out]);
    for (const name of [
      'report.md',
      'case.json',
      'evidence.json',
      'sbom.cdx.json',
      'audit.jsonl',
    ]) {
      expect(readFileSync(join(only(out), name), 'utf8'), name).not.toContain('\u001b');
    }
  });
});

function spawnSource(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const flags = ['--conditions=source', '--import', 'tsx', join(ROOT, 'src/cli/main.ts')];
    const child = spawn(process.execPath, [...flags, ...args], {
      cwd: ROOT,
      env: { ...process.env, HOME: temporaryFolder() },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

describe('bad input gets one sentence and the right exit code', () => {
  const folder = temporaryFolder();
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  test.each([
    ['a missing file', () => [join(folder, 'nothing.zip')], 65, /there is no such file or folder/],
    ['an empty file', () => [file('empty.zip', '')], 65, /it is empty/],
    ['a text file', () => [file('notes.txt', 'hello\n')], 65, /no zip end record/],
    [
      'a folder without go.mod and without --as',
      () => [temporaryFolder()],
      65,
      /--as path@version/,
    ],
    [
      'a go.sum that is not one',
      () => [CLEAN, '--go-sum', file('go.sum', 'a b\n')],
      65,
      /wrong number of fields 2/,
    ],
    [
      'a go.sum that is missing',
      () => [CLEAN, '--go-sum', join(folder, 'none')],
      65,
      /no such file/,
    ],
    ['a key that is not one', () => [CLEAN, '--key', file('key', 'x')], 65, /PKCS #8 PEM/],
    ['a key that is missing', () => [CLEAN, '--key', join(folder, 'none')], 65, /no such file/],
    ['an unknown flag', () => [CLEAN, '--evidense'], 64, /did you mean --evidence/],
    ['an unknown command', () => ['__command__'], 64, /unknown command/],
    ['no subject', () => [], 64, /missing required argument/],
    ['two formats', () => [CLEAN, '--json', '--evidence'], 64, /choose one/],
    [
      'a version that is none',
      () => [CLEAN, '--as', 'example.com/m@1.0'],
      64,
      /--as takes path@version/,
    ],
    ['an unknown profile', () => [CLEAN, '--profile', 'lenient'], 64, /compliance, strict, triage/],
    [
      'a profile with faults',
      () => [CLEAN, '--profile', file('p.yaml', 'name: 3\n')],
      65,
      /Cannot use the profile/,
    ],
    ['an output folder below a file', () => [CLEAN, '--out', file('out', 'x')], 74, /--out/],
    ['a time that is none', () => [CLEAN, '--profile', 'strict'], 64, /SOURCE_DATE_EPOCH/],
  ] as const)('%s', (name, args, code, words) => {
    const given = args();
    const line = given[0] === '__command__' ? ['inspekt', CLEAN] : ['inspect', ...given];
    const env = name === 'a time that is none' ? { SOURCE_DATE_EPOCH: 'now' } : {};
    const run = glovebox(line, { cwd: folder, env: env as Record<string, string> });
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(words);
    expect(
      run.stderr
        .trim()
        .split('\n')
        .filter((text) => !text.startsWith('A signing key')),
    ).toHaveLength(1);
    expect(run.stderr).not.toMatch(/\bat .*\.js:\d/);
    expect(run.status).toBe(code);
    expect(existsSync(join(folder, 'cases')) ? readdirSync(join(folder, 'cases')) : []).toEqual([]);
  });

  test('an output folder that cannot be made', () => {
    const run = glovebox(['inspect', CLEAN, '--out', '/proc/self/cases']);
    expect(run.status).toBe(74);
    expect(run.stderr).toMatch(/Cannot write the case: .*--out/);
  });

  test('a full disk', () => {
    const out = temporaryFolder();
    const limited = spawnSync(
      'sh',
      [
        '-c',
        `ulimit -f 1; exec "${process.execPath}" "${MAIN}" inspect "${SAMPLE}" --out "${out}"`,
      ],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
      },
    );
    expect(limited.status).toBe(74);
    expect(limited.stderr).toMatch(/the disk is full/);
    expect(readdirSync(out)).toEqual([]);
  });

  test('an interruption leaves nothing behind', async () => {
    const big = writeZip({
      entries: Array.from({ length: 3000 }, (_, i) => ({
        name: `example.com/m@v1.0.0/f${i}.go`,
        content: `package m\n\nfunc F${i}() int {\n${'\tx := 1\n\t_ = x\n'.repeat(200)}\treturn ${i}\n}\n`,
      })),
    });
    const out = temporaryFolder();
    const child = spawn(process.execPath, [MAIN, 'inspect', big, '--out', out], {
      env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
      stdio: 'ignore',
    });
    while (!existsSync(out) || readdirSync(out).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('check', () => {
  const home = temporaryFolder();
  let sealed = '';
  beforeAll(() => {
    const out = temporaryFolder();
    glovebox(['inspect', SAMPLE, '--out', out], { home });
    sealed = only(out);
  });

  test('says line by line what it checked and by whom it is signed', () => {
    const run = glovebox(['check', sealed], { home });
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^INTACT {2}/);
    expect(run.stdout.match(/ {2}ok {4}/g)?.length).toBe(14);
    expect(run.stdout).toContain('signer: your own key');
  });

  test('ends with 2 where the signer is unknown, and with 0 for a key that is given', () => {
    expect(glovebox(['check', sealed]).status).toBe(2);
    expect(glovebox(['check', sealed, '--key', join(sealed, 'examiner.pub')]).status).toBe(0);
  });

  test('--json gives every check', () => {
    const report = JSON.parse(glovebox(['check', sealed, '--json'], { home }).stdout) as {
      ok: boolean;
      checks: { ok: boolean }[];
    };
    expect(report.ok).toBe(true);
    expect(report.checks.every(({ ok }) => ok)).toBe(true);
  });

  test.each([
    'audit.checkpoint',
    'audit.jsonl',
    'audit.leaves',
    'case.json',
    'case.sigstore.json',
    'evidence.json',
    'examiner.pub',
    'report.md',
    'sbom.cdx.json',
  ])('names %s when one byte of it changes', (name) => {
    const copy = join(temporaryFolder(), 'case');
    mkdirSync(copy);
    for (const [file, content] of Object.entries(readFolder(sealed)))
      writeFileSync(join(copy, file), Buffer.from(content, 'base64'));
    const bytes = readFileSync(join(copy, name));
    const at = Math.floor(bytes.length / 3);
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(join(copy, name), bytes);
    const run = glovebox(['check', copy], { home });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('NOT INTACT');
    expect(run.stdout).toMatch(new RegExp(`FAIL.*${name.replaceAll('.', '[.]')}`));
  });

  test.each([
    ['a file is added', (copy: string) => writeFileSync(join(copy, 'extra.txt'), 'x')],
    ['a file is missing', (copy: string) => rmSync(join(copy, 'report.md'))],
    [
      'a line of the log is dropped',
      (copy: string) =>
        writeFileSync(
          join(copy, 'audit.jsonl'),
          readFileSync(join(copy, 'audit.jsonl'), 'utf8').split('\n').slice(1).join('\n'),
        ),
    ],
    [
      'white space is added to the seal',
      (copy: string) =>
        writeFileSync(
          join(copy, 'case.sigstore.json'),
          `${readFileSync(join(copy, 'case.sigstore.json'), 'utf8')}\n`,
        ),
    ],
  ])('fails when %s', (_, change) => {
    const copy = join(temporaryFolder(), 'case');
    mkdirSync(copy);
    for (const [file, content] of Object.entries(readFolder(sealed)))
      writeFileSync(join(copy, file), Buffer.from(content, 'base64'));
    change(copy);
    expect(glovebox(['check', copy], { home }).status).toBe(1);
  });
});
