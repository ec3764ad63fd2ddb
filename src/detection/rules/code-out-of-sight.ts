import type { FileFact } from '../facts.ts';
import type { Observation, Rule } from '../rule.ts';

const CODE = new Set(['go', 'assembly', 'c', 'header']);

function sightingsOf({
  path,
  kind,
  use,
  blankRun,
  emptyLines,
  generated,
}: FileFact): readonly Observation[] {
  if (!CODE.has(kind)) return [];
  const found: Observation[] = [];
  const severity =
    use === 'built' && generated === undefined ? ('high' as const) : ('low' as const);
  if (blankRun !== undefined) {
    const { line, column, length } = blankRun;
    const message = `${length} blanks stand before the rest of the line`;
    found.push({ file: path, line, column, severity, message });
  }
  if (emptyLines !== undefined) {
    const { line, length } = emptyLines;
    found.push({
      file: path,
      line,
      severity,
      message: `${length} empty lines stand before the rest of the file`,
    });
  }
  return found;
}

/** Blanks that push code out of the window of whoever reads it. */
export const codeOutOfSight: Rule = {
  id: 'code-out-of-sight',
  title: 'Pushes code out of sight',
  description:
    'A long run of blanks or empty lines stands before code, so that an editor or a diff does not show it. Aligned tables and templates have long runs as well.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1027'],
  cwe: ['CWE-506'],
  advice: 'Format the file with gofmt and read what stands behind the blanks.',
  check: ({ files }) => files.flatMap(sightingsOf),
};
