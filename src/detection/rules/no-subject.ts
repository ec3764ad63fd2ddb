import type { Rule } from '../rule.ts';

/** Nothing says which module this is. */
export const noSubject: Rule = {
  id: 'no-subject',
  title: 'Names no module version',
  description:
    'The entries share no path@version/ prefix that is a valid pair, and none was stated.',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1036'],
  cwe: ['CWE-345'],
  advice: 'State the module with --as path@version if you know it.',
  check: ({ subject }) =>
    subject === null
      ? [{ message: 'No module path and version can be read from the archive' }]
      : [],
};
