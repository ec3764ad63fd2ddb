import type { Rule } from '../rule.ts';

/** The archive says another module or version than was stated. */
export const subjectMismatch: Rule = {
  id: 'subject-mismatch',
  title: 'Is another module than stated',
  description: 'The path and version in the names of the entries are not the ones given with --as.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1036', 'T1195.002'],
  cwe: ['CWE-345'],
  advice: 'Find out under which name the file was served and asked for.',
  check({ subject, named }) {
    if (subject === null || named === null) return [];
    if (subject.path === named.path && subject.version === named.version) return [];
    return [
      {
        message: `Stated as ${subject.path}@${subject.version}, but the entries say ${named.path}@${named.version}`,
      },
    ];
  },
};
