import { expect, test } from 'vitest';
import { detect, type Facts, judge, RULES } from '#detection';
import { NOT_ASKED } from '#sumdb';
import { analyzeFiles } from '../../support/analyze.ts';

const NOTHING: Omit<Facts, 'source'> = {
  subject: { path: 'example.com/m', version: 'v1.0.0' },
  named: { path: 'example.com/m', version: 'v1.0.0' },
  archive: { accepted: true, faults: [], deviations: [], map: [] },
  goSum: { status: 'match', goMod: 'match', source: 'go.sum:1' },
  sumdb: NOT_ASKED,
  files: [],
  flows: [],
  gates: [],
  invisible: [],
  indicators: [],
  requires: [],
  sandbox: { decoys: [], decoyReads: [], changes: [] },
  replaces: [],
};

async function factsOf(code: string, more: Partial<Facts> = {}): Promise<Facts> {
  const source = await analyzeFiles({
    'a.go': `package a\n\nimport (\n\t"net/http"\n\t"os"\n\t"os/exec"\n\t"syscall"\n)\n\nvar _, _, _ = http.NoBody, os.Args, exec.ErrDot\n\n${code}`,
  });
  const files = source.files.map(({ path, constraint, embeddedBy }) => ({
    path,
    constraint,
    embeddedBy,
    size: 0,
    sha256: '',
    kind: 'go' as const,
    format: 'text',
    use: 'built' as const,
  }));
  return { ...NOTHING, files, source, ...more };
}

const plain = {
  path: 'logo.png',
  size: 9,
  sha256: '',
  kind: 'executable',
  format: 'elf',
  use: 'none',
  constraint: null,
  embeddedBy: [],
} as const;
const deviation = { index: 0, entry: 'x', offset: 3, length: 4, detail: 'd' } as const;
const hidden = { file: 'a.go', line: 1, column: 2, character: 'U+202E' } as const;

/** For each rule: what it must report as grave, and what looks like it and is not. */
const ROWS: readonly (readonly [string, string, string, Partial<Facts>, Partial<Facts>])[] = [
  [
    'decoy-read',
    '',
    '',
    {
      sandbox: {
        ...NOTHING.sandbox,
        decoyReads: [{ path: '/home/user/.netrc', sequence: 7 }],
      },
    },
    {
      sandbox: {
        ...NOTHING.sandbox,
        decoys: [{ kind: 'netrc', path: '/home/user/.netrc', sha256: '' }],
      },
    },
  ],
  [
    'disguised-file',
    '',
    '',
    { files: [{ ...plain, promises: 'png' }] },
    { files: [plain, { ...plain, use: 'tested', promises: 'png' }] },
  ],
  [
    'disguised-file',
    '',
    '',
    { files: [{ ...plain, kind: 'script', format: 'sh', promises: 'text' }] },
    { files: [{ ...plain, kind: 'script', format: 'sh' }] },
  ],
  [
    'disguised-file',
    '',
    '',
    {
      files: [
        { ...plain, kind: 'image', format: 'png', trailing: { offset: 9, size: 9, format: 'elf' } },
      ],
    },
    {
      files: [
        {
          ...plain,
          kind: 'image',
          format: 'png',
          trailing: { offset: 9, size: 9, format: 'data' },
        },
      ],
    },
  ],
  [
    'code-out-of-sight',
    '',
    '',
    {
      files: [
        { ...plain, kind: 'go', use: 'built', blankRun: { line: 1, column: 9, length: 300 } },
        { ...plain, kind: 'go', use: 'built', emptyLines: { line: 1, length: 300 } },
      ],
    },
    { files: [{ ...plain, kind: 'text', blankRun: { line: 1, column: 9, length: 300 } }] },
  ],
  [
    'exec-on-import',
    'func init() { exec.Command("x").Run() }',
    'func Run() { exec.Command("x").Run() }',
    {},
    {},
  ],
  [
    'network-on-import',
    'var _, _ = http.Get("x")',
    'var c = &http.Client{}\n\nfunc init() { http.HandleFunc("/", h) }\n\nfunc h(http.ResponseWriter, *http.Request) {}',
    {},
    {},
  ],
  [
    'file-written-and-executed',
    'func init() { os.WriteFile("x", nil, 0o755); exec.Command("x").Start() }',
    'func Write() { os.WriteFile("x", nil, 0) }\n\nfunc Run() { exec.Command("x").Run() }',
    {},
    {},
  ],
  [
    'secrets-sent-out',
    'func init() { send(os.Environ()) }\n\nfunc send([]string) { http.Post("x", "y", nil) }',
    'func Env() []string { return os.Environ() }\n\nfunc Get() { http.Get("x") }',
    {},
    {},
  ],
  [
    'hidden-command',
    'func F() { t := []string{"s", "h", "x"}; exec.Command(t[0] + t[1] + t[2]) }',
    'func F() { t := []string{"s", "h", "x"}; exec.Command(t[0]); _ = "a" + "b" + "c" }',
    {},
    {},
  ],
  [
    'go-sum-mismatch',
    '',
    '',
    { goSum: { status: 'mismatch', goMod: 'absent', source: 'go.sum:7' } },
    { goSum: { status: 'absent', goMod: 'absent', source: null } },
  ],
  [
    'checksum-database-mismatch',
    '',
    '',
    { sumdb: { ...NOT_ASKED, status: 'mismatch', goMod: 'match', database: 'sum.golang.org' } },
    { sumdb: { ...NOT_ASKED, status: 'match', goMod: 'mismatch', database: 'sum.golang.org' } },
  ],
  [
    'checksum-database-fork',
    '',
    '',
    { sumdb: { ...NOT_ASKED, status: 'fork', database: 'sum.golang.org', detail: 'd' } },
    { sumdb: { ...NOT_ASKED, status: 'absent', database: 'sum.golang.org', detail: 'd' } },
  ],
  [
    'archive-read-differently',
    '',
    '',
    { archive: { ...NOTHING.archive, deviations: [{ ...deviation, code: 'overlap' }] } },
    {
      archive: { ...NOTHING.archive, deviations: [{ ...deviation, code: 'archive-comment' }] },
    },
  ],
  [
    'archive-refused',
    '',
    '',
    {
      archive: {
        accepted: false,
        faults: [{ code: 'not-clean', index: 0, entry: 'x', detail: 'd' }],
        deviations: [],
        map: [],
      },
    },
    {},
  ],
  [
    'hidden-characters',
    '',
    '',
    { invisible: [{ ...hidden, kind: 'bidirectional' }] },
    { invisible: [{ ...hidden, file: 'a_test.go', kind: 'bidirectional' }] },
  ],
  [
    'subject-mismatch',
    '',
    '',
    { named: { path: 'example.com/other', version: 'v1.0.0' } },
    { named: null },
  ],
  [
    'known-malicious',
    '',
    '',
    { subject: { path: 'github.com/boltdb-go/bolt', version: 'v1.3.1' }, named: null },
    { subject: { path: 'github.com/boltdb/bolt', version: 'v1.3.1' }, named: null },
  ],
  [
    'system-call-on-import',
    'func init() { syscall.RawSyscall(59, 0, 0, 0) }',
    'func F() { syscall.Syscall(59, 0, 0, 0) }\n\nvar _ = syscall.Getpagesize()',
    {},
    {},
  ],
  [
    'build-time-command',
    '//#cgo LDFLAGS: -Wl,-plugin,evil.so\nimport "C"',
    '//go:generate stringer -type=T\ntype T int',
    {},
    {},
  ],
];

const OPTIONS = { settings: {}, findingsPerRule: 100 };
const graveOf = (facts: Facts, rule: string) =>
  detect(facts, OPTIONS).findings.filter(
    (finding) => finding.rule === rule && ['critical', 'high'].includes(finding.severity),
  );

test.each(ROWS)(
  '%s reports its sample and lets the innocent one be',
  async (rule, bad, good, badFacts, goodFacts) => {
    expect(graveOf(await factsOf(bad, badFacts), rule).length).toBeGreaterThan(0);
    expect(graveOf(await factsOf(good, goodFacts), rule)).toEqual([]);
  },
);

test.each([
  ['a tile of another tree', { refusal: 'inconsistent-tile' }, 1],
  ['a forged record', { refusal: 'unproven' }, 1],
  ['a bad signature', { refusal: 'invalid-signature' }, 1],
  ['a record without a line for the module', { status: 'absent', record: 5 }, 1],
  ['nobody there', { refusal: 'unreachable' }, 0],
  ['no record', { status: 'absent' }, 0],
  ['a key that is not known', { refusal: 'unknown-keys' }, 0],
] as const)('checksum-database-unproven with %s', async (_, answer, count) => {
  const sumdb = { ...NOT_ASKED, database: 'sum.golang.org', detail: 'd', ...answer };
  const { findings } = detect(await factsOf('', { sumdb }), OPTIONS);
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual(
    Array(count).fill(['checksum-database-unproven', 'medium']),
  );
});

const stepAt = (name: string, line: number) => ({
  function: name,
  file: 'a.go',
  line,
  column: 1,
});

test.each([
  ['credential', 'network', 'os.ReadFile', 1],
  ['environment', 'network', 'os.Environ', 1],
  ['environment', 'network', 'os.Getenv', 0],
  ['network', 'exec', 'net/http.Get', 1],
  ['network', 'file', 'net/http.Get', 0],
  ['file', 'network', 'os.ReadFile', 0],
] as const)('travelling-value: %s to %s from %s', async (source, sink, from, count) => {
  const flows = [{ source, sink, path: [stepAt(from, 1), stepAt('net/http.Post', 2)] }];
  const { findings } = detect(await factsOf('', { flows }), OPTIONS);
  expect(findings.map(({ rule, line }) => [rule, line])).toEqual(
    Array(count).fill(['travelling-value', 1]),
  );
});

const found = { file: 'a.go', line: 3, column: 2 };
const used = (name: string) => [{ function: name, ...found }];

test.each([
  ['http://drop.example/x', ['base64'], used('net/http.Get'), ['hidden-address']],
  ['drop.example:443', ['xor', 'bytes'], used('net.Dial'), ['hidden-address']],
  ['http://drop.example/x', ['concat'], used('net/http.Get'), []],
  ['http://drop.example/x', ['base64'], used('log.Print'), []],
  ['a plain text', ['base64'], used('net/http.Get'), []],
  ["sh -c 'a b'", ['base64', 'command'], used('os/exec.Command'), ['hidden-command']],
  ["sh -c 'a b'", ['gzip', 'format', 'command'], used('os/exec.Command'), ['hidden-command']],
  ['git status', ['index', 'command'], used('os/exec.Command'), []],
  ['git status', ['concat', 'format', 'command'], used('os/exec.Command'), []],
] as const)('texts that were followed: %s by %j', async (value, how, uses, rules) => {
  const facts = await factsOf('');
  const text = { ...found, value, how, uses, steps: [{ operation: 'index', ...found }] };
  const { findings } = detect({ ...facts, source: { ...facts.source, strings: [text] } }, OPTIONS);
  expect(findings.map(({ rule }) => rule)).toEqual(rules);
});

test('no-subject reports a module without a name', async () => {
  const found = detect(await factsOf('', { subject: null, named: null }), OPTIONS).findings;
  expect(found.map(({ rule }) => rule)).toEqual(['no-subject']);
});

test('every rule is tested above and says what it is for', () => {
  const others = ['no-subject', 'travelling-value', 'checksum-database-unproven', 'hidden-address'];
  const tested = new Set([...ROWS.map(([rule]) => rule), ...others]);
  expect(RULES.map(({ id }) => id)).toEqual([...tested].sort());
  for (const rule of RULES) {
    expect(
      rule.attack.every((id) => /^T\d{4}(\.\d{3})?$/.test(id)),
      rule.id,
    ).toBe(true);
    expect(
      rule.cwe.every((id) => /^CWE-\d+$/.test(id)),
      rule.id,
    ).toBe(true);
    expect(rule.description.length * rule.advice.length).toBeGreaterThan(0);
  }
});

test('a rule that throws is a gap that names it, and the others go on', async () => {
  const broken = {
    ...RULES[0]!,
    id: 'broken',
    check: () => {
      throw new Error('oops');
    },
  };
  const { findings, gaps } = detect(await factsOf('', { subject: null, named: null }), OPTIONS, [
    broken,
    ...RULES,
  ]);
  expect(gaps).toMatchObject([{ code: 'rule-failed', detail: 'broken: Error: oops' }]);
  expect(findings).toHaveLength(1);
});

test('a profile turns rules off, changes their severity, and bounds their findings', async () => {
  const facts = await factsOf(
    'func init() { exec.Command("x"); exec.Command("y"); exec.Command("z") }',
  );
  expect(
    detect(facts, { ...OPTIONS, settings: { 'exec-on-import': { enabled: false } } }).findings,
  ).toEqual([]);
  const mild = detect(facts, {
    settings: { 'exec-on-import': { enabled: true, severity: 'low' } },
    findingsPerRule: 2,
  }).findings;
  expect(mild.map(({ severity }) => severity)).toEqual(['low', 'low']);
  expect(mild[1]?.message).toContain('and 1 more of this rule');
});

const gap = { code: 'too-large', file: 'a.go', line: 1, detail: 'd' } as const;
const limit = (onImport: boolean) =>
  ({ code: 'cgo', file: 'a.go', line: 1, onImport, detail: 'd' }) as const;
const finding = (severity: string, confidence: string) =>
  ({
    rule: 'r',
    title: 't',
    severity,
    confidence,
    message: 'm',
    file: null,
    line: null,
  }) as unknown as Parameters<typeof judge>[0][number];

test.each([
  ['nothing', [], [], [], 'off-import', 'clean'],
  [
    'a critical finding of high confidence',
    [finding('critical', 'high')],
    [gap],
    [],
    'off-import',
    'malicious',
  ],
  [
    'a critical finding of medium confidence',
    [finding('critical', 'medium')],
    [],
    [],
    'off-import',
    'suspicious',
  ],
  ['a high finding', [finding('high', 'low')], [gap], [], 'off-import', 'suspicious'],
  ['a medium finding', [finding('medium', 'high')], [], [], 'off-import', 'clean'],
  ['a gap', [finding('low', 'high')], [gap], [], 'all', 'inconclusive'],
  ['a limit on import, strict', [], [], [limit(true)], 'off-import', 'inconclusive'],
  ['a limit elsewhere, strict', [], [], [limit(false)], 'off-import', 'clean'],
  ['a limit elsewhere, compliance', [], [], [limit(false)], 'none', 'inconclusive'],
  ['a limit on import, triage', [], [], [limit(true)], 'all', 'clean'],
] as const)('judge() with %s', (_, findings, gaps, limits, accepted, verdict) => {
  const judged = judge(findings, { gaps, limits }, accepted);
  expect(judged.verdict).toBe(verdict);
  expect(judged.reasons.length).toBeGreaterThan(0);
});

test('bytes under the name of a text are worth a look where code reads them', async () => {
  const text = { ...plain, kind: 'binary', format: 'data', promises: 'text' } as const;
  const severities = async (use: 'embedded' | 'none') =>
    detect(await factsOf('', { files: [{ ...text, use }] }), OPTIONS)
      .findings.filter(({ rule }) => rule === 'disguised-file')
      .map(({ severity }) => severity);
  expect(await severities('embedded')).toEqual(['medium']);
  expect(await severities('none')).toEqual([]);
});
