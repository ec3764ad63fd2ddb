import type { Rule } from '../rule.ts';

/** Refusals that an honest source gives no cause for. An answer that is only missing is none of them. */
const DECEPTIONS: ReadonlySet<string> = new Set([
  'invalid-signature',
  'inconsistent-tile',
  'invalid-proof',
  'not-in-tree',
  'tile-length',
  'unproven',
  'no-head',
  'not-canonical',
]);

/** Somebody answered for the checksum database, and the answer does not hold. */
export const checksumDatabaseUnproven: Rule = {
  id: 'checksum-database-unproven',
  title: 'An answer of the checksum database does not hold',
  description:
    'A signature, tile, proof or record was given that does not lead to the signed head, or a record without a line for this module. The go command refuses such an answer. It speaks against the source that was asked, not against the module.',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1195.002', 'T1557'],
  cwe: ['CWE-345'],
  advice:
    'Ask the database itself or another proxy. If that proves the module, the first source gives out forged or damaged answers: keep them.',
  check({ sumdb }) {
    const { refusal, record, status, detail } = sumdb;
    const isWithoutLine = status === 'absent' && record !== null;
    const isDeceptive = refusal !== null && DECEPTIONS.has(refusal);
    return isDeceptive || isWithoutLine ? [{ message: detail ?? refusal ?? status }] : [];
  },
};
