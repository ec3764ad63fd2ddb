import { expect, test } from 'vitest';
import type { EvidenceBundle } from '#evidence';
import { modulePurl, renderMarkdown, renderText } from '#report';
import { NOT_ASKED } from '#sumdb';
import { defang } from '../../../src/report/defang.ts';

test.each([
  [
    'github.com/GoogleCloudPlatform/omega',
    'v1.0.0+incompatible',
    'pkg:golang/github.com/GoogleCloudPlatform/omega@v1.0.0%2Bincompatible',
  ],
  ['example.com/é', 'v1.0.0', 'pkg:golang/example.com/%C3%A9@v1.0.0'],
])('modulePurl() of %s', (path, version, purl) => {
  expect(modulePurl(path, version)).toBe(purl);
});

const HOSTILE = '\u001b[2J\u202e](http://evil.example) <script> `x` | # *b* $(id)';
const bundle = {
  format: 'glovebox-evidence/1',
  subject: {
    path: 'example.com/m',
    version: 'v1.0.0',
    zip: { size: 1, sha256: 'a'.repeat(64) },
    h1: null,
    goModH1: null,
  },
  profile: { name: 'strict', sha256: 'b' },
  tools: { glovebox: '0', rules: 'c', grammar: 'd', standardLibrary: { go: '1', sha256: 'e' } },
  verdict: 'malicious',
  reasons: [HOSTILE],
  integrity: {
    zip: {
      accepted: false,
      faults: [],
      deviations: [],
      map: [{ kind: 'smuggled', offset: 1, length: 2, index: 0, entries: 0, entry: HOSTILE }],
    },
    goSum: { status: 'unchecked', goMod: 'unchecked', source: HOSTILE },
    sumdb: {
      ...NOT_ASKED,
      status: 'mismatch',
      database: HOSTILE,
      record: 1,
      treeSize: 2,
      key: HOSTILE,
      root: HOSTILE,
      logged: { h1: HOSTILE, goModH1: HOSTILE },
      fork: { older: HOSTILE, newer: HOSTILE, root: HOSTILE, proof: [HOSTILE] },
      detail: HOSTILE,
    },
  },
  facts: {
    files: [
      {
        path: HOSTILE,
        size: 1,
        sha256: 'f',
        kind: 'archive',
        format: 'zip',
        use: 'none',
        promises: 'png',
        inside: { files: [{ path: HOSTILE, size: 1, format: 'text' }], count: 1, end: 'cut' },
        trailing: { offset: 1, size: 2, format: 'elf' },
        constraint: null,
        embeddedBy: [],
      },
    ],
    packages: [],
    capabilities: [],
    uses: [],
    combinations: [],
    onImport: [],
    directives: [],
    strings: [
      {
        file: HOSTILE,
        line: 1,
        column: 1,
        value: `http://evil.example/${HOSTILE}`,
        how: ['base64'],
        code: HOSTILE,
        uses: [{ function: HOSTILE, file: HOSTILE, line: 1, column: 1 }],
      },
    ],
    invisible: [],
    indicators: [
      { kind: 'url', value: 'http://evil.example/x', file: HOSTILE, line: 1, decoded: false },
      { kind: 'host', value: 'c2.evil.example', file: HOSTILE, line: 0, decoded: true, offset: 7 },
    ],
    flows: [
      {
        source: 'credential',
        sink: 'network',
        path: [
          { function: HOSTILE, file: HOSTILE, line: 1, column: 1 },
          { function: HOSTILE, file: HOSTILE, line: 2, column: 1 },
        ],
      },
    ],
    gates: [{ kind: 'ci', file: HOSTILE, line: 1, guards: 'EXEC', function: HOSTILE }],
    dependencies: [{ path: HOSTILE, version: 'v1', direct: true, h1: null, replace: null }],
    sandbox: {
      decoys: [],
      decoyReads: [],
      changes: [
        { path: `/tmp/${HOSTILE}`, change: 'created', kind: 'file', sha256: 'ab', size: 1 },
      ],
    },
  },
  findings: [
    {
      rule: 'r',
      title: 'T',
      severity: 'critical',
      confidence: 'high',
      message: HOSTILE,
      file: HOSTILE,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      excerpt: `\`\`\`\n${HOSTILE}`,
      trigger: 'import',
      callPath: [{ function: HOSTILE }],
      value: HOSTILE,
      attack: [],
      cwe: [],
      advice: 'a',
    },
  ],
  gaps: [],
  limits: [],
  audit: { records: 0, stacks: 0, digest: '' },
} as unknown as EvidenceBundle;

test('nothing that the suspect wrote acts in the Markdown report', () => {
  const text = new TextDecoder().decode(renderMarkdown(bundle));
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text).not.toContain('http://evil.example');
  expect(text).not.toContain('c2.evil.example');
  expect(text).toContain('zip, named as png, holds 1, cut, then 2 bytes of elf');
  const outsideCode = text
    .replace(/(`{3,})(?:go)?\n[\s\S]*?\n\1/g, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
  expect(outsideCode).not.toMatch(/<script>|\]\(|\*b\*|\$\(/);
});

test('an indicator stands once in the Markdown report, hidden ones first', () => {
  const at = (value: string, file: string, line: number, decoded = false) => ({
    kind: 'url' as const,
    value,
    file,
    line,
    decoded,
  });
  const indicators = [
    at('https://a.example/', 'README.md', 1),
    at('https://b.example/', 'a.go', 2),
    at('https://a.example/', 'README.md', 3),
    at('https://c.example/', 'b.go', 4, true),
  ];
  const facts = { ...bundle.facts, files: [], indicators };
  const text = new TextDecoder().decode(renderMarkdown({ ...bundle, facts }));
  const rows = text.match(/^\| url .*$/gm)?.map((row) => row.replaceAll('`', ''));
  expect(rows).toEqual([
    '| url | hxxps://c[.]example/ | yes | b.go:4 |  |',
    '| url | hxxps://a[.]example/ |  | README.md:1 | 1 |',
    '| url | hxxps://b[.]example/ |  | a.go:2 |  |',
  ]);
});

test('nothing that the suspect wrote acts on the terminal', () => {
  const text = renderText(bundle, { color: false, width: 80 });
  expect(text).not.toMatch(/[\u001b\u202e]|http:\/\/evil/);
  expect(renderText(bundle, { color: true, width: 80 })).toContain(
    '\u001b[1;31mMALICIOUS\u001b[0m',
  );
});

test('defang() costs a long word its length', () => {
  const word = 'x'.repeat(400_000);
  expect(defang(`${word}.y //${word}.z https://a.b/c.d ///e.f`)).toBe(
    `${word}.y //${word}[.]z hxxps://a[.]b/c.d ///e[.]f`,
  );
});

test.each([
  ['accepted', { accepted: true, faults: [] }, 'accepted by the go command', 'cannot compute one'],
  ['cut', { accepted: false, faults: [] }, 'not read to its end', 'not read to its end'],
  [
    'refused',
    { accepted: false, faults: [{ code: 'duplicate', index: 0, entry: 'a', detail: 'd' }] },
    'refused by the go command (1 fault)',
    'cannot compute one',
  ],
])('an archive that is %s is said to be so', (_, zip, archive, h1) => {
  const integrity = { ...bundle.integrity, zip: { ...bundle.integrity.zip, ...zip } };
  const shown = { ...bundle, integrity } as unknown as EvidenceBundle;
  const text = renderText(shown, { color: false, width: 100 });
  expect(text).toContain(`archive    ${archive}`);
  expect(text.split('\n').find((line) => line.startsWith('  h1'))).toContain(h1);
  expect(new TextDecoder().decode(renderMarkdown(shown))).toContain(archive);
});
