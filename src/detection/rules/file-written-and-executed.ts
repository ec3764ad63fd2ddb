import { judgeCombination } from '../combination.ts';
import type { Rule } from '../rule.ts';

/** A function that writes a file and starts a program: how droppers work. */
export const fileWrittenAndExecuted: Rule = {
  id: 'file-written-and-executed',
  title: 'Writes a file and starts a program',
  description:
    'One function writes or makes executable a file and starts a program, itself or through functions it calls. Whether the file is the program is not followed; generators of code do the same.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1105', 'T1059'],
  cwe: ['CWE-506', 'CWE-494'],
  advice: 'Compare the path that is written with the program that is started.',
  check: (facts) =>
    judgeCombination(
      facts,
      ['file-write', 'exec'],
      (first, second) => `writes a file (${first}) and starts a program (${second})`,
    ),
};
