import { judgeReach, onImportWords } from '../certainty.ts';
import { placeOfUse } from '../place.ts';
import type { Rule } from '../rule.ts';

const MAKES = /^os\/exec\.(Command|CommandContext|Cmd)$/;
const RUNS = /^os\/exec\.Cmd\./;

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
    const uses = facts.source.uses.filter(
      ({ capability, trigger, reach }) =>
        capability === 'EXEC' && trigger === 'import' && reach !== null,
    );
    const makers = new Set(
      uses.filter(({ symbol }) => MAKES.test(symbol)).map((use) => use.function),
    );
    return uses.flatMap((use) => {
      // What is done with a command is said with the command.
      const isSaid = makers.has(use.function) && RUNS.test(use.symbol);
      if (use.reach === null || isSaid) return [];
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
