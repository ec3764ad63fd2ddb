// The process that reads was taken over: it says what it likes. Each thing that it may try is done by a
// program in its place, and must neither get out nor make the record of the other side false.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../support/program.ts';

const SAMPLE = `${ROOT}/samples/plain-library/source`;
let root = '';

/** A copy of the program whose jailed half is the real one, with its words changed on the way out. */
beforeAll(() => {
  // Beside the packages that it loads, as an installed program is.
  root = mkdtempSync(`${ROOT}/node_modules/.glovebox-test-`);
  for (const name of ['dist', 'sandbox-profiles', 'package.json'])
    cpSync(`${ROOT}/${name}`, `${root}/${name}`, { recursive: true });
  cpSync(`${root}/dist/cli/jailed.js`, `${root}/dist/cli/honest.js`);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function hijack(tamper: string, args: readonly string[], home = temporaryFolder()) {
  writeFileSync(
    `${root}/dist/cli/jailed.js`,
    `import fs from 'node:fs';
const write = fs.writeSync;
const raw = (text) => { const line = Buffer.from(text); for (let at = 0; at < line.length; ) at += write(1, line, at); };
const tamper = (m) => { ${tamper}; return [m]; };
fs.writeSync = (fd, line, at = 0) => {
  if (fd !== 1 || at > 0) return write(fd, line, at);
  for (const m of tamper(JSON.parse(Buffer.from(line).toString()))) raw(JSON.stringify(m) + '\\n');
  return line.length;
};
import { syncBuiltinESMExports } from 'node:module';
syncBuiltinESMExports();
await import('./honest.js');
`,
  );
  const run = spawnSync(
    process.execPath,
    [`${root}/dist/cli/main.js`, ...args, '--isolation', 'permission'],
    {
      cwd: home,
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 1 << 26,
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
    },
  );
  const cases = existsSync(`${home}/cases`) ? readdirSync(`${home}/cases`) : [];
  return { ...run, home, cases };
}

const evidenceOf = ({ home, cases }: ReturnType<typeof hijack>) =>
  JSON.parse(readFileSync(`${home}/cases/${cases[0]}/evidence.json`, 'utf8')) as {
    verdict: string;
    gaps: { detail: string }[];
    profile: { name: string };
    tools: { glovebox: string };
  };

test('the honest half, to see that the change itself changes nothing', () => {
  const run = hijack('', ['inspect', SAMPLE]);
  expect([run.status, run.stderr.includes('bug')]).toEqual([0, false]);
});

const ANY = "m.type === 'event' && m.event.type === 'access'";
test.each([
  ['sequence numbers that are not the next', `if (${ANY}) m.event.record['event.sequence'] += 5`],
  [
    'a stack that is not the one of its hash',
    `if (${ANY} && m.event.record['glovebox.stack']) m.event.record['glovebox.stack'] += 'x'`,
  ],
  ['half a character', `if (${ANY}) m.event.record['file.path'] = '\\ud800'`],
  ['a field that there is not', `if (${ANY}) m.event.record.more = 1`],
  [
    'another module',
    "if (m.event?.type === 'examined') m.event.evidence.subject.version = 'v1.0.0/../../../../x'",
  ],
  ['no evidence', "if (m.event?.type === 'examined') return []"],
  [
    'a fault',
    "if (m.type === 'examined') return [{ type: 'failed', code: null, message: 'made up' }]",
  ],
  [
    'stages without end',
    "if (m.event?.type === 'stage.started') return Array.from({ length: 50 }, () => m)",
  ],
  [
    'questions without end',
    `if (${ANY}) return Array.from({ length: 5000 }, (_, id) => ({ type: 'ask', id, question: { port: 'latest' } }))`,
  ],
  [
    'a long line',
    `if (${ANY}) return [{ type: 'event', event: Array.from({ length: 2_000_000 }, () => ({})) }]`,
  ],
])('%s: the case is sealed as inconclusive, and is intact', (_, tamper) => {
  const run = hijack(tamper, ['inspect', SAMPLE]);
  expect([run.status, run.stderr]).toEqual([2, expect.not.stringContaining('bug')]);
  expect(run.cases).toHaveLength(1);
  expect(evidenceOf(run)).toMatchObject({ verdict: 'inconclusive', reproducible: false });
  const check = spawnSync(
    process.execPath,
    [`${ROOT}/dist/cli/main.js`, 'check', `${run.home}/cases/${run.cases[0]}`],
    { encoding: 'utf8', env: { HOME: run.home } },
  );
  expect(check.status, check.stdout).toBe(0);
});

test('what the other side knows is not taken: profile, tools, and the verdict over what was said', () => {
  const lie =
    "if (m.event?.type === 'examined') { const e = m.event.evidence; e.verdict = 'clean'; e.reasons = ['all is well']; e.profile.name = 'other'; e.tools.glovebox = '9.9.9'; e.gaps = [{ code: 'unreadable', file: 'a', line: 0, detail: 'not read' }]; }";
  const run = hijack(lie, ['inspect', SAMPLE]);
  expect(run.status).toBe(2);
  expect(evidenceOf(run)).toMatchObject({ verdict: 'inconclusive', profile: { name: 'strict' } });
  expect(evidenceOf(run).tools.glovebox).not.toBe('9.9.9');
});

test('the pipe leads to the log, and to nothing else of the machine', () => {
  const home = temporaryFolder();
  mkdirSync(`${home}/saved/tile`, { recursive: true });
  writeFileSync(`${home}/secret`, 'the secret');
  const ask = (question: object) => JSON.stringify({ type: 'ask', id: 9000, question });
  const key = {
    port: 'keep',
    path: '../../../../.local/state/glovebox/key.pem',
    bytes: 'cHduZWQK',
  };
  const once = (question: object) =>
    `if (m.event?.type === 'stage.started' && m.event.stage === 'analysis') return [${ask(question)}, m]`;
  const online = hijack(once(key), ['inspect', SAMPLE, '--sumdb', 'http://127.0.0.1:9'], home);
  expect(readFileSync(`${home}/.local/state/glovebox/key.pem`, 'utf8')).toContain('PRIVATE KEY');
  expect(online.status).toBe(2);
  // What is answered is told in the evidence by who was taken over: here, in a finding's place.
  const tell = `process.stdin.on('data', (d) => { if (String(d).includes('the secret')) fs.appendFileSync = 0, process.exit(7); });`;
  mkdirSync(`${home}/saved/lookup`);
  writeFileSync(`${home}/saved/lookup/open`, 'the secret');
  for (const path of [
    'lookup/open',
    '../secret',
    'tile/../../secret',
    'lookup/../../secret',
    '/etc/passwd',
    'tile//x',
    '.',
  ]) {
    const run = hijack(
      `if (!globalThis.on) { globalThis.on = 1; ${tell} } ${once({ port: 'log', path, limit: 1e9 })}`,
      ['inspect', SAMPLE, '--sumdb', `${home}/saved`],
      temporaryFolder(),
    );
    expect(run.stderr).not.toContain('bug');
    expect(run.status).toBe(2);
    // It would have ended itself with this, had it been told the secret.
    const told = JSON.stringify(evidenceOf(run).gaps).includes('exit code 7');
    expect(`${path} ${told}`).toBe(`${path} ${path === 'lookup/open'}`);
  }
});

test('verify takes no answer about another zip', () => {
  const home = temporaryFolder();
  const other = `${ROOT}/samples/innocent-runner/source`;
  const twice = "if (m.type === 'verified') return [m, m]";
  const run = hijack(twice, ['verify', SAMPLE, other, '--json'], home);
  const [first, second] = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string | null; error?: string });
  expect(first?.path).toContain('plain-library');
  expect([second?.path, second?.error]).toEqual([
    null,
    expect.stringContaining('it answered what was not asked'),
  ]);
  expect(run.status).toBe(2);
});
