import { judgeCombination } from '../combination.ts';
import type { Rule } from '../rule.ts';

/** A function that puts a string together from single places of a table and starts a program. */
export const hiddenCommand: Rule = {
  id: 'hidden-command',
  title: 'Hides the command that it runs',
  description:
    'A string is put together from single places of a constant table, in a function that starts a program. Honest code has no reason to write a command that way.',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1027', 'T1059'],
  cwe: ['CWE-506'],
  advice: 'Read the value: it is what the code passes on. Treat the module as hostile.',
  check: (facts) =>
    judgeCombination(
      facts,
      ['assembled', 'exec'],
      (first, second) => `puts together ${first} from a table and starts a program (${second})`,
    ).map((observation) => {
      const built = facts.source.strings.find((found) => found.file === observation.file);
      // Hiding is the sign, whenever it runs; a program's own main is no excuse.
      return {
        ...observation,
        severity: 'critical',
        confidence: 'high',
        ...(built === undefined ? {} : { value: built.value }),
      };
    }),
};
