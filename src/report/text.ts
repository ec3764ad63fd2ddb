import { cutText, printable } from '#base';
import { type Finding, SEVERITIES } from '#detection';
import type { EvidenceBundle } from '#evidence';
import { summarizeCapabilities } from './capabilities.ts';
import { defang } from './defang.ts';
import { tellingFlows } from './flows.ts';
import { textsInClear } from './in-clear.ts';
import { acceptanceOf, databaseLinks, drawMap, hasOddMap, missingH1 } from './integrity.ts';
import { importedInitialisers } from './on-import.ts';

/** How the text is laid out. */
export interface TextOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const COLORS: Readonly<Record<string, string>> = {
  malicious: '1;31',
  suspicious: '1;33',
  inconclusive: '1;36',
  clean: '1;32',
  critical: '31',
  high: '33',
  medium: '36',
  dim: '2',
};
const MOST_FINDINGS = 6;
const MOST_LINES = 3;

function createPainter(color: boolean) {
  return (word: string, text: string) =>
    color && COLORS[word] !== undefined ? `\u001b[${COLORS[word]}m${text}\u001b[0m` : text;
}

/** The same rule and place, read once, are enough on a screen; without a line, the message is the place. */
function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, message }) => {
    const key = `${rule}\0${file}\0${line ?? message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function placeOf({ file, line }: Finding): string {
  return file === null ? '' : line === null ? file : `${file}:${line}`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function countBySeverity(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map(
    (severity) =>
      [severity, findings.filter((finding) => finding.severity === severity).length] as const,
  );
  return (
    counts
      .filter(([, count]) => count > 0)
      .map(([severity, count]) => `${count} ${severity}`)
      .join(', ') || 'none'
  );
}

/** Breaks a text between words; at most three lines, each behind `indent` spaces. */
function wrap(text: string, width: number, indent: number): readonly string[] {
  const room = Math.max(30, width - indent);
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room && lines.length < MOST_LINES - 1) {
    const space = rest.lastIndexOf(' ', room);
    // A hash or key behind a few words goes to a line of its own, whole where it fits.
    const cut = space > room / 5 ? space : room;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, cutText(rest, room)].map((line) => ' '.repeat(indent) + line);
}

/** The chain from the zip's h1 to the key of the checksum database; nothing where none was asked. */
function sumdbLines(
  evidence: EvidenceBundle,
  fill: (text: string, indent: number) => readonly string[],
): readonly string[] {
  const { database, status } = evidence.integrity.sumdb;
  if (database === null) return [];
  const links = databaseLinks(evidence.integrity.sumdb);
  return [
    `  database   ${status}`,
    ...links.flatMap(([link, detail]) => fill(`${link}: ${detail}`, 11)),
  ];
}

/** What the code hides, in clear beside the code. */
function clearLines(
  evidence: EvidenceBundle,
  fill: (text: string, indent: number) => readonly string[],
): readonly string[] {
  const { texts, more } = textsInClear(evidence);
  const lines = texts.flatMap(({ place, code, value, origin }) => [
    ...fill(`${place}  ${code}`, 13),
    ...fill(`= ${value}`, 15),
    ...(origin === '' ? [] : fill(`  ${origin}`, 15)),
  ]);
  if (more > 0)
    lines.push(`             and ${plural(more, 'more text', 'more texts')} in evidence.json`);
  return lines.map((line, i) => (i === 0 ? line.replace(/^ {13}/, '  in clear   ') : line));
}

/** The values that travel from a secret out, or from outside into what runs. */
function flowLines(
  evidence: EvidenceBundle,
  fill: (text: string, indent: number) => readonly string[],
): readonly string[] {
  const { flows, more } = tellingFlows(evidence);
  const lines = flows.flatMap(({ what, from, to }) => [
    ...fill(`${what}: ${from}`, 13),
    ...fill(`> ${to}`, 15),
  ]);
  if (more > 0)
    lines.push(`             and ${plural(more, 'more flow', 'more flows')} in evidence.json`);
  return lines.map((line, i) => (i === 0 ? line.replace(/^ {13}/, '  flows      ') : line));
}

/** The lines a responder sees first: verdict, reasons, where, what next. Suspect text is printable. */
export function renderText(evidence: EvidenceBundle, options: TextOptions): string {
  const { subject, verdict, integrity, findings, gaps, limits } = evidence;
  const paint = createPainter(options.color);
  const safe = (text: string) => defang(printable(text));
  const clip = (text: string, indent = 0) =>
    cutText(safe(text), Math.max(40, options.width - indent));
  const fill = (text: string, indent: number) => wrap(safe(text), options.width, indent);
  const name = subject.path === null ? 'an unnamed module' : `${subject.path}@${subject.version}`;
  const grave = distinctFindings(
    findings.filter(({ severity }) => severity !== 'info' && severity !== 'low'),
  );
  const sum = integrity.goSum.status === 'unchecked' ? 'not compared' : integrity.goSum.status;
  const can = summarizeCapabilities(evidence, Math.max(40, options.width - 13));
  const lines = [
    `${paint(verdict, verdict.toUpperCase())}  ${clip(name, verdict.length + 2)}`,
    '',
    ...grave.slice(0, MOST_FINDINGS).flatMap((finding) => {
      const place = placeOf(finding);
      return [
        `  ${paint(finding.severity, finding.severity.padEnd(8))} ${clip(finding.title, 12)}`,
        ...fill(finding.message, 11),
        ...(place === '' ? [] : [`           ${paint('dim', `at ${clip(place, 15)}`)}`]),
        ...(finding.value === null || finding.message.includes(finding.value)
          ? []
          : fill(`value: ${finding.value}`, 11)),
      ];
    }),
    ...(grave.length > MOST_FINDINGS
      ? [`  and ${grave.length - MOST_FINDINGS} more in report.md`]
      : []),
    ...(grave.length === 0
      ? evidence.reasons.slice(0, MOST_FINDINGS).flatMap((reason) => fill(reason, 2))
      : []),
    '',
    `  archive    ${acceptanceOf(integrity.zip)}, go.sum: ${sum}`,
    ...sumdbLines(evidence, fill),
    `  h1         ${subject.h1 ?? missingH1(integrity.zip)}`,
    ...fill(
      `${plural(importedInitialisers(evidence).length, 'initialiser runs', 'initialisers run')} code${can.onImport === '' ? '' : `, which can reach ${can.onImport}`}`,
      13,
    ).map((line, i) => (i === 0 ? line.replace(/^ {13}/, '  on import  ') : line)),
    ...can.packages.map((line, i) => `  ${i === 0 ? 'can do   ' : '         '}  ${defang(line)}`),
    ...clearLines(evidence, fill),
    ...flowLines(evidence, fill),
    `  findings   ${countBySeverity(findings)}`,
    `  not seen   ${gaps.length === 0 ? 'nothing' : plural(gaps.length, 'gap', 'gaps')}${limits.length === 0 ? '' : `, ${plural(limits.length, 'place', 'places')} the method cannot follow`}`,
  ];
  if (hasOddMap(integrity.zip)) {
    lines.push(
      '',
      '  layout of the archive',
      ...drawMap(integrity.zip, safe).map((line) => cutText(line, options.width)),
    );
  }
  const advice = grave[0]?.advice;
  if (advice !== undefined) lines.push('', ...fill(`next: ${advice}`, 2));
  return `${lines.join('\n')}\n`;
}
