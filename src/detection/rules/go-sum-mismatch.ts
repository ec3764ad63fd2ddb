import type { Rule } from '../rule.ts';

/** The archive or its go.mod is not what the given go.sum says. */
export const goSumMismatch: Rule = {
  id: 'go-sum-mismatch',
  title: 'Is not what go.sum says',
  description:
    'A go.sum that was given holds another h1 for this path and version. The go command refuses such a module.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1195.002'],
  cwe: ['CWE-345', 'CWE-494'],
  advice:
    'Find out which of the two was changed: compare with the checksum database, and keep both files.',
  check({ goSum }) {
    const file = goSum.source?.replace(/:\d+$/, '');
    const line = Number(/:(\d+)$/.exec(goSum.source ?? '')?.[1] ?? 1);
    const observations = [];
    if (goSum.status === 'mismatch')
      observations.push({ message: `The zip's h1 is not the one in ${file} line ${line}` });
    if (goSum.goMod === 'mismatch')
      observations.push({ message: `The go.mod's h1 is not the one in ${file}` });
    return observations;
  },
};
