import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTlogProof, signNote } from '#tlog';
import { describeWith } from '../support/go.ts';
import { gloveboxBeside, MAIN, temporaryFolder } from '../support/program.ts';
import {
  createTestSumdb,
  filler,
  OTHER_SIGNER,
  serve,
  TEST_SIGNER,
  type TestSumdb,
} from '../support/test-sumdb.ts';
import { buildZip } from '../support/zip-builder.ts';

const KEY = TEST_SIGNER.verifier;
const MODULE = 'example.com/m@v1.0.0';
const GO_MOD = 'module example.com/m\n\ngo 1.21\n';
const archive = (code: string) =>
  buildZip({
    entries: [
      { name: `${MODULE}/go.mod`, content: GO_MOD },
      { name: `${MODULE}/m.go`, content: code },
    ],
  });
// Computed by other programs: the hashes of this go.mod with the file m.go of `package m`.
const H1 = 'h1:fMmDKxylWHrLDMBXPo7zB62VLWneCU9/dHwc0CJrWDU=';
const GO_MOD_H1 = 'h1:ONeDgCa5UF/jJRjGzpOKmUiezgFEk4IPFZ96frvroW0=';
const RECORD = {
  path: 'example.com/m',
  version: 'v1.0.0',
  text: `example.com/m v1.0.0 ${H1}\nexample.com/m v1.0.0/go.mod ${GO_MOD_H1}\n`,
};

function database(): TestSumdb {
  return createTestSumdb([...Array.from({ length: 300 }, (_, i) => filler(i)), RECORD]);
}

function files() {
  const folder = temporaryFolder();
  const [honest, changed] = [join(folder, 'honest.zip'), join(folder, 'changed.zip')];
  writeFileSync(honest, archive('package m\n'));
  writeFileSync(changed, archive('package m // changed\n'));
  return { folder, honest, changed };
}

describe('a checksum database, from the network to one file', () => {
  const { folder, honest, changed } = files();
  const saved = join(folder, 'saved');
  const home = temporaryFolder();
  let db = database();
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    server = await serve((path) => db.answer(path));
  });
  afterAll(() => server.close());
  const run = (...args: readonly string[]) => gloveboxBeside(args, { home, cwd: folder });
  const sumdb = (where: string) => ['--sumdb', where, '--sumdb-key', KEY];

  test('verify asks it, and remembers', async () => {
    const first = await run('verify', honest, changed, ...sumdb(server.url));
    expect(first.stdout).toMatch(/^ok +example\.com\/m@v1\.0\.0 +h1:fMmD/);
    expect(first.stdout).toMatch(/record: 300 of localhost\.localdev\/sumdb holds this h1/);
    expect(first.stdout).toMatch(/inclusion: proven: record 300 is in the tree of 301 records/);
    expect(first.stdout).toMatch(/MISMATCH +example\.com\/m@v1\.0\.0/);
    expect(first.status).toBe(1);
    const asked = server.requests.length;
    const again = await run('verify', honest, ...sumdb(server.url));
    expect([again.status, again.stdout]).toEqual([0, first.stdout.split('MISMATCH')[0]]);
    expect(server.requests.slice(asked).filter((path) => /lookup|tile/.test(path))).toEqual([]);
  });

  test('inspect shows the chain, and another h1 is malicious with both hashes', async () => {
    const clean = await run('inspect', honest, ...sumdb(server.url));
    expect(clean.stdout).toMatch(/^CLEAN/);
    expect(clean.stdout).toMatch(/database +match\n +record: 300/);
    expect(clean.status).toBe(0);
    const evil = await run('inspect', changed, ...sumdb(server.url), '--evidence');
    const evidence = JSON.parse(evil.stdout);
    expect([evidence.verdict, evil.status]).toEqual(['malicious', 1]);
    expect(evidence.integrity.sumdb).toMatchObject({
      status: 'mismatch',
      goMod: 'match',
      record: 300,
      treeSize: 301,
      logged: { h1: H1 },
    });
    expect(evidence.reasons[0]).toContain(H1);
    expect(evidence.reasons[0]).toContain(evidence.subject.h1);
    expect(evidence.subject.h1).not.toBe(H1);
  });

  test('fetch saves it, verify and inspect then need no network', async () => {
    const fetched = await run('sumdb', 'fetch', MODULE, ...sumdb(server.url), '--out', saved);
    expect(fetched.stdout).toMatch(/1 of 1 records saved, proven in the tree of 301 records/);
    expect(fetched.status).toBe(0);
    for (const [zip, status] of [
      [honest, 0],
      [changed, 1],
    ] as const) {
      const offline = await gloveboxBeside(['verify', zip, '--json', ...sumdb(saved)]);
      expect(JSON.parse(offline.stdout).sumdb.source).toBe('directory');
      expect(offline.status).toBe(status);
    }
    const bytes = async () =>
      (await gloveboxBeside(['inspect', honest, '--evidence', ...sumdb(saved)])).stdout;
    expect(await bytes()).toBe(await bytes());
  });

  test('prove writes one file, which proves it again', async () => {
    const made = await run('sumdb', 'prove', MODULE, ...sumdb(saved));
    expect(made.stdout).toMatch(/^example\.com!m@v1\.0\.0\.tlog-proof: record 300 /);
    const file = join(folder, 'example.com!m@v1.0.0.tlog-proof');
    expect(parseTlogProof(readFileSync(file)).index).toBe(300);
    const offline = await run('verify', honest, ...sumdb(file));
    expect([offline.status, offline.stdout]).toEqual([0, expect.stringMatching(/^ok /)]);
    expect((await run('verify', changed, ...sumdb(file))).status).toBe(1);
    const taken = await run('sumdb', 'prove', MODULE, ...sumdb(saved));
    expect([taken.status, taken.stderr]).toEqual([74, expect.stringMatching(/the name is taken/)]);
    const shown = await run('sumdb', 'prove', MODULE, ...sumdb(saved), '--out', '-');
    expect(shown.stdout).toBe(readFileSync(file, 'utf8'));
  });

  test('sumdb verify says what is proven, and what is not', async () => {
    const all = await run('sumdb', 'verify', saved, join(saved, 'latest'), '--sumdb-key', KEY);
    expect(all.stdout).toMatch(
      /^PROVEN .*\n.*301 records.*\n +ok +record 300: example\.com\/m@v1\.0\.0\nPROVEN /,
    );
    expect(all.status).toBe(0);
    const spoiled = join(folder, 'spoiled');
    cpSync(saved, spoiled, { recursive: true });
    const tile = join(spoiled, 'tile/8/0/001.p/45');
    const bytes = readFileSync(tile);
    bytes[5]! ^= 1;
    writeFileSync(tile, bytes);
    const bad = await run('sumdb', 'verify', spoiled, '--sumdb-key', KEY, '--json');
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, kind: 'directory' });
    expect(bad.status).toBe(1);
    const unproven = await run('inspect', honest, ...sumdb(spoiled), '--evidence');
    const { verdict, gaps, findings, integrity } = JSON.parse(unproven.stdout);
    expect([verdict, gaps[0].code, unproven.status]).toEqual(['inconclusive', 'proof-not-made', 2]);
    expect(integrity.sumdb.refusal).toBe('inconsistent-tile');
    expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      'checksum-database-unproven',
    ]);
    // A copy with something missing; what is said of it names no path of this machine.
    rmSync(tile);
    const cut = await run('inspect', honest, ...sumdb(spoiled), '--evidence');
    expect(JSON.parse(cut.stdout).integrity.sumdb.detail).toBe(
      'Cannot read tile/8/0/001.p/45 from the saved copy: it is not there',
    );
    expect(cut.stdout).not.toContain(folder);
    const other = ['--as', 'example.com/other@v1.0.0'];
    const absent = await run('verify', honest, ...other, ...sumdb(saved));
    expect(absent.stdout).toMatch(/the saved copy of \S+ has no record of example\.com\/other/);
    const stranger = await run('sumdb', 'verify', join(saved, 'latest'));
    expect([stranger.status, stranger.stdout]).toEqual([2, expect.stringMatching(/No known key/)]);
  });

  test('fetching more proves the old anew under the new head', async () => {
    for (let i = 0; i < 30; i++) db.append(filler(1000 + i));
    const more = await run(
      'sumdb',
      'fetch',
      'example.com/m1007@v1.0.0',
      ...sumdb(server.url),
      '--out',
      saved,
    );
    expect(more.stdout).toMatch(/in the tree of 331 records/);
    const all = await run('sumdb', 'verify', saved, '--sumdb-key', KEY);
    expect(all.stdout).toMatch(/record 308: .*\n.*record 300: /s);
    const old = readFileSync(join(saved, 'lookup', MODULE), 'utf8');
    expect(old).toMatch(/\n331\n/);
    expect((await run('verify', honest, ...sumdb(saved))).status).toBe(0);
  });

  test('a fork is told in the words of the go command, and nothing is remembered of it', async () => {
    const before = db;
    db = createTestSumdb([...Array.from({ length: 340 }, (_, i) => filler(5000 + i)), RECORD]);
    const forked = await run(
      'sumdb',
      'fetch',
      'example.com/m5003@v1.0.0',
      ...sumdb(server.url),
      '--out',
      join(folder, 'x'),
    );
    expect(forked.stderr).toMatch(/SECURITY ERROR\ngo\.sum database server misbehavior detected!/);
    expect(forked.stderr).toMatch(/proof of misbehavior:/);
    expect(forked.status).toBe(1);
    const other = archive('package m\n');
    const file = join(folder, 'other.zip');
    writeFileSync(
      file,
      Buffer.from(other).toString('latin1').replaceAll(MODULE, 'example.com/m5@v1.0.0'),
      'latin1',
    );
    const inspected = await run(
      'inspect',
      file,
      '--as',
      'example.com/m5003@v1.0.0',
      ...sumdb(server.url),
      '--evidence',
    );
    const evidence = JSON.parse(inspected.stdout);
    expect(evidence.integrity.sumdb.status).toBe('fork');
    expect(evidence.integrity.sumdb.fork.older).toMatch(/\n331\n/);
    expect(evidence.findings.map(({ rule }: { rule: string }) => rule)).toContain(
      'checksum-database-fork',
    );
    db = before;
    const whole = await run('verify', honest, ...sumdb(server.url));
    expect(whole.status).toBe(0);
  });

  test('GONOSUMDB keeps a name from the server', async () => {
    const asked = server.requests.length;
    const private_ = await gloveboxBeside(['verify', honest, ...sumdb(server.url)], {
      env: { GONOSUMDB: 'example.com' },
    });
    expect(private_.stdout).toMatch(
      /UNPROVEN.*\n.*\n.*skipped \(listed in GONOSUMDB or GOPRIVATE\)/,
    );
    expect([private_.status, server.requests.length]).toEqual([2, asked]);
  });
});

describe('what proves nothing is not proven', () => {
  const { folder, honest } = files();
  const home = temporaryFolder();
  const run = (...args: readonly string[]) => gloveboxBeside(args, { home, cwd: folder });
  const key = ['--sumdb-key', KEY];
  const saved = join(folder, 'saved');
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    server = await serve(database().answer);
    const url = ['--sumdb', server.url, ...key];
    await run('sumdb', 'fetch', MODULE, 'example.com/m7@v1.0.0', ...url, '--out', saved);
  });
  afterAll(() => server.close());

  test('a folder without records', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(join(empty, 'lookup'), { recursive: true });
    const shown = await run('sumdb', 'verify', empty, ...key);
    expect([shown.status, shown.stdout]).toEqual([
      2,
      expect.stringMatching(/^NOT PROVEN.*\n.*no record/),
    ]);
  });

  test('a true record under the name of another module', async () => {
    const renamed = join(folder, 'renamed');
    cpSync(saved, renamed, { recursive: true });
    cpSync(join(saved, 'lookup', MODULE), join(renamed, 'lookup/example.com/evil@v1.0.0'));
    const shown = await run('sumdb', 'verify', renamed, ...key);
    expect(shown.stdout).toMatch(/FAIL +Record 300 has no line for example.com\/evil v1.0.0/);
    expect(shown.status).toBe(1);
    const name = 'example.com/evil@v1.0.0';
    const proven = await run('sumdb', 'prove', name, '--sumdb', renamed, ...key);
    expect([proven.status, proven.stdout]).toEqual([1, '']);
  });

  test('names that are none, and links', async () => {
    const odd = join(folder, 'odd');
    cpSync(saved, odd, { recursive: true });
    writeFileSync(join(odd, 'lookup/example.com/README'), '');
    symlinkSync('/etc/passwd', join(odd, 'lookup/example.com/x@v1.0.0'));
    const shown = await run('sumdb', 'verify', odd, ...key);
    expect(shown.stdout).toMatch(/README of the saved copy: its name is no module version/);
    expect(shown.stdout).toMatch(/x@v1\.0\.0 of the saved copy: it is no file/);
    expect(shown.status).toBe(65);
  });

  test('a folder whose links lead out of it is not written to', async () => {
    const hostile = join(folder, 'hostile');
    const victim = join(folder, 'victim');
    mkdirSync(join(hostile, 'lookup'), { recursive: true });
    mkdirSync(victim);
    writeFileSync(join(victim, 'm@v1.0.0'), 'precious');
    symlinkSync(victim, join(hostile, 'lookup/example.com'));
    const url = ['--sumdb', server.url, ...key];
    const fetched = await run('sumdb', 'fetch', MODULE, ...url, '--out', hostile);
    expect([fetched.status, fetched.stderr]).toEqual([
      74,
      expect.stringMatching(/is a link; remove it/),
    ]);
    expect(readFileSync(join(victim, 'm@v1.0.0'), 'utf8')).toBe('precious');
  });

  test('a zip that Go takes and cannot hash', async () => {
    const zip = join(folder, 'directory.zip');
    const directory = { name: `${MODULE}/sub/`, content: '', method: 0, size: 5 };
    writeFileSync(zip, buildZip({ entries: [directory] }));
    const shown = await run('verify', zip);
    expect([shown.status, shown.stdout]).toEqual([1, expect.stringMatching(/^REFUSED.*no h1/)]);
    expect(JSON.parse((await run('verify', zip, '--json')).stdout)).toMatchObject({
      accepted: true,
      h1: null,
    });
  });

  test('a go.sum and a zip that has no h1', async () => {
    const zip = join(folder, 'no-h1.zip');
    const directory = { name: `${MODULE}/sub/`, content: 'x', method: 0 };
    const goMod = { name: `${MODULE}/go.mod`, content: GO_MOD };
    writeFileSync(zip, buildZip({ entries: [goMod, directory] }));
    const sum = join(folder, 'go.sum');
    writeFileSync(sum, RECORD.text);
    const shown = await run('verify', zip, '--go-sum', sum);
    expect([shown.status, shown.stdout]).toEqual([1, expect.stringMatching(/^REFUSED/)]);
  });

  test('a checkpoint of another kind of log shows its origin', async () => {
    const head = `log.example/7\n12\n${'A'.repeat(43)}=\n`;
    writeFileSync(join(folder, 'checkpoint'), signNote(head, [TEST_SIGNER]));
    writeFileSync(join(folder, 'text'), signNote('nothing in particular\n', [TEST_SIGNER]));
    const shown = await run('sumdb', 'verify', 'checkpoint', 'text', ...key);
    expect(shown.stdout).toMatch(/tree-head.*\n.*12 records, root A+= of log\.example\/7/);
    expect(shown.stdout).toMatch(/\(note, under.*\n.*a note of 1 lines/);
    expect(shown.status).toBe(0);
  });

  test('GOPRIVATE keeps names from fetch and prove, also beside an empty GONOSUMDB', async () => {
    const asked = server.requests.length;
    const env = { GONOSUMDB: '', GOPRIVATE: 'example.com' };
    const url = ['--sumdb', server.url, ...key];
    const out = join(folder, 'private');
    const fetched = await gloveboxBeside(['sumdb', 'fetch', MODULE, ...url, '--out', out], { env });
    expect([fetched.status, fetched.stderr]).toEqual([
      2,
      expect.stringMatching(/not saved.*GONOSUMDB/),
    ]);
    const proven = await gloveboxBeside(['sumdb', 'prove', MODULE, ...url], { env });
    expect([proven.status, proven.stderr]).toEqual([2, expect.stringMatching(/GONOSUMDB/)]);
    expect(server.requests.length).toBe(asked);
  });

  test('a proof without its record, and another zip', async () => {
    const made = await run('sumdb', 'prove', MODULE, '--sumdb', saved, ...key, '--out', '-');
    const bare = join(folder, 'bare.tlog-proof');
    writeFileSync(bare, made.stdout.replace(/^extra .*\n/m, ''));
    const fits = await run('verify', honest, '--json', '--sumdb', bare, ...key);
    expect(JSON.parse(fits.stdout).sumdb.status).toBe('match');
    const { changed } = files();
    const other = await run('inspect', changed, '--evidence', '--sumdb', bare, ...key);
    const { verdict, integrity, findings } = JSON.parse(other.stdout);
    expect([verdict, integrity.sumdb.refusal]).toEqual(['inconclusive', 'not-fitting']);
    expect(findings).toEqual([]);
  });
});

describe('output that cannot be written', () => {
  const shell = (command: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: temporaryFolder(), MAIN, NODE: process.execPath },
    });

  test('a reader that goes away before the end is no success', () => {
    const run = shell(
      'yes /nonexistent | head -n 20000 | "$NODE" "$MAIN" verify --json - | head -c 10',
    );
    expect([run.status === 0, run.stderr]).toEqual([false, '']);
  });

  test('a full disk is said, with exit code 74', () => {
    const run = shell('"$NODE" "$MAIN" verify /nonexistent > /dev/full');
    expect([run.status, run.stderr]).toEqual([
      74,
      expect.stringMatching(/^glovebox: Cannot write the output: ENOSPC\n$/),
    ]);
  });
});

describe('what cannot be used is said in one sentence', () => {
  const { folder, honest } = files();
  const at = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const proof = at('bad.tlog-proof', 'c2sp.org/tlog-proof@v1\nindex 01\n\n');
  const note = at('note', 'text\nno signature\n');

  test.each([
    [
      'a malformed key',
      ['verify', honest, '--sumdb', folder, '--sumdb-key', 'x+y'],
      65,
      /name\+hash\+base64/,
    ],
    [
      'a key of another hash',
      ['verify', honest, '--sumdb', folder, '--sumdb-key', KEY.replace('00000c67', '00000c68')],
      65,
      /its hash is 00000c67/,
    ],
    [
      'a key whose name is a path',
      [
        'verify',
        honest,
        '--sumdb',
        folder,
        '--sumdb-key',
        '../x+49d60ec9+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
      ],
      65,
      /(hash|name)/,
    ],
    ['a key alone', ['verify', honest, '--sumdb-key', KEY], 64, /say with --sumdb/],
    [
      'a folder without a log',
      ['verify', honest, '--sumdb', folder],
      65,
      /no folder lookup or tile/,
    ],
    [
      'nothing there',
      ['verify', honest, '--sumdb', join(folder, 'none')],
      65,
      /give an https address/,
    ],
    [
      'a malformed proof',
      ['verify', honest, '--sumdb', proof],
      65,
      /line 2 is not "index" and a decimal number/,
    ],
    ['a malformed go.sum', ['verify', honest, '--go-sum', note], 65, /wrong number of fields/],
    [
      'no address to fetch from',
      ['sumdb', 'fetch', MODULE, '--sumdb', folder, '--out', folder],
      64,
      /https address/,
    ],
    [
      'nothing to fetch',
      ['sumdb', 'fetch', '--sumdb', 'https://127.0.0.1:1', '--out', folder],
      64,
      /name modules/,
    ],
    ['no module', ['sumdb', 'prove', 'x', '--sumdb', folder], 64, /path@version/],
    ['a second --as', ['verify', honest, honest, '--as', MODULE], 64, /more than one module/],
  ])('%s', async (_, args, status, words) => {
    const run = await gloveboxBeside(args);
    expect([run.status, run.stderr]).toEqual([status, expect.stringMatching(words)]);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stdout).toBe('');
  });

  test('malformed files in sumdb verify name their line', async () => {
    const run = await gloveboxBeside(['sumdb', 'verify', proof, note]);
    expect(run.stdout).toMatch(/line 2 is not "index"/);
    expect(run.stdout).toMatch(/no blank line/);
    expect(run.status).toBe(65);
  });

  test('a server that is not there: the address, the cause, and nothing concluded', async () => {
    const run = await gloveboxBeside(['verify', honest, '--sumdb', 'http://127.0.0.1:9', '--json']);
    const { sumdb } = JSON.parse(run.stdout);
    expect(sumdb).toMatchObject({
      status: 'unchecked',
      database: 'sum.golang.org',
      source: 'network',
    });
    expect(sumdb.detail).toMatch(/Cannot get http:\/\/127\.0\.0\.1:9.*(ECONNREFUSED|bad port)/);
    expect(run.status).toBe(2);
    const fetched = await gloveboxBeside([
      'sumdb',
      'fetch',
      MODULE,
      '--sumdb',
      'http://127.0.0.1:1',
      '--out',
      join(folder, 'out'),
    ]);
    expect([fetched.status, fetched.stderr]).toEqual([2, expect.stringMatching(/Cannot get/)]);
  });

  test('a server that signs with another key', async () => {
    const server = await serve(createTestSumdb([RECORD], OTHER_SIGNER).answer);
    const run = await gloveboxBeside(['verify', honest, '--sumdb', server.url, '--sumdb-key', KEY]);
    server.close();
    expect([run.status, run.stdout]).toEqual([
      2,
      expect.stringMatching(/UNPROVEN[\s\S]*No known key signed/),
    ]);
  });
});

describe('verify --json -', () => {
  test('answers every line in its place', async () => {
    const { folder, honest, changed } = files();
    const sum = join(folder, 'go.sum');
    writeFileSync(sum, RECORD.text);
    const lines = [
      honest,
      `${MODULE}\t${changed}`,
      '/nonexistent',
      `example.com/n@v1.0.0\t${honest}`,
      `nonsense\t${honest}`,
      `${MODULE}\t${sum}`,
      honest,
    ];
    const run = await gloveboxBeside(['verify', '--json', '-', '--go-sum', sum], {
      input: lines.join('\n'),
    });
    const answers = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ input }) => input)).toEqual(lines);
    expect(answers[0]).toEqual({
      input: honest,
      path: 'example.com/m',
      version: 'v1.0.0',
      accepted: true,
      faults: [],
      h1: H1,
      goModH1: GO_MOD_H1,
      goSum: { status: 'match', goMod: 'match', source: 'go.sum:1' },
      sumdb: expect.objectContaining({ status: 'unchecked', database: null, record: null }),
      zip: { size: statSync(honest).size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(answers[1].goSum.status).toBe('mismatch');
    expect(answers[2].error).toMatch(/no such file/);
    expect(answers[3]).toMatchObject({ path: 'example.com/n', accepted: false });
    expect(answers[3].faults).toHaveLength(2);
    expect(answers[4].error).toMatch(/path@version/);
    expect(answers[4]).toMatchObject({ accepted: false, goSum: { status: 'unchecked' } });
    // What is no archive at all is refused in Go's words.
    expect(answers[5]).toMatchObject({
      path: 'example.com/m',
      accepted: false,
      h1: null,
      faults: [{ code: 'not-zip-directory', detail: 'zip: not a valid zip file' }],
    });
    expect(run.status).toBe(1);
  });

  test('nothing in, nothing out', async () => {
    const run = await gloveboxBeside(['verify', '--json', '-'], { input: '' });
    expect([run.status, run.stdout]).toEqual([0, '']);
  });
});

describeWith('go', ['version'], 'the go command and a saved folder', () => {
  /** A module proxy as a folder. */
  function proxy(folder: string, code: string): string {
    const root = join(folder, 'example.com/m/@v');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'list'), 'v1.0.0\n');
    writeFileSync(join(root, 'v1.0.0.info'), '{"Version":"v1.0.0"}\n');
    writeFileSync(join(root, 'v1.0.0.mod'), GO_MOD);
    writeFileSync(join(root, 'v1.0.0.zip'), archive(code));
    return `file://${folder}`;
  }

  function download(proxyUrl: string, saved: string, extra: Record<string, string> = {}): string {
    const home = temporaryFolder();
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, 'go.mod'),
      'module example.com/main\n\ngo 1.21\n\nrequire example.com/m v1.0.0\n',
    );
    try {
      execFileSync('go', ['mod', 'download', 'example.com/m'], {
        cwd,
        encoding: 'utf8',
        stdio: 'pipe',
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          GOFLAGS: '-mod=mod -modcacherw',
          GOPROXY: proxyUrl,
          GOSUMDB: `${KEY} file://${saved}`,
          GOTOOLCHAIN: 'local',
          ...extra,
        },
      });
      return 'accepted';
    } catch (error) {
      return String((error as { stderr?: string }).stderr);
    }
  }

  test('accepts the honest module and refuses the changed one', async () => {
    const db = database();
    const server = await serve(db.answer);
    const saved = join(temporaryFolder(), 'saved');
    const fetched = await gloveboxBeside([
      'sumdb',
      'fetch',
      MODULE,
      '--sumdb',
      server.url,
      '--sumdb-key',
      KEY,
      '--out',
      saved,
    ]);
    server.close();
    expect(fetched.status).toBe(0);
    const honest = proxy(temporaryFolder(), 'package m\n');
    expect(download(honest, saved)).toBe('accepted');
    expect(download(proxy(temporaryFolder(), 'package m // changed\n'), saved)).toMatch(
      /checksum mismatch[\s\S]*SECURITY ERROR/,
    );
    // A changed record in the folder is refused as well, by both.
    const lookup = join(saved, 'lookup', MODULE);
    writeFileSync(lookup, readFileSync(lookup, 'utf8').replace('h1:fMm', 'h1:fMn'));
    expect(download(honest, saved)).toMatch(/cannot authenticate record data/);
    expect(dirname(lookup)).toContain('example.com');
  });
});
