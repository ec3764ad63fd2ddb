import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { buildGo, describeWith } from '../support/go.ts';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';

describeWith('go', ['version'], 'the audit log, with golang.org/x/mod alone', () => {
  const home = temporaryFolder();
  let verify = '';
  let sealed = '';
  beforeAll(() => {
    verify = buildGo('goaudit');
    const out = temporaryFolder();
    glovebox(['inspect', `${ROOT}/samples/import-starts-program/source`, '--out', out], { home });
    sealed = `${out}/${readdirSync(out)[0]}`;
  });

  test('every line is proven, and no other', () => {
    const lines = readFileSync(`${sealed}/audit.jsonl`, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(8);
    for (const [i, line] of lines.entries()) {
      const file = `${temporaryFolder()}/p.tlog-proof`;
      const { stdout } = glovebox(['audit', 'prove', sealed, String(i + 1), '--out', file], {
        home,
      });
      const key = /verifier key {2}(\S+)/.exec(stdout)?.[1] ?? '';
      const input = readFileSync(file, 'utf8');
      const go = (proof: string) => spawnSync(verify, [key], { input: proof, encoding: 'utf8' });
      expect(go(input)).toMatchObject({ status: 0, stdout: line });
      const other = Buffer.from(
        line.replace('"list"', '"stat"').replace('"read"', '"stat"'),
      ).toString('base64');
      expect(go(input.replace(/extra .*/, `extra ${other}`)).status).toBe(1);
      expect(go(input.replace(/index \d+/, `index ${(i + 1) % lines.length}`)).status).toBe(1);
    }
  });
});
