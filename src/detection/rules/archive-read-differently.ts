import type { Severity } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Deviations that change what is read, and those that only could. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  'archive-comment': 'medium',
  'symbolic-link': 'medium',
  'unchecked-crc': 'medium',
  'local-header': 'medium',
};

/** Two programs can see different files in the archive: how payloads hide from scanners. */
export const archiveReadDifferently: Rule = {
  id: 'archive-read-differently',
  title: 'Two readers see different archives',
  description:
    'The archive has overlaps, gaps, hidden bytes or headers that contradict each other, or a second reader sees other entries than Go. The go command never writes such a zip.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1027', 'T1036'],
  cwe: ['CWE-436'],
  advice: 'Do not trust what other scanners said of this file. Look at the bytes at the offset.',
  check: ({ archive }) =>
    archive.deviations.map(({ code, entry, offset, length, detail }) => {
      const place =
        offset === null ? '' : ` at byte ${offset}${length === null ? '' : `, ${length} bytes`}`;
      return {
        message: `${code}${place}: ${detail}`,
        severity: SEVERITY[code] ?? 'high',
        file: entry,
      };
    }),
};
