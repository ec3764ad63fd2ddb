import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ZipInspection } from '#module';
import { buildGo, describeWith } from '../support/go.ts';
import { pick } from '../support/grammar.ts';
import { HOSTILE_ZIPS } from '../support/hostile-zips.ts';
import { inspectBytes } from '../support/inspect.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { buildZip } from '../support/zip-builder.ts';
import { mutatedZip, ZIP_MUTATIONS } from '../support/zip-mutations.ts';

interface GoAnswer {
  readonly accepted: boolean;
  readonly faults: readonly {
    readonly code: string;
    readonly entry: string;
    readonly detail: string;
  }[];
  readonly h1: string;
}

/** Our answer in the shape of Go's; the order of faults within an archive is not compared. */
function toAnswer(inspection: ZipInspection) {
  const faults = inspection.faults.map(({ code, index }) => {
    const entry = index === null ? undefined : inspection.entries[index];
    const name = entry?.nameBytes ?? Buffer.from(entry?.name ?? '').toString('base64');
    return `${code} ${name}`;
  });
  return { accepted: inspection.accepted, faults: faults.sort(), h1: inspection.h1 ?? '' };
}

function fromGo({ accepted, faults, h1 }: GoAnswer) {
  return { accepted, faults: faults.map(({ code, entry }) => `${code} ${entry}`).sort(), h1 };
}

describeWith('go', ['version'], 'module zips against golang.org/x/mod', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-zips-'));
  let program = '';

  beforeAll(() => {
    program = buildGo('gozip');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function askGo(archives: readonly Uint8Array[]): readonly GoAnswer[] {
    const lines = archives.map((archive, i) => {
      const path = join(folder, `${i}.zip`);
      writeFileSync(path, archive);
      return `example.com/m@v1.0.0\t${path}\n`;
    });
    const out = execFileSync(program, {
      input: lines.join(''),
      maxBuffer: 1 << 30,
      encoding: 'utf8',
    });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as GoAnswer);
  }

  test('inspectZip() says what Go says of every hostile zip', async () => {
    const archives = HOSTILE_ZIPS.map(([, spec]) => buildZip(spec));
    expect(archives.length).toBeGreaterThanOrEqual(60);
    const answers = askGo(archives);
    for (const [i, archive] of archives.entries()) {
      const [name] = HOSTILE_ZIPS[i]!;
      const ours = toAnswer(await inspectBytes(archive));
      expect({ name, ...ours }).toEqual({ name, ...fromGo(answers[i]!) });
    }
  });

  /** Compares archives in batches; gives how many Go accepts. */
  async function compare(
    count: number,
    make: (index: number) => { readonly names: string; readonly archive: Uint8Array },
  ): Promise<number> {
    let accepted = 0;
    for (let from = 0; from < count; from += 1000) {
      const part = Array.from({ length: Math.min(1000, count - from) }, (_, i) => make(from + i));
      const answers = askGo(part.map(({ archive }) => archive));
      for (const [i, { names, archive }] of part.entries()) {
        const theirs = answers[i]!;
        if (theirs.accepted) accepted++;
        const ours = toAnswer(await inspectBytes(archive));
        const input = Buffer.from(archive).toString('base64');
        const at = { at: from + i, names };
        expect({ ...at, ...ours }, input).toEqual({ ...at, ...fromGo(theirs) });
      }
    }
    return accepted;
  }

  const count = Number(process.env['GLOVEBOX_MUTATIONS'] ?? 2000);

  test('inspectZip() says what Go says of hostile zips with other bytes', async () => {
    const random = seededRandom(20261122);
    const seeds = HOSTILE_ZIPS.map(([name, spec]) => [name, buildZip(spec)] as const).filter(
      ([, archive]) => archive.length < 4000,
    );
    await compare(count / 2, () => {
      const [names, seed] = pick(random, seeds);
      return { names, archive: mutate(seed, random) };
    });
  });

  test('inspectZip() says what Go says of every class of change', async () => {
    expect(ZIP_MUTATIONS.length).toBeGreaterThanOrEqual(45);
    const random = seededRandom(20261123);
    const accepted = await compare(count, (index) => mutatedZip(random, index));
    expect(accepted).toBeGreaterThan(count / 4);
  });

  test('the words of the faults are the words of Go', async () => {
    const archives = HOSTILE_ZIPS.map(([, spec]) => buildZip(spec));
    const answers = askGo(archives);
    for (const [i, archive] of archives.entries()) {
      const ours = (await inspectBytes(archive)).faults.map(({ detail }) => detail).sort();
      const theirs = answers[i]!.faults.map(({ detail }) =>
        detail.replace(/^readat .*: /, '').slice(0, 1999),
      );
      expect(
        ours.map((detail) => detail.replace(/…$/, '')),
        HOSTILE_ZIPS[i]![0],
      ).toEqual(theirs.sort());
    }
  });
});

test('the list of hostile zips has no row twice', () => {
  const names = HOSTILE_ZIPS.map(([name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(
    readFileSync(new URL('../support/hostile-zips.ts', import.meta.url), 'utf8'),
  ).not.toContain('http');
});
