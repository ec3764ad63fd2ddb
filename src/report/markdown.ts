import { encodeUtf8, printable, printableLines } from '#base';
import type { FileFact, Finding } from '#detection';
import type { EvidenceBundle } from '#evidence';
import { defang } from './defang.ts';
import { weightOfFlow } from './flows.ts';
import { textsInClear } from './in-clear.ts';
import { groupIndicators } from './indicators.ts';
import { acceptanceOf, chainOf, drawMap, hasOddMap, missingH1 } from './integrity.ts';
import { importedInitialisers } from './on-import.ts';

const MOST_ROWS = 200;

/** Suspect text inside a sentence: nothing in it is markup, a link or an address to click. */
function text(value: string): string {
  return defang(printable(value)).replace(
    /[\\`*_{}[\]<>|~&$]/g,
    (char) => `&#${char.charCodeAt(0)};`,
  );
}

/** Suspect text as code on one line; the fence is longer than any run of backticks in it. */
function code(value: string): string {
  const content = defang(printable(value)).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${content}\`` : `${fence} ${content} ${fence}`;
}

function codeBlock(value: string, language = 'go'): string {
  const content = defang(printableLines(value));
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, MOST_ROWS).map(line);
  const left = rows.length - shown.length;
  const more = left > 0 ? `\n\n${left} more in \`evidence.json\`.` : '';
  return `${[line(head), line(head.map(() => '---')), ...shown].join('\n')}${more}`;
}

function place({
  file,
  line,
  column,
}: {
  file?: string | null | undefined;
  line?: number | null | undefined;
  column?: number | null | undefined;
}): string {
  if (file === null || file === undefined) return '';
  return code([file, line, column].filter((part) => part !== null && part !== undefined).join(':'));
}

/** Of a file without lines, the byte. */
function placeIn({
  file,
  line,
  offset,
}: {
  readonly file: string;
  readonly line: number;
  readonly offset?: number;
}): string {
  return offset === undefined ? place({ file, line }) : `${code(file)} byte ${offset}`;
}

function findingSection(finding: Finding): string {
  const at = place(finding);
  const steps = finding.callPath.map((step, i) =>
    `${i + 1}. ${code(step.function)} ${place(step)}`.trimEnd(),
  );
  return [
    `### ${text(finding.title)}`,
    `**${finding.severity}**, ${finding.confidence} confidence, rule \`${finding.rule}\`, trigger: ${finding.trigger}${at === '' ? '' : `, at ${at}`}`,
    text(finding.message),
    finding.excerpt === null ? '' : codeBlock(finding.excerpt),
    finding.value === null ? '' : `Value: ${code(finding.value)}`,
    steps.length === 0 ? '' : `How it is reached:\n\n${steps.join('\n')}`,
    `ATT&CK ${finding.attack.join(', ')}; ${finding.cwe.join(', ')}`,
    `What to do: ${text(finding.advice)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What a file is by its content, and what stands out in it. */
function contentOf({ format, promises, inside, trailing, packing }: FileFact): string {
  return [
    text(format),
    ...(promises === undefined ? [] : [`named as ${text(promises)}`]),
    ...(inside === undefined ? [] : [`holds ${inside.count}${WHOLE[inside.end]}`]),
    ...(trailing === undefined ? [] : [`then ${trailing.size} bytes of ${text(trailing.format)}`]),
    ...(packing === undefined ? [] : [packing]),
  ].join(', ');
}

const WHOLE = {
  whole: '',
  cut: ', cut',
  damaged: ', damaged',
  closed: ', not all opened',
} as const;

function clearSection(evidence: EvidenceBundle): string {
  const { texts, more } = textsInClear(evidence);
  if (texts.length === 0) return '';
  const rows = texts.map((one) => [
    code(one.place),
    code(one.code),
    code(one.value),
    text(one.origin),
  ]);
  const rest = more > 0 ? `\n\n${more} more in \`evidence.json\`.` : '';
  return `${table(['place', 'code', 'is', 'how'], rows)}${rest}`;
}

function flowSection(flows: EvidenceBundle['facts']['flows']): string {
  if (flows.length === 0) return '';
  const sorted = flows.toSorted((a, b) => weightOfFlow(b) - weightOfFlow(a));
  return table(
    ['from', 'to', 'begins', 'ends', 'steps'],
    sorted.map(({ source, sink, path }) => [
      source,
      sink,
      path[0] === undefined ? '' : `${code(path[0].function)} ${place(path[0])}`,
      path.length === 0 ? '' : `${code(path.at(-1)?.function ?? '')} ${place(path.at(-1) ?? {})}`,
      String(path.length),
    ]),
  );
}

function integritySection(evidence: EvidenceBundle): string {
  const { integrity, subject } = evidence;
  const { zip, goSum, sumdb } = integrity;
  const rows = [
    ['zip', `${subject.zip.size} bytes, SHA-256 ${code(subject.zip.sha256)}`],
    ['h1', subject.h1 === null ? missingH1(zip) : code(subject.h1)],
    ['go.mod h1', subject.goModH1 === null ? 'no go.mod' : code(subject.goModH1)],
    ['archive', acceptanceOf(zip)],
    ['go.sum', goSum.source === null ? goSum.status : `${goSum.status} (${text(goSum.source)})`],
    [
      'checksum database',
      sumdb.database === null ? 'not asked' : `${sumdb.status} (${text(sumdb.database)})`,
    ],
  ];
  const chain = chainOf(subject, sumdb).map(([link, detail]) => [link, code(detail)]);
  const map = drawMap(zip, (name) => printable(name)).join('\n');
  return [
    table(['what', 'result'], rows),
    sumdb.database === null
      ? ''
      : `From the bytes to the key:\n\n${table(['link', 'what it says'], chain)}`,
    sumdb.fork === null
      ? ''
      : `Two signed heads of one log that contradict each other:\n\n${codeBlock(sumdb.fork.older, '')}\n\n${codeBlock(sumdb.fork.newer, '')}\n\nThe newer tree gives the older size the root ${code(sumdb.fork.root)}, by the proof:\n\n${codeBlock(sumdb.fork.proof.join('\n'), '')}`,
    zip.deviations.length > 0 || hasOddMap(zip)
      ? `The layout of the archive:\n\n${codeBlock(map, '')}`
      : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

/** How the examination was shut in. */
export interface Protections {
  readonly level: string;
  readonly detail: string;
  /** Better ones that the machine did not give. */
  readonly missed: readonly { readonly level: string; readonly reason: string }[];
}

function protectionsSection({ level, detail, missed }: Protections): string {
  const others = missed.map((other) => `- not ${text(other.level)}: ${text(other.reason)}`);
  return [`**${text(level)}**: ${text(detail)}`, others.join('\n')].filter(Boolean).join('\n\n');
}

function sandboxSection({ facts, audit }: EvidenceBundle): string {
  const { decoys, decoyReads, changes } = facts.sandbox;
  const summary = `${audit.records} accesses along ${audit.stacks} code paths, ${decoys.length} decoys planted, ${decoyReads.length} read.`;
  if (changes.length === 0) return `${summary} Nothing was changed.`;
  const rows = changes
    .slice(0, MOST_ROWS)
    .map(({ change, kind, path, sha256 }) => [change, kind, code(path), code(sha256 ?? '')]);
  return `${summary}\n\n${table(['change', 'kind', 'path', 'sha256'], rows)}`;
}

/** The report as Markdown, for a ticket. All numbers and names come from the evidence. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the table of contents of the report.
export function renderMarkdown(evidence: EvidenceBundle, protections?: Protections): Uint8Array {
  const { subject, facts, findings, gaps, limits, audit, tools, profile } = evidence;
  const name = subject.path === null ? 'an unnamed module' : `${subject.path}@${subject.version}`;
  const capabilities = facts.capabilities.map((found) => [
    found.capability,
    code(found.function),
    found.onImport ? (found.reach ?? 'yes') : '',
    place(found.path.at(-2) ?? found.path[0] ?? {}),
    code(found.path.at(-1)?.function ?? ''),
  ]);
  const onImport = importedInitialisers(evidence);
  const parts = [
    `# ${text(name)}: ${evidence.verdict}`,
    evidence.reasons.map((reason) => `- ${text(reason)}`).join('\n'),
    section('Integrity', integritySection(evidence)),
    section('Findings', findings.slice(0, MOST_ROWS).map(findingSection).join('\n\n') || 'None.'),
    section(
      'What runs on import',
      onImport.length === 0
        ? 'Nothing.'
        : table(
            ['package', 'kind', 'place'],
            onImport.map((found) => [code(found.package), found.kind, place(found)]),
          ),
    ),
    section(
      'Capabilities',
      capabilities.length === 0
        ? 'None.'
        : table(['capability', 'function', 'on import', 'place', 'through'], capabilities),
    ),
    section(
      'Not seen',
      gaps.length === 0
        ? 'Everything was read.'
        : table(
            ['code', 'place', 'detail'],
            gaps.map((gap) => [gap.code, place(gap), text(gap.detail)]),
          ),
    ),
    section(
      'Cannot be followed',
      limits.length === 0
        ? ''
        : table(
            ['code', 'on import', 'place', 'detail'],
            limits.map((limit) => [
              limit.code,
              limit.onImport ? 'yes' : '',
              place(limit),
              text(limit.detail),
            ]),
          ),
    ),
    section('Protections', protections === undefined ? '' : protectionsSection(protections)),
    section('Sandbox', sandboxSection(evidence)),
    section('Texts in clear', clearSection(evidence)),
    section('Flows', flowSection(facts.flows)),
    section(
      'Conditions on the surroundings',
      facts.gates.length === 0
        ? ''
        : table(
            ['asks for', 'guards', 'function', 'place'],
            facts.gates.map((gate) => [gate.kind, gate.guards, code(gate.function), place(gate)]),
          ),
    ),
    section(
      'Indicators',
      facts.indicators.length === 0
        ? ''
        : table(
            ['kind', 'value', 'hidden', 'place', 'more places'],
            groupIndicators(evidence).map(({ first, places }) => [
              first.kind,
              code(first.kind === 'host' ? first.value.replaceAll('.', '[.]') : first.value),
              first.decoded ? 'yes' : '',
              placeIn(first),
              places > 1 ? String(places - 1) : '',
            ]),
          ),
    ),
    section(
      'Dependencies',
      facts.dependencies.length === 0
        ? ''
        : table(
            ['module', 'version', 'direct'],
            facts.dependencies.map((found) => [
              code(found.path),
              code(found.version),
              found.direct ? 'yes' : '',
            ]),
          ),
    ),
    section(
      'Files',
      table(
        ['path', 'kind', 'content', 'use', 'bytes', 'SHA-256'],
        facts.files.map((file) => [
          code(file.path),
          file.kind,
          contentOf(file),
          file.use,
          String(file.size),
          `\`${file.sha256}\``,
        ]),
      ),
    ),
    section(
      'How this was examined',
      `Glovebox ${tools.glovebox}, profile ${profile.name} (\`${profile.sha256}\`), rules \`${tools.rules}\`, standard library of Go ${tools.standardLibrary.go}. ${audit.records} file accesses by ${audit.stacks} code paths, RFC 6962 root \`${audit.digest}\`. Verify with \`glovebox check\` on this folder.`,
    ),
  ];
  return encodeUtf8(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
}
