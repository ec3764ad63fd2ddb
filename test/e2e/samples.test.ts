import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';

interface Sample {
  readonly lesson: string;
  readonly verdict: string;
  readonly goSum?: string;
  readonly findings: readonly {
    readonly rule: string;
    readonly file?: string;
    readonly line?: number;
  }[];
}

interface Evidence {
  readonly verdict: string;
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly severity: string;
  }[];
}

const EXIT: Readonly<Record<string, number>> = {
  clean: 0,
  malicious: 1,
  suspicious: 1,
  inconclusive: 2,
};
const names = readdirSync(join(ROOT, 'samples'));

test('there are at least six lessons', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

test.each(names)('sample %s has the verdict and the findings that its lesson says', (name) => {
  const folder = join(ROOT, 'samples', name);
  const sample = JSON.parse(readFileSync(join(folder, 'sample.json'), 'utf8')) as Sample;
  const sums = sample.goSum === undefined ? [] : ['--go-sum', join(folder, sample.goSum)];
  const run = glovebox([
    'inspect',
    join(folder, 'source'),
    ...sums,
    '--evidence',
    '--out',
    temporaryFolder(),
  ]);
  const evidence = JSON.parse(run.stdout) as Evidence;
  expect(evidence.verdict).toBe(sample.verdict);
  expect(run.status).toBe(EXIT[sample.verdict]);
  for (const { rule, file, line } of sample.findings) {
    expect(evidence.findings).toContainEqual(
      expect.objectContaining({ rule, file: file ?? null, line: line ?? null }),
    );
  }
  const expected = new Set(sample.findings.map(({ rule }) => rule));
  const grave = evidence.findings.filter(
    ({ severity }) => severity === 'critical' || severity === 'high',
  );
  expect(grave.filter(({ rule }) => !expected.has(rule))).toEqual([]);
});

test.each(names)('sample %s is inert: hosts and programs that do not exist', (name) => {
  const folder = join(ROOT, 'samples', name, 'source');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.go'),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, host = ''] of text.matchAll(/https?:\/\/([^/"\s]+)/g))
      expect(host).toMatch(/\.example$/);
  }
  expect(existsSync(join(folder, '..', 'sample.json'))).toBe(true);
});
