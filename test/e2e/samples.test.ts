import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { glovebox, ROOT, temporaryFolder } from '../support/program.ts';
import { buildSampleZip, type SampleArchive } from '../support/sample-zip.ts';

interface Sample {
  readonly lesson: string;
  readonly verdict: string;
  readonly goSum?: string;
  readonly archive?: SampleArchive;
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
/** What a run is given: the folder, or the archive that is built of it. */
function inputOf(folder: string, { archive }: Sample): string {
  if (archive === undefined) return join(folder, 'source');
  const file = join(temporaryFolder(), 'module.zip');
  writeFileSync(file, buildSampleZip(folder, archive));
  return file;
}

const readSample = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'sample.json'), 'utf8')) as Sample;
const names = readdirSync(join(ROOT, 'samples'));

test('there are at least six lessons', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

test.each(names)('sample %s has the verdict and the findings that its lesson says', (name) => {
  const folder = join(ROOT, 'samples', name);
  const sample = readSample(folder);
  const sums = sample.goSum === undefined ? [] : ['--go-sum', join(folder, sample.goSum)];
  const run = glovebox([
    'inspect',
    inputOf(folder, sample),
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

test('the report of the smuggled file shows where it lies', () => {
  const folder = join(ROOT, 'samples', 'smuggled-file');
  const zip = inputOf(folder, readSample(folder));
  const out = temporaryFolder();
  const run = glovebox(['inspect', zip, '--out', out]);
  const hidden = readFileSync(join(folder, 'hidden/payload.go'));
  const offset = readFileSync(zip).indexOf(hidden);
  expect(offset).toBeGreaterThan(0);
  const line = new RegExp(
    `${offset} +${hidden.length}  #### SMUGGLED behind the stream of example.com/settings@v0.1.0/settings.go`,
  );
  expect(run.stdout).toMatch(line);
  const [name = ''] = readdirSync(out);
  const report = readFileSync(join(out, name, 'report.md'), 'utf8');
  expect(report).toMatch(line);
  const evidence = JSON.parse(readFileSync(join(out, name, 'evidence.json'), 'utf8'));
  expect(evidence.integrity.zip.map).toContainEqual(
    expect.objectContaining({ kind: 'smuggled', offset, length: hidden.length }),
  );
});
