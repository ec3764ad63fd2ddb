import { beforeAll, expect, test } from 'vitest';
import { encodeUtf8, fromByteString, toByteString } from '#base';
import {
  canonicalVersion,
  compareVersions,
  escapeModulePath,
  escapeVersion,
  filePathFault,
  importPathFault,
  isPseudoVersion,
  isSemver,
  isZeroPseudoVersion,
  majorMinorOf,
  matchesPrefixPattern,
  modulePathFault,
  moduleVersionFault,
  orderVersions,
  parseGoSum,
  parsePseudoVersion,
  splitPathMajor,
  unescapeModulePath,
  unescapeVersion,
} from '#module';
import { buildGo, describeWith } from '../support/go.ts';
import {
  askReference,
  fromBase64,
  fromBase64Bytes,
  type Question,
  tableTexts,
} from '../support/go-reference.ts';
import { jumble, pick } from '../support/grammar.ts';
import { mutate, seededRandom } from '../support/mutate.ts';

/** What we say, for each operation that goref knows; the arguments are bytes. */
const OURS: Readonly<Record<string, (args: readonly Uint8Array[]) => unknown>> = {
  'path.module': ([path]) => modulePathFault(text(path)) ?? null,
  'path.import': ([path]) => importPathFault(toByteString(path!)) ?? null,
  'path.file': ([path]) => filePathFault(toByteString(path!)) ?? null,
  check: ([path, version]) => moduleVersionFault(text(path), text(version)) ?? null,
  'path.major': ([path]) => splitPathMajor(text(path)) ?? null,
  'escape.path': ([path]) => escapeModulePath(text(path)) ?? null,
  'escape.version': ([version]) => escapeVersion(text(version)) ?? null,
  'unescape.path': ([path]) => unescapeModulePath(text(path)) ?? null,
  'unescape.version': ([version]) => unescapeVersion(text(version)) ?? null,
  prefix: ([globs, target]) => matchesPrefixPattern(text(globs), text(target)),
  canonical: ([version]) => canonicalVersion(text(version)),
  semver: ([version]) => [isSemver(text(version)), majorMinorOf(text(version))],
  compare: ([a, b]) => compareVersions(text(a), text(b)),
  sort: (versions) => versions.map(text).sort(orderVersions),
  'pseudo.is': ([version]) => isPseudoVersion(text(version)),
  'pseudo.zero': ([version]) => isZeroPseudoVersion(text(version)),
  'pseudo.parts': ([version]) => {
    const parsed = parsePseudoVersion(text(version));
    return typeof parsed === 'string' ? null : [parsed.base, parsed.revision];
  },
  gosum: ([bytes]) => {
    try {
      return parseGoSum(bytes!, '').map(({ path, version, hash }) => [path, version, hash]);
    } catch (error) {
      return /(\d+): wrong number of fields (\d+)/.exec((error as Error).message)?.slice(1, 3);
    }
  },
};

const THEIRS: Readonly<Record<string, (answer: never) => unknown>> = {
  prefix: (answer) => answer,
  compare: (answer) => answer,
  'pseudo.is': (answer) => answer,
  'pseudo.zero': (answer) => answer,
  semver: ([isValid, , majorMinor]: unknown[]) => [isValid, fromBase64(majorMinor)],
  sort: (answer: unknown[]) => answer.map(fromBase64),
  'pseudo.parts': (answer: unknown[] | null) => answer?.map(fromBase64) ?? null,
  gosum: (answer: unknown[][] | { error: string }) =>
    'error' in answer
      ? /(\d+): wrong number of fields (\d+)/.exec(fromBase64Bytes(answer.error))?.slice(1, 3)
      : answer.map((line) => line.map(fromBase64)),
};

const SINGLE = [
  'path.module',
  'path.import',
  'path.file',
  'path.major',
  'escape.path',
  'escape.version',
  'unescape.path',
  'unescape.version',
  'canonical',
  'semver',
  'pseudo.is',
  'pseudo.zero',
  'pseudo.parts',
];

/** Operations whose arguments we take as text: bytes that are no UTF-8 cannot get there. */
const OF_BYTES = new Set(['path.import', 'path.file']);

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes!).toString('utf8');
}

const isUtf8 = (bytes: Uint8Array) => Buffer.from(text(bytes)).equals(bytes);

const PATH_PARTS =
  'example.com rsc.io gopkg.in x.y / // . .. - _ ~ ~1 ~12 + ! !g !! @ : ; \\ " \' A Z a z 0 9 v2 /v1 /v2 /v0 /v2.0 /v10 .v1 .v2 .v0 .v01 -unstable aux AUX.txt com1 COM0 nul.x lpt9 испытание ﬀ ß ☺ é e\u0301 K \0 \t \u00a0 \ufeff go.mod vendor'.split(
    ' ',
  );
const VERSION_PARTS =
  'v 0 1 2 10 01 . . . - - + -pre -rc.1 -0. -0 .0. 0.0- 20060102150405 -20060102150405-abcdef123456 2.0.0 v1.2.3 v0.0.0 v2.0.0 +incompatible +meta abcdef123456 A-Z 99999999999999999999 ! / é'.split(
    ' ',
  );
const GLOB_PARTS =
  'rsc.io / quote * ? ?? , ,, [a-z] [^a] [!a] [ ] \\ \\* rsc* */quote example.com v3 - é ☺'.split(
    ' ',
  );
const SUM_PARTS = [
  'rsc.io/quote',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  'v1.5.2',
  'v1.5.2/go.mod',
  'h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=',
  'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=',
  'h2:x',
  '\u0085',
  '\u00a0',
  '\ufeff',
  '\u2028',
  'rsc.io/quote v1.5.2 h1:w5fcysjrx7yqtD/aO+QwRjYZOKnaM9Uh2b40tElTs3Y=\n',
];

describeWith('go', ['version'], 'names and versions against golang.org/x/mod', () => {
  let reference = '';
  let tables: readonly Uint8Array[] = [];

  beforeAll(() => {
    reference = buildGo('goref');
    tables = tableTexts(
      buildGo('gotables'),
      'module/module_test.go',
      'module/pseudo_test.go',
      'semver/semver_test.go',
    ).filter(isUtf8);
  });

  function compare(questions: readonly { op: string; args: readonly Uint8Array[] }[]): void {
    const answers = askReference(reference, questions as readonly Question[]);
    expect(answers.length).toBe(questions.length);
    questions.forEach(({ op, args }, i) => {
      const theirs = (THEIRS[op] ?? fromBase64)(answers[i] as never);
      const ours = OURS[op]!(args);
      // A sort in which nothing was compared proves nothing; the rest is compared one by one.
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
      expect({ op, args: args.map(text), answer: ours }).toEqual({
        op,
        args: args.map(text),
        answer: theirs,
      });
    });
  }

  const count = () => Number(process.env['GLOVEBOX_MUTATIONS'] ?? 2000);

  test('every text of its own tables', () => {
    expect(tables.length).toBeGreaterThan(300);
    compare(tables.flatMap((bytes) => SINGLE.map((op) => ({ op, args: [bytes] }))));
    const versions = tables.filter((bytes) => /^v?[0-9]/.test(text(bytes)));
    expect(versions.length).toBeGreaterThan(50);
    compare([
      { op: 'sort', args: versions },
      ...versions.flatMap((a) => versions.map((b) => ({ op: 'compare', args: [a, b] }))),
      // Neighbors in the tables: paths with their versions, patterns with their targets.
      ...tables.slice(1).flatMap((bytes, i) => [
        { op: 'check', args: [tables[i]!, bytes] },
        { op: 'prefix', args: [tables[i]!, bytes] },
      ]),
    ]);
  });

  test('paths and versions made of their own tokens, and mutated ones', () => {
    const random = seededRandom(20261123);
    const made = () =>
      random() < 0.5
        ? encodeUtf8(jumble(random, random() < 0.5 ? PATH_PARTS : VERSION_PARTS, 6))
        : mutate(pick(random, tables), random);
    const inputs = Array.from({ length: count() }, made);
    const questions = inputs.flatMap((bytes) =>
      SINGLE.filter((op) => OF_BYTES.has(op) || isUtf8(bytes)).map((op) => ({ op, args: [bytes] })),
    );
    compare(questions);
    const texts = inputs.filter(isUtf8);
    compare(
      texts.slice(1).flatMap((bytes, i) => [
        { op: 'compare', args: [texts[i]!, bytes] },
        { op: 'check', args: [texts[i]!, bytes] },
      ]),
    );
    compare([{ op: 'sort', args: texts.filter((bytes) => isSemver(text(bytes))) }]);
  });

  test('prefix patterns', () => {
    const random = seededRandom(7);
    const targets = ['rsc.io/quote/v3', 'rsc.io', 'example.com/a/b', 'a-/[', 'é/☺', ''];
    compare(
      Array.from({ length: count() }, () => ({
        op: 'prefix',
        args: [
          encodeUtf8(jumble(random, GLOB_PARTS, 6)),
          encodeUtf8(
            random() < 0.5
              ? pick(random, targets)
              : jumble(random, ['rsc.io', '/', 'quote', 'é', '-', 'a'], 5),
          ),
        ],
      })),
    );
  });

  test('go.sum files', () => {
    const random = seededRandom(8);
    const inputs = Array.from({ length: count() }, () => {
      const made = encodeUtf8(jumble(random, SUM_PARTS, 14));
      return random() < 0.3 && made.length > 0 ? mutate(made, random) : made;
    });
    compare(inputs.map((bytes) => ({ op: 'gosum', args: [bytes] })));
  });
});

test('byte strings carry every byte', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(fromByteString(toByteString(bytes))).toEqual(bytes);
});
