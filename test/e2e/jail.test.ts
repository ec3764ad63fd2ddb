import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JAIL_LEVELS, type JailEnd, type JailLevel } from '#base';
import { createJail } from '#host';
import { hasProgram } from '../support/go.ts';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';
import { buildZip } from '../support/zip-builder.ts';

const home = temporaryFolder();
const program = temporaryFolder();
const key = `${home}/key.pem`;
const link = `${program}/link`;
const server = createServer((socket) => socket.destroy());
const local = createServer((socket) => socket.destroy());
let port = 0;

beforeAll(async () => {
  cpSync(new URL('../support/red-team.mjs', import.meta.url), `${program}/red-team.mjs`);
  writeFileSync(key, 'the signing key', { mode: 0o600 });
  symlinkSync(key, link);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => local.listen(`${home}/socket`, resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  server.close();
  local.close();
});

const WORKS: Readonly<Record<JailLevel, boolean>> = {
  permission: true,
  userns: hasProgram('unshare', '--user', '--map-user=65534', '--net', '--pid', '--fork', 'true'),
  bwrap: hasProgram('bwrap', '--unshare-all', '--ro-bind', '/', '/', 'true'),
};
for (const level of JAIL_LEVELS)
  if (!WORKS[level])
    process.stderr.write(`SKIPPED the jail of ${level}: it does not work on this machine\n`);

interface Outcome {
  readonly outcome: string;
  readonly detail: string;
  readonly end: JailEnd;
}

async function attempt(level: JailLevel, name: string): Promise<Outcome> {
  const jail = createJail({
    script: `${program}/red-team.mjs`,
    readable: [program],
    path: process.env['PATH'] ?? '',
  });
  const jailed = jail.start(level, {
    memoryBytes: 1 << 29,
    cpuSeconds: name === 'take the processor' ? 2 : 60,
    lineBytes: 1 << 20,
  });
  jailed.deadline(30_000);
  const question = {
    attempt: name,
    key,
    port,
    link,
    socket: `${home}/socket`,
    own: program,
    pid: process.pid,
  };
  await jailed.send(new TextEncoder().encode(`${JSON.stringify(question)}\n`));
  let said = { outcome: 'nothing', detail: '' };
  for await (const line of jailed.lines)
    said = JSON.parse(new TextDecoder().decode(line)) as typeof said;
  return { ...said, end: await jailed.ended };
}

/** `-` refused, `!` works; for permission, userns, bwrap. The README shows it. */
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ['read /etc/passwd', '-', '-', '-'],
  ['read the signing key', '-', '-', '-'],
  ['read the key through a link that lies beside the program', '!', '!', '-'],
  ['read the key through /proc/self/root', '-', '-', '-'],
  ['import a file of the machine', '-', '-', '-'],
  ['list /proc', '-', '-', '-'],
  ['list the home folder', '-', '-', '-'],
  ['see environment variables', '-', '-', '-'],
  ['connect to a server', '!', '-', '-'],
  ['connect to a local socket', '!', '!', '-'],
  ['listen on a port', '!', '!', '-'],
  ['resolve a name', '!', '!', '-'],
  ['write to /tmp', '-', '-', '-'],
  ['write beside the program', '-', '-', '-'],
  ['write where it stands', '-', '-', '-'],
  ['make a folder', '-', '-', '-'],
  ['change the program', '-', '-', '-'],
  ['start a program', '-', '-', '-'],
  ['start a thread', '-', '-', '-'],
  ['signal its parent', '!', '-', '-'],
  ['signal the examiner', '!', '-', '-'],
  ['load an addon', '-', '-', '-'],
  ['run code from text', '-', '-', '-'],
  ['run code from text in another context', '!', '!', '!'],
  ['open the inspector', '-', '-', '-'],
  ['reach the binding of the runtime', '-', '-', '-'],
];

describe.each(JAIL_LEVELS)('inside %s', (level) => {
  const column = JAIL_LEVELS.indexOf(level) + 1;

  test.skipIf(!WORKS[level]).each(TABLE)('%s', async (...row) => {
    const { outcome, detail } = await attempt(level, row[0]);
    expect(`${row[0]}: ${outcome}`, detail).toBe(
      `${row[0]}: ${row[column] === '!' ? 'works' : 'refused'}`,
    );
    expect(existsSync(`${program}/red-team`)).toBe(false);
  });

  test.skipIf(!WORKS[level]).each<[string, RegExp]>([
    ['take memory in objects', /memory|signal/],
    ['take the processor', /cpu/],
    ['say a line without an end', /output/],
  ])('%s ends it', async (name, cause) => {
    const { outcome, end } = await attempt(level, name);
    expect(outcome).toBe('nothing');
    expect(end.cause).toMatch(cause);
  });

  test.skipIf(!WORKS[level])('memory in buffers is refused before there is too much', async () => {
    const { outcome, end } = await attempt(level, 'take memory in buffers');
    expect(outcome === 'refused' || end.cause === 'memory' || end.cause === 'signal').toBe(true);
  });
});

test('the README shows this table', () => {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8');
  for (const [name, ...cells] of TABLE) {
    const words = cells.map((cell) => (cell === '-' ? 'refused' : '**works**'));
    expect(readme).toContain(`| ${name} | ${words.reverse().join(' | ')} |`);
  }
});

const levels = JAIL_LEVELS.filter((level) => WORKS[level]);
const MODULE = 'example.com/m@v1.0.0';
const SOURCE = `package m

import "os/exec"

func init() { exec.Command("start-nothing").Run() }
`;
const module = `${home}/m.zip`;
writeFileSync(
  module,
  buildZip({
    entries: [
      { name: `${MODULE}/go.mod`, content: 'module example.com/m\n' },
      { name: `${MODULE}/m.go`, content: SOURCE },
      { name: `${MODULE}/CON.go`, content: 'package m\n' },
      { name: `${MODULE}/../up.go`, content: 'package m\n' },
    ],
  }),
);

function inspect(level: string, zip: string, ...more: string[]) {
  const out = temporaryFolder();
  const args = ['inspect', zip, '--out', out, '--isolation', level, ...more];
  const run = glovebox(args, { home, env: { SOURCE_DATE_EPOCH: '1700000000' } });
  const [name = ''] = existsSync(out) ? readdirSync(out) : [];
  return { ...run, directory: `${out}/${name}` };
}

test('the evidence is the same bytes at every level and in one process', async () => {
  const { createExaminer, runCase } = await import('#case');
  const { composeInProcess } = await import('../support/in-process.ts');
  const bytes = levels.map((level) =>
    readFileSync(`${inspect(level, module).directory}/evidence.json`, 'utf8'),
  );
  const { request, tools, examination } = await composeInProcess(module);
  const { directory } = await runCase(
    request,
    { ...tools, examine: createExaminer(examination) },
    () => undefined,
  );
  for (const each of bytes) expect(each).toBe(readFileSync(`${directory}/evidence.json`, 'utf8'));
  expect(levels.length).toBeGreaterThan(0);
});

test('the case says how it was shut in, and the report too', () => {
  for (const level of levels) {
    const { directory, stdout } = inspect(level, module);
    const record = JSON.parse(readFileSync(`${directory}/case.json`, 'utf8')) as {
      isolation: { level: string };
    };
    expect(record.isolation.level).toBe(level);
    expect(readFileSync(`${directory}/report.md`, 'utf8')).toContain(
      `**${level}**: a process of its own`,
    );
    expect(stdout).toContain(`isolation  ${level}`);
  }
});

/** A profile that stops early. */
function stopping(stops: string): string {
  const file = `${temporaryFolder()}/p.yaml`;
  writeFileSync(
    file,
    `extends: strict\nname: early\ndescription: stops early\nstops: { ${stops} }\n`,
  );
  return file;
}

/** Many functions that call each other: seconds of work. */
function slowZip(): string {
  const file = `${temporaryFolder()}/slow.zip`;
  const functions = (k: number) =>
    Array.from(
      { length: 6000 },
      (_, i) => `func f${k}x${i}() { f${k}x${(i * 7 + 1) % 6000}(); f${k}x${(i * 3) % 6000}() }`,
    ).join('\n');
  const entries = Array.from({ length: 60 }, (_, k) => ({
    name: `${MODULE}/f${k}.go`,
    content: `package m\n\n${functions(k)}\n`,
  }));
  writeFileSync(
    file,
    buildZip({
      entries: [
        { name: `${MODULE}/go.mod`, content: 'module example.com/m\n' },
        ...entries,
        // Enough that the evidence of them is long.
        ...Array.from({ length: 600 }, (_, k) => ({
          name: `${MODULE}/t${k}.txt`,
          content: `${k}\n`,
        })),
      ],
    }),
  );
  return file;
}

describe('an examination that is stopped is sealed as it is', () => {
  test.each([
    ['time', 'wallSeconds: 2', 'it took longer than it may'],
    ['processor time', 'cpuSeconds: 2', 'it took more processor time than it may'],
    ['evidence', 'evidenceBytes: 65536', 'it said more at once than it may'],
    ['log', 'logBytes: 4000', 'the audit log is over its limit'],
  ])('%s', (_, stops, sentence) => {
    const { status, directory, stderr } = inspect('auto', slowZip(), '--profile', stopping(stops));
    expect([status, stderr]).toEqual([2, expect.any(String)]);
    const evidence = JSON.parse(readFileSync(`${directory}/evidence.json`, 'utf8')) as {
      verdict: string;
      reproducible: boolean;
      gaps: { detail: string; file: string; code: string }[];
      subject: { h1: string };
    };
    expect(evidence).toMatchObject({ verdict: 'inconclusive', reproducible: false });
    expect(evidence.gaps.at(-1)).toMatchObject({
      code: 'over-budget',
      detail: expect.stringContaining(sentence) as string,
    });
    if (stops.includes('Seconds')) {
      expect(evidence.gaps.at(-1)?.file).toMatch(/^f\d+\.go$/);
      // What came before still stands.
      expect(evidence.subject.h1).toMatch(/^h1:/);
    }
    expect(glovebox(['check', directory], { home }).status).toBe(0);
  });

  test('what was found is not lost where the evidence of it is too long to be said', () => {
    const zip = `${temporaryFolder()}/long.zip`;
    const texts = Array.from({ length: 900 }, (_, k) => ({
      name: `${MODULE}/t${k}.txt`,
      content: `${k}\n`,
    }));
    const go = { name: `${MODULE}/go.mod`, content: 'module example.com/m\n' };
    writeFileSync(
      zip,
      buildZip({ entries: [go, { name: `${MODULE}/m.go`, content: SOURCE }, ...texts] }),
    );
    const { status, stdout } = inspect('auto', zip, '--profile', stopping('evidenceBytes: 65536'));
    expect([status, stdout.startsWith('MALICIOUS')]).toEqual([1, true]);
  });

  test('what the hashes say is not lost with it', () => {
    const sums = `${temporaryFolder()}/go.sum`;
    writeFileSync(sums, 'example.com/m v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n');
    const { status, stdout } = inspect(
      'auto',
      slowZip(),
      '--profile',
      stopping('wallSeconds: 1'),
      '--go-sum',
      sums,
    );
    expect([status, stdout.startsWith('SUSPICIOUS')]).toEqual([1, true]);
  });
});

test.skipIf(!WORKS.userns)('a level below what the profile asks for is refused', () => {
  const { status, stderr, directory } = inspect('permission', module, '--profile', 'compliance');
  expect(status).toBe(69);
  expect(stderr).toContain('Cannot isolate with permission: the profile asks for userns or better');
  expect(existsSync(`${directory}/case.json`)).toBe(false);
});

test('a machine without any of it: which, why, and how to get it', () => {
  const run = (...args: string[]) => glovebox(args, { home, env: { PATH: '/nowhere' } });
  const { status, stderr } = run(
    'inspect',
    module,
    '--isolation',
    'bwrap',
    '--out',
    temporaryFolder(),
  );
  expect(status).toBe(69);
  expect(stderr).toContain('bwrap: bwrap is not on the PATH; install bubblewrap');
  const compliance = run('inspect', module, '--profile', 'compliance', '--out', temporaryFolder());
  expect(compliance.status).toBe(69);
  expect(compliance.stderr).toContain('unshare is not on the PATH');
  expect(run('verify', module, '--isolation', 'userns').status).toBe(69);
  const weaker = run('inspect', module, '--out', temporaryFolder()).stdout;
  expect(weaker).toContain(
    'isolation  permission\n             not bwrap: bwrap is not on the PATH',
  );
  const doctor = run('doctor');
  expect(doctor.stdout).toMatch(/no {4}bwrap .*install bubblewrap/);
  expect(doctor.stdout).toContain('used  permission');
  expect(inspect('nothing', module).status).toBe(64);
});

test('verify goes on behind a zip that stops it', () => {
  const { stdout, status } = spawnVerify([module, module]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { accepted: boolean });
  expect([status, lines.map(({ accepted }) => accepted)]).toEqual([1, [false, false]]);
});

function spawnVerify(zips: readonly string[]) {
  return spawnSync(process.execPath, [`${ROOT}/dist/cli/main.js`, 'verify', '--json', '-'], {
    input: zips.map((zip) => `${zip}\n`).join(''),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home },
  });
}

// The paths inside the suspect; none of them may ever be a path of a system call.
test.each(levels)('no path of the suspect reaches the system in %s', (level) => {
  if (!hasProgram('strace', '-V')) {
    process.stderr.write('SKIPPED strace: it is not on this machine\n');
    return;
  }
  const folder = temporaryFolder();
  const zip = `${folder}/s.zip`;
  const names = [
    'quarantined-name/inner.go',
    '../../climbing-name.go',
    '/absolute-name.go',
    'quarantined-name/x.txt',
  ];
  writeFileSync(
    zip,
    buildZip({
      entries: [
        { name: `${MODULE}/go.mod`, content: 'module example.com/m\n' },
        ...names.map((name) => ({ name: `${MODULE}/${name}`, content: 'package inner\n' })),
      ],
    }),
  );
  mkdirSync(`${folder}/out`);
  const log = `${folder}/trace`;
  spawnSync(
    'strace',
    [
      '-f',
      '-qq',
      '-s',
      '4096',
      '-e',
      'trace=%file',
      '-o',
      log,
      process.execPath,
      `${ROOT}/dist/cli/main.js`,
      'inspect',
      zip,
      '--out',
      `${folder}/out`,
      '--isolation',
      level,
    ],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home } },
  );
  expect(readdirSync(`${folder}/out`)).toHaveLength(1);
  const trace = readFileSync(log, 'utf8');
  expect(trace.split('\n').length).toBeGreaterThan(100);
  // The program of the jail was traced too.
  expect(trace).toContain('jailed.js');
  expect(
    trace.split('\n').filter((line) => /quarantined-name|climbing-name|absolute-name/.test(line)),
  ).toEqual([]);
});
