import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../fuzz/overlay-ops.ts';
import { glovebox, MAIN, temporaryFolder } from '../support/program.ts';
import { buildZip } from '../support/zip-builder.ts';

const home = temporaryFolder();
const run = (...args: string[]) => glovebox(args, { home });

/** A module with many small files: a log of many lines. */
function manyFiles(count: number): string {
  const path = `${home}/many-${count}.zip`;
  const entry = (name: string, content: string) => ({
    name: `example.com/m@v1.0.0/${name}`,
    content,
  });
  const files = Array.from({ length: count }, (_, i) =>
    entry(`d${i % 40}/f${i}.txt`, `file ${i}\n`),
  );
  writeFileSync(path, buildZip({ entries: [entry('go.mod', 'module example.com/m\n'), ...files] }));
  return path;
}

let sealed = '';
beforeAll(() => {
  const out = `${home}/cases`;
  run('inspect', manyFiles(350), '--out', out);
  sealed = `${out}/${readdirSync(out)[0]}`;
});

/** A copy of the case with another log. */
function withLog(change: (lines: string[]) => void, file = 'audit.jsonl'): string {
  const copy = `${temporaryFolder()}/case`;
  cpSync(sealed, copy, { recursive: true });
  const lines = readFileSync(`${copy}/${file}`, 'utf8').split('\n');
  change(lines);
  writeFileSync(`${copy}/${file}`, lines.join('\n'));
  return copy;
}

interface Check {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
}
const check = (directory: string): Check =>
  JSON.parse(run('check', directory, '--json').stdout) as Check;
const complaint = (directory: string) => {
  const report = check(directory);
  expect(report.ok).toBe(false);
  return report.checks.find(({ name }) => name === 'audit checkpoint')?.detail;
};

describe('a log that was changed fails, and it is said where', () => {
  const lines = () => readFileSync(`${sealed}/audit.jsonl`, 'utf8').split('\n').slice(0, -1);

  test.each<[string, (lines: string[]) => void, string]>([
    [
      'a changed line',
      (all) => void all.splice(41, 1, all[41]!.replace('success', 'failure')),
      'line 42 changed',
    ],
    [
      'a flipped character',
      (all) => void all.splice(6, 1, `${all[6]!.slice(0, 30)}~${all[6]!.slice(31)}`),
      'line 7 changed',
    ],
    [
      'two changed lines',
      (all) =>
        void [4, 9].forEach((i) => {
          all[i] = `${all[i]} `;
        }),
      'lines 5 to 10 changed',
    ],
    ['a dropped line', (all) => void all.splice(99, 1), 'line 100 missing'],
    ['dropped lines', (all) => void all.splice(99, 5), 'lines 100 to 104 missing'],
    ['an added line', (all) => void all.splice(50, 0, all[3]!), 'line 51 added'],
    [
      'swapped lines',
      (all) => void all.splice(20, 3, all[22]!, all[21]!, all[20]!),
      'lines 21 to 23 in another order',
    ],
    ['a line twice', (all) => void all.splice(7, 0, all[7]!), 'line 9 added'],
    ['a cut end', (all) => void all.splice(-11, 10), 'cut off'],
    ['an empty log', (all) => void all.splice(0, all.length, ''), 'cut off'],
  ])('%s', (_, change, where) => {
    expect(complaint(withLog(change))).toContain(where);
  });

  test('several hundred changes, each found', async () => {
    const { checkSeal } = await import('#evidence');
    const files = new Map(
      readdirSync(sealed).map((name) => [name, new Uint8Array(readFileSync(`${sealed}/${name}`))]),
    );
    expect(checkSeal(files).ok).toBe(true);
    const random = createRandom(20261126);
    const count = lines().length;
    for (let i = 0; i < 600; i++) {
      const name = random.pick([
        'audit.jsonl',
        'audit.jsonl',
        'audit.jsonl',
        'audit.checkpoint',
        'audit.leaves',
      ]);
      const bytes = Uint8Array.from(files.get(name)!);
      const at = random.below(bytes.length);
      const how = random.below(4);
      const changed =
        how === 0
          ? bytes.subarray(0, at)
          : how === 1
            ? Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)])
            : how === 2
              ? Uint8Array.from([
                  ...bytes.subarray(0, at),
                  random.below(256),
                  ...bytes.subarray(at),
                ])
              : bytes;
      if (how === 3) changed[at]! ^= 1 << random.below(8);
      const { ok, checks } = checkSeal(new Map([...files, [name, changed]]));
      expect(ok, `${name} ${how} ${at}`).toBe(false);
      const failed = checks.filter((each) => !each.ok);
      expect(failed.map((each) => each.name)).toContain(name);
      if (name !== 'audit.jsonl') continue;
      const detail = failed.find((each) => each.name === 'audit checkpoint')?.detail ?? '';
      const line = Buffer.from(bytes.subarray(0, at)).toString('latin1').split('\n').length;
      const numbers = (/lines? (\d+)(?: to (\d+))?/.exec(detail) ?? []).slice(1).map(Number);
      const [first = 0, last = first] = [numbers[0], numbers[1] || numbers[0]];
      // What was cut off is said to be missing from its first line on.
      expect(first, detail).toBeLessThanOrEqual(line + 1);
      expect(how === 0 ? count : last, detail).toBeGreaterThanOrEqual(Math.min(line, count));
    }
  });
});

test('a killed run leaves a prefix that verifies, whenever it is killed', async () => {
  const zip = manyFiles(3000);
  const random = createRandom(7);
  // All of them where everything is checked; fewer for who just wants to know.
  const kills = process.env['GLOVEBOX_RUNS'] === undefined ? 12 : 50;
  let kept = 0;
  for (let i = 0; i < kills; i++) {
    const out = temporaryFolder();
    const child = spawn(process.execPath, [MAIN, 'inspect', zip, '--out', out], {
      env: { HOME: home, PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Over the whole of a run: half a second to start, one and a half to examine.
    const wait = new Promise((resolve) => setTimeout(resolve, 250 + random.below(1000)));
    await Promise.race([wait, ended]);
    child.kill('SIGKILL');
    await ended;
    const [name = ''] = existsSync(out) ? readdirSync(out) : [];
    if (!name.endsWith('.partial')) continue;
    const { status, stdout } = run('check', `${out}/${name}`);
    const files = readdirSync(`${out}/${name}`);
    // Killed before the first head was written, nothing is claimed.
    if (!files.includes('audit.checkpoint')) {
      expect([status, stdout.startsWith('UNFINISHED, and NOT INTACT')]).toEqual([1, true]);
      continue;
    }
    expect(status, stdout).toBe(2);
    expect(stdout).toContain('UNFINISHED: what was signed is intact');
    kept++;
  }
  expect(kept).toBeGreaterThan(kills / 5);
});

test('an unfinished case whose lines were changed is not intact', () => {
  const copy = `${temporaryFolder()}/case.partial`;
  cpSync(sealed, copy, { recursive: true });
  execFileSync('rm', [`${copy}/case.sigstore.json`]);
  expect(run('check', copy).status).toBe(2);
  const lines = readFileSync(`${copy}/audit.jsonl`, 'utf8').split('\n');
  writeFileSync(`${copy}/audit.jsonl`, [...lines.slice(0, -1), lines[0], ''].join('\n'));
  expect(run('check', copy).stdout).toContain('1 more are not covered');
  lines[9] = lines[9]!.replace('list', 'stat');
  writeFileSync(`${copy}/audit.jsonl`, lines.join('\n'));
  const { status, stdout } = run('check', copy);
  expect([status, stdout.includes('line 10 changed')]).toEqual([1, true]);
});

describe('glovebox audit', () => {
  test('filters, groups and counts', () => {
    const all = run('audit', sealed, '--json').stdout;
    expect(all).toBe(readFileSync(`${sealed}/audit.jsonl`, 'utf8'));
    const lists = run('audit', sealed, '--action', 'list');
    expect(lists.stdout.split('\n').length - 1).toBeGreaterThan(40);
    expect(lists.stderr).toMatch(/^\d+ of \d+ accesses\n$/);
    const one = run('audit', sealed, '--path', '/module/d1/*', '--action', 'read').stdout;
    expect(one).toContain('/module/d1/f1.txt');
    expect(one).not.toContain('/module/d2/');
    const groups = run('audit', sealed, '--by', 'stack').stdout;
    expect(groups).toContain('readContents case/read-contents');
    const hash = /([0-9a-f]{64})/.exec(groups)?.[1] ?? '';
    const [count] = groups.trim().split(/\s+/);
    const same = run('audit', sealed, '--stack', hash.slice(0, 10), '--json').stdout;
    expect(same.split('\n').length - 1).toBe(Number(count));
    const byPath = run('audit', sealed, '--by', 'path', '--json').stdout.split('\n');
    expect(JSON.parse(byPath[0]!)).toMatchObject({ count: expect.any(Number) as number });
  });

  test('shows nothing of a log that is not the one that was signed', () => {
    const { status, stdout, stderr } = run(
      'audit',
      withLog((all) => void all.splice(4, 1)),
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('line 5 missing');
  });

  test.each([
    [['audit', 'missing'], 65, 'there is no such folder'],
    [['audit', '.'], 65, 'audit.jsonl is missing'],
    [['audit', 'prove', 'missing', 'x'], 64, 'lines are numbered from 1'],
    [['audit', 'x', '--by', 'stak'], 64, 'stack, path'],
  ])('%s ends with one sentence', (args, code, sentence) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(code);
    expect(stderr).toContain(sentence);
  });

  test('prove writes a proof of one line', async () => {
    const { parseTlogProof, checkInclusion, recordHash, openTreeHead, parseVerifierKey } =
      await import('#tlog');
    const file = `${temporaryFolder()}/p.tlog-proof`;
    const { stdout } = run('audit', 'prove', sealed, '17', '--out', file);
    const key = parseVerifierKey(/verifier key {2}(\S+)/.exec(stdout)?.[1] ?? '');
    const { index, hashes, extra, checkpoint } = parseTlogProof(new Uint8Array(readFileSync(file)));
    const head = openTreeHead(checkpoint, [key], key.name);
    const line = readFileSync(`${sealed}/audit.jsonl`, 'utf8').split('\n')[16]!;
    expect([index, Buffer.from(extra!).toString()]).toEqual([16, line]);
    checkInclusion(hashes, head, { index, leaf: recordHash(extra!) });
    expect(run('audit', 'prove', sealed, '17', '--out', file).status).toBe(74);
    expect(run('audit', 'prove', sealed, '99999').status).toBe(65);
  });
});
