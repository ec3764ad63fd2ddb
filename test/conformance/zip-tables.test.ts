import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  canonicalVersion,
  createZip,
  moduleVersionFault,
  parseModuleVersion,
  selectFiles,
} from '#module';
import { describeWith } from '../support/go.ts';
import { modDirectory } from '../support/go-reference.ts';
import { inspectBytes } from '../support/inspect.ts';
import { gloveboxBeside, temporaryFolder } from '../support/program.ts';
import { parseTextArchive, type TextArchive } from '../support/txtar.ts';
import { buildZip } from '../support/zip-builder.ts';

interface Row extends TextArchive {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly wantErr: string;
  readonly hash: string;
}

const utf8 = (byteString: string) => Buffer.from(byteString, 'latin1').toString('utf8');

function readRows(folder: string): readonly Row[] {
  const root = join(modDirectory(), 'zip/testdata', folder);
  return readdirSync(root).map((name) => {
    const archive = parseTextArchive(readFileSync(join(root, name)));
    const value = (key: string) =>
      (new RegExp(`^${key}=([^#\\n]*)`, 'm').exec(archive.comment)?.[1] ?? '').trim();
    const [path, version, wantErr, hash] = ['path', 'version', 'wantErr', 'hash'].map(value);
    // A path that is no UTF-8 cannot be said here: its replacement is refused in other words.
    const isText = !/[^ -~]/.test(path!);
    return {
      ...archive,
      name,
      path: utf8(path!),
      version: version!,
      wantErr: isText ? wantErr! : 'malformed module path',
      hash: hash!,
    };
  });
}

const filesOf = (row: Row) => row.files.filter(({ name }) => name !== 'want');
const wantOf = (row: Row) =>
  Buffer.from(row.files.find(({ name }) => name === 'want')?.content ?? '').toString();
const zipOf = (row: Row) =>
  buildZip({
    entries: filesOf(row).map(({ name, content }) => ({
      name: Buffer.from(name, 'latin1'),
      content,
    })),
  });

/** The form of x/mod's own golden text. */
function golden(
  valid: readonly string[],
  omitted: readonly (readonly [string, string])[],
  invalid: readonly (readonly [string, string])[],
): string {
  const pairs = (list: readonly (readonly [string, string])[]) =>
    list.map(([path, reason]) => `${path}: ${reason}\n`).join('');
  return `valid:\n${valid.map((path) => `${path}\n`).join('')}\nomitted:\n${pairs(omitted)}\ninvalid:\n${pairs(invalid)}`;
}

/** Sorted in each part: ours are in byte order, the golden texts in the order of the archive. */
function sorted(text: string): readonly string[] {
  return text.split('\n\n').flatMap((part) => {
    const [title, ...lines] = part.trim().split('\n');
    return [title!, ...lines.sort()];
  });
}

describeWith('go', ['version'], 'the text archives that x/mod checks its zip package with', () => {
  const rows = (folder: string) => readRows(folder).map((row) => [row.name, row] as const);

  test.each(rows('check_zip'))('check_zip %s', async (_, row) => {
    const { entries, faults } = await inspectBytes(zipOf(row), {
      path: row.path,
      version: row.version,
    });
    const invalid = faults.flatMap(({ index, detail }) =>
      index === null ? [] : [[entries[index]!.name, detail] as const],
    );
    const valid = entries.filter(({ path }) => path !== undefined).map(({ name }) => name);
    expect(golden(valid, [], invalid)).toBe(wantOf(row));
  });

  test.each(rows('unzip'))('unzip %s', async (_, row) => {
    const { accepted, faults, entries } = await inspectBytes(zipOf(row), {
      path: row.path,
      version: row.version,
    });
    const sentences = faults.map(({ index, detail }) =>
      index === null ? detail : `${entries[index]!.name}: ${detail}`,
    );
    expect(accepted).toBe(row.wantErr === '');
    if (row.wantErr !== '') expect(sentences.join('\n')).toContain(row.wantErr);
  });

  const pack = (row: Row) =>
    selectFiles(filesOf(row).map(({ name, content }) => ({ path: utf8(name), content })));

  test.each([...rows('check_files')])('check_files %s', (_, row) => {
    const { files, omitted, invalid } = pack(row);
    const pairs = (list: typeof omitted) => list.map(({ path, reason }) => [path, reason] as const);
    const text = golden(
      files.map(({ path }) => path),
      pairs(omitted),
      pairs(invalid),
    );
    expect(sorted(text)).toEqual(sorted(wantOf(row)));
  });

  test.each(rows('create'))('create %s', async (_, row) => {
    const isCanonical = row.version === canonicalVersion(row.version);
    if (!isCanonical)
      expect(() => parseModuleVersion(`${row.path}@${row.version}`)).toThrow(/canonical/);
    const fault = isCanonical ? moduleVersionFault(row.path, row.version) : row.wantErr;
    const { files, invalid } = pack(row);
    const reasons = [fault ?? '', ...invalid.map(({ path, reason }) => `${path}: ${reason}`)];
    if (row.wantErr !== '') {
      expect(reasons.join('\n')).toContain(row.wantErr);
      return;
    }
    expect(reasons).toEqual(['']);
    const subject = parseModuleVersion(`${row.path}@${row.version}`);
    expect((await inspectBytes(createZip(subject, files), subject)).h1).toBe(row.hash);
  });

  test.each(rows('create_from_dir'))('create_from_dir %s', async (_, row) => {
    const folder = temporaryFolder();
    for (const { name, content } of filesOf(row)) {
      const file = join(folder, utf8(name));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const args = ['verify', folder, '--as', `${row.path}@${row.version}`, '--json'];
    const run = await gloveboxBeside(args);
    if (row.wantErr === '') {
      expect(JSON.parse(run.stdout)).toMatchObject({ accepted: true, h1: row.hash });
      return;
    }
    expect(run.status).not.toBe(0);
    const said = run.stdout === '' ? run.stderr : sentencesOf(JSON.parse(run.stdout));
    const wanted = /not canonical/.test(row.wantErr) ? 'the canonical form' : row.wantErr;
    expect(said).toContain(wanted);
  });
});

function sentencesOf(line: {
  readonly error?: string;
  readonly faults: readonly { readonly entry: string; readonly detail: string }[];
}): string {
  return [
    line.error ?? '',
    ...line.faults.map(({ entry, detail }) => `${entry.replace(/^[^@]*@[^/]*\//, '')}: ${detail}`),
  ].join('\n');
}
