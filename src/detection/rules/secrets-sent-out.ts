import { judgeCombination } from '../combination.ts';
import type { Rule } from '../rule.ts';

/** A function that names credential files or takes the whole environment, and uses the network. */
export const secretsSentOut: Rule = {
  id: 'secrets-sent-out',
  title: 'Reads secrets and uses the network',
  description:
    'One function names a credential file or takes the whole environment, and uses the network, itself or through functions it calls. The value is not followed; clients that sign in do the same.',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1552.001', 'T1041'],
  cwe: ['CWE-506', 'CWE-200'],
  advice: 'Find out what is sent and where to; then change every secret that the machine held.',
  check: (facts) => [
    ...judgeCombination(
      facts,
      ['credential', 'network'],
      (first, second) => `names the secret ${first} and uses the network (${second})`,
    ),
    ...judgeCombination(
      facts,
      ['environment', 'network'],
      (first, second) => `takes the whole environment (${first}) and uses the network (${second})`,
    ),
  ],
};
