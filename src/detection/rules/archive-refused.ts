import type { Rule } from '../rule.ts';

/** The go command does not unpack the archive. */
export const archiveRefused: Rule = {
  id: 'archive-refused',
  title: 'Is refused by the go command',
  description:
    'The archive breaks a rule of module zips; each reason is one finding, in the words of the go command.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1036'],
  cwe: ['CWE-20', 'CWE-22'],
  advice: 'No build can have used this archive as it is. Find out who made it, and for which tool.',
  check: ({ archive }) =>
    archive.faults.map(({ code, entry, detail }) => ({
      message: `${code}: ${detail}`,
      file: entry,
    })),
};
