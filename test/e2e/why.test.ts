import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';

const SAMPLE = join(ROOT, 'samples/import-starts-program/source');

function why(...args: readonly string[]) {
  return glovebox(['inspect', SAMPLE, '--out', temporaryFolder(), ...args]);
}

describe('inspect --why', () => {
  test('prints every way with its lines, behind the summary', () => {
    const { stdout, status } = why('--why', 'telemetry.init', 'exec');
    expect(status).toBe(1);
    const shown = stdout.replace(/\n {2}isolation[\s\S]*/, '');
    expect(
      shown.slice(shown.indexOf('example.com/import-starts-program/telemetry.init')),
    ).toMatchInlineSnapshot(`
        "example.com/import-starts-program/telemetry.init can reach EXEC: 2 ways, shortest first

        1. 2 calls
           telemetry.init    telemetry/telemetry.go:7:15
               var started = report()
           telemetry.report  telemetry/telemetry.go:10:9
               cmd := exec.Command("no-such-program.example", "--collect")
           os/exec.Command

        2. 2 calls
           telemetry.init     telemetry/telemetry.go:7:15
               var started = report()
           telemetry.report   telemetry/telemetry.go:11:9
               return cmd.Start() == nil
           os/exec.Cmd.Start
        "
      `);
  });

  test('leaves the evidence as it is, and is an event of its own', () => {
    const plain = glovebox(['inspect', SAMPLE, '--out', temporaryFolder(), '--evidence']);
    expect(why('--evidence', '--why', 'telemetry.init', 'EXEC').stdout).toBe(plain.stdout);
    const events = why('--json', '--why', 'telemetry.init', 'EXEC')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [answer] = events.filter(({ type }) => type === 'why');
    expect(answer.why.function).toBe('example.com/import-starts-program/telemetry.init');
    expect(answer.why.paths[0].steps.at(-1)).toEqual({ function: 'os/exec.Command' });
    expect(events.at(-1).type).toBe('case.closed');
  });

  test('says when a function was not seen to have it', () => {
    const { stdout, status } = why('--why', 'telemetry.init', 'NETWORK');
    expect(stdout).toContain('telemetry.init was not seen to reach NETWORK\n');
    expect(status).toBe(1);
  });

  test('says which function may be meant; the verdict stands', () => {
    const { stderr, stdout, status } = why('--why', 'telemetry.inti', 'EXEC');
    expect(stderr).toContain(
      'Cannot say why: which function is meant: example.com/import-starts-program/telemetry.init; give one of these\n',
    );
    expect(stdout).toContain('MALICIOUS');
    expect(status).toBe(1);
    expect(why('--why', 'nothing.like.it', 'EXEC').stderr).toContain(
      'Cannot say why: no function has that name\n',
    );
  });

  test.each([
    [['--why', 'telemetry.init', 'EXCE'], 'there is no capability "EXCE"; did you mean EXEC?'],
    [['--why', 'telemetry.init'], '--why takes a function and a capability'],
    [['--why', 'telemetry.init', '--json'], '--why takes a function and a capability'],
    [['--why=telemetry.init'], 'there is no capability ""'],
  ])('refuses %j in one sentence', (args, sentence) => {
    const { stderr, stdout, status } = why(...args);
    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`glovebox: Cannot say why: ${sentence}`);
  });
});

test('the help names the option as it is given', () => {
  const { stdout } = glovebox(['inspect', '--help']);
  expect(stdout).toContain('--why <function> <capability>');
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('--why');
});
