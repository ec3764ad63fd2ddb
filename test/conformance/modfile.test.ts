import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeUtf8 } from '#base';
import { type GoMod, type GoModFault, type GoWork, parseGoMod, parseGoWork } from '#module';
import { buildGo, describeWith } from '../support/go.ts';
import { askReference, fromBase64, modDirectory, tableTexts } from '../support/go-reference.ts';
import { jumble, pick } from '../support/grammar.ts';
import { mutate, seededRandom } from '../support/mutate.ts';

interface GoAnswer {
  readonly faults?: readonly { line: number; column: number; text: string }[];
  readonly [name: string]: unknown;
}

/** Every base64 in an answer as text; lines stay numbers. */
function decode(value: unknown): unknown {
  if (typeof value === 'string') return fromBase64(value);
  return Array.isArray(value) ? value.map(decode) : value;
}

function fromGo(answer: GoAnswer) {
  if (answer.faults !== undefined) {
    return answer.faults.map(({ line, column, text }) => [line, column, fromBase64(text)]);
  }
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, decode(value)]));
}

/** The go command's error, with the place as it writes it. */
function sentence(file: string, { line, column, detail }: GoModFault): string {
  return `${file}:${line}${column > 1 ? `:${column}` : ''}: ${detail}`;
}

/** Go stops at the first fault of the syntax; faults of directives it lists all. */
function faultsOf(file: string, faults: readonly GoModFault[]) {
  const syntax = faults.filter((fault) => fault.isSyntax).slice(0, 1);
  const shown = syntax.length > 0 ? syntax : faults;
  return shown.map((fault) => [fault.line, fault.column, sentence(file, fault)]);
}

function placesOf(answer: unknown) {
  return Array.isArray(answer) ? answer.map(([line, column]) => [line, column]) : 'accepted';
}

const optional = (name: string, value: string | null) => (value === null ? {} : { [name]: value });

function fromGoMod(file: GoMod) {
  if (file.faults.length > 0) return faultsOf('go.mod', file.faults);
  const hasModule = file.module !== null;
  return {
    ...(hasModule ? { module: file.module, deprecated: file.deprecated } : {}),
    ...optional('go', file.go),
    ...optional('toolchain', file.toolchain),
    godebug: file.godebug,
    requires: file.requires.map((r) => [[r.path, r.version], !r.direct, r.line]),
    excludes: file.excludes.map((x) => [x.path, x.version]),
    replaces: replacesOf(file),
    retracts: file.retracts.map((r) => [r.low, r.high, r.rationale]),
    tools: file.tools,
    ignores: file.ignores,
  };
}

function replacesOf({ replaces }: GoMod | GoWork) {
  return replaces.map((r) => [
    [r.path, r.version ?? ''],
    [r.target, r.targetVersion ?? ''],
    r.line,
  ]);
}

function fromGoWork(file: GoWork) {
  if (file.faults.length > 0) return faultsOf('go.work', file.faults);
  const { godebug, uses } = file;
  return {
    ...optional('go', file.go),
    ...optional('toolchain', file.toolchain),
    godebug,
    uses,
    replaces: replacesOf(file),
  };
}

const OURS: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  'gomod.strict': (bytes) => fromGoMod(parseGoMod(bytes, 'strict')),
  'gomod.lax': (bytes) => fromGoMod(parseGoMod(bytes, 'lax')),
  gowork: (bytes) => fromGoWork(parseGoWork(bytes)),
};

const PARTS = [
  'module',
  'module example.com/m\n',
  'go 1.21\n',
  'go 1.21.x\n',
  'go ',
  'toolchain go1.22\n',
  'toolchain ',
  'godebug a=b\n',
  'require',
  'require (\n',
  ' (',
  ')\n',
  ' ( )\n',
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  '\t',
  'exclude ',
  'replace ',
  'retract ',
  'tool ',
  'ignore ',
  'use ',
  'use ./a\n',
  'unknown x\n',
  'example.com/a v1.2.3',
  'example.com/a/v2 v2.0.0\n',
  'example.com/a/v2 v1.0.0\n',
  'gopkg.in/yaml.v2 v2.0.0+meta\n',
  'example.com/a',
  ' => ',
  ' => ./b\n',
  ' => ..\\b\n',
  ' => example.com/b v1.0.0\n',
  '[v1.0.0, v1.2.0]',
  '[',
  ']',
  ',',
  '{',
  'v1',
  'v1.2',
  'v1.2.3-pre',
  'v2.0.0+incompatible',
  '"example.com/\\x6d"',
  '"a\\u00e9\\n"',
  '"',
  '`raw`',
  "'",
  '// indirect\n',
  '// indirect; why\n',
  '//indirect',
  '// Deprecated: use it not\n',
  '// one\n',
  '//\n',
  '/* x */',
  '/',
  'é',
  '\u00a0',
  '\ufeff',
  '\0',
  '\u200b',
  '☺',
];

describeWith('go', ['version'], 'go.mod and go.work against golang.org/x/mod/modfile', () => {
  let reference = '';
  let seeds: readonly Uint8Array[] = [];

  beforeAll(() => {
    reference = buildGo('goref');
    const folder = join(modDirectory(), 'modfile/testdata');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[a-z]+$/.test(name))
      .map((name) => readFileSync(join(folder, name)));
    expect(files.length).toBeGreaterThan(20);
    const tables = tableTexts(
      buildGo('gotables'),
      'modfile/rule_test.go',
      'modfile/read_test.go',
      'modfile/work_test.go',
    );
    expect(tables.length).toBeGreaterThan(300);
    seeds = [...files, ...tables];
  });

  function compare(inputs: readonly Uint8Array[]): number {
    const questions = inputs.flatMap((bytes) =>
      Object.keys(OURS).map((op) => ({ op, args: [bytes] })),
    );
    const answers = askReference(reference, questions);
    let accepted = 0;
    questions.forEach(({ op, args: [bytes] }, i) => {
      const answer = answers[i] as GoAnswer;
      if (answer.faults === undefined) accepted++;
      const source = Buffer.from(bytes!).toString('utf8');
      const theirs = fromGo(answer);
      const ours = JSON.parse(JSON.stringify(OURS[op]!(bytes!))) as typeof theirs;
      // What is no UTF-8 Go repeats as it is, and we in its %q form: only the places are compared.
      const isText = !JSON.stringify(theirs).includes('\ufffd');
      const shown = isText ? (value: typeof theirs) => value : placesOf;
      expect({ op, source, answer: shown(ours) }).toEqual({ op, source, answer: shown(theirs) });
    });
    return accepted / questions.length;
  }

  const count = () => Number(process.env['GLOVEBOX_MUTATIONS'] ?? 2000);

  test('every file and text of its own tables', () => {
    compare(seeds);
  });

  test('files made of its own tokens, and mutated ones', () => {
    const random = seededRandom(20261123);
    const accepted = compare(
      Array.from({ length: count() }, () =>
        random() < 0.5
          ? encodeUtf8(jumble(random, PARTS, 10))
          : mutate(pick(random, seeds), random),
      ),
    );
    expect(accepted).toBeGreaterThan(0.2);
  });
});

test('a file of nothing but open blocks ends', () => {
  const read = parseGoMod(encodeUtf8('require (\n'.repeat(200_000)), 'strict');
  expect(read.faults.length).toBeGreaterThan(0);
  expect(read.faults.length).toBeLessThan(2000);
});
