import { judgeReach, onImportWords } from '../certainty.ts';
import { placeOfUse } from '../place.ts';
import type { Rule } from '../rule.ts';

/** Calls that take the number of a system call, and so can be any. */
const RAW = /^(syscall|golang\.org\/x\/sys\/(unix|windows))\.(Raw)?Syscall\d*(NoError|N)?$/;

/** Importing the package makes a system call by its number: a program can be started that way too. */
export const systemCallOnImport: Rule = {
  id: 'system-call-on-import',
  title: 'Makes a raw system call when imported',
  description:
    'A system call by number is reached from a package variable or an init function. Which one it is cannot be told; it can start a program or open a connection without any package for it.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1106'],
  cwe: ['CWE-506'],
  advice: 'Find out which number is called, and what for at that moment.',
  check(facts) {
    return facts.source.uses.flatMap((use) => {
      if (!RAW.test(use.symbol) || use.trigger !== 'import' || use.reach === null) return [];
      const judged = judgeReach(facts, use.reach, use.path);
      if (judged === undefined) return [];
      const severity = use.reach === 'called' && judged.severity !== 'medium' ? 'high' : 'medium';
      const message = `${onImportWords(use.reach)} reaches ${use.symbol}, which can be any system call`;
      return [
        {
          severity,
          message,
          ...placeOfUse(use),
          callPath: [...use.path, { function: use.symbol }],
        },
      ];
    });
  },
};
