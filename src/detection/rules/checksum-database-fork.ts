import type { Rule } from '../rule.ts';

/** Two signed heads of the checksum database contradict each other. */
export const checksumDatabaseFork: Rule = {
  id: 'checksum-database-fork',
  title: 'The checksum database contradicts itself',
  description:
    'Two heads signed by the same key cannot be of one log: somebody shows this machine another log than others see. Both heads and the proof are in the evidence.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1195.002', 'T1557'],
  cwe: ['CWE-345'],
  advice:
    'Believe no answer of this source. Send both signed heads and the proof to the operator of the database; the go command says: go.sum database server misbehavior detected.',
  check: ({ sumdb }) =>
    sumdb.status === 'fork'
      ? [{ message: sumdb.detail ?? 'two signed heads are not of one log' }]
      : [],
};
