import { judgeReach, onImportWords } from '../certainty.ts';
import { placeOfUse } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Importing the package starts a program: no library needs this. */
export const execOnImport: Rule = {
  id: 'exec-on-import',
  title: 'Starts a program when imported',
  description:
    'A call that starts a program is reached from a package variable or an init function of a package that others can import. It cannot tell a harmless program from a harmful one.',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1059', 'T1195.002'],
  cwe: ['CWE-506'],
  advice:
    'Do not build or import the module. Read the call path from the initialiser to the program that is started.',
  check(facts) {
    return facts.source.uses.flatMap((use) => {
      if (use.capability !== 'EXEC' || use.trigger !== 'import' || use.reach === null) return [];
      const judged = judgeReach(facts, use.reach, use.path);
      if (judged === undefined) return [];
      const message = `${onImportWords(use.reach)} reaches ${use.symbol}, which starts a program`;
      return [
        {
          ...judged,
          message,
          ...placeOfUse(use),
          callPath: [...use.path, { function: use.symbol }],
        },
      ];
    });
  },
};
