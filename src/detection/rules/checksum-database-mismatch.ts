import type { Observation, Rule } from '../rule.ts';

/** The archive is not what the checksum database logged. */
export const checksumDatabaseMismatch: Rule = {
  id: 'checksum-database-mismatch',
  title: 'Is not what the checksum database logged',
  description:
    'A record that is proven to be in the signed log holds another h1 for this path and version. The go command refuses such a module with a SECURITY ERROR.',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1195.002'],
  cwe: ['CWE-345', 'CWE-494'],
  advice:
    'Treat whoever served this file as compromised. Keep the file, and fetch the logged one from another proxy to compare.',
  check({ sumdb }) {
    const { logged, actual, record, database, status, goMod } = sumdb;
    const found: Observation[] = [];
    const by = `record ${record} of ${database}`;
    if (status === 'mismatch')
      found.push({ message: `The zip's h1 is ${actual?.h1}, and ${by} holds ${logged?.h1}` });
    // The zip's own go.mod is under its h1 too: alone, this is odd and no proof of a change.
    if (goMod === 'mismatch') {
      const severity = status === 'mismatch' ? 'critical' : 'medium';
      found.push({
        message: `The go.mod's h1 is ${actual?.goModH1}, and ${by} holds ${logged?.goModH1}`,
        severity,
      });
    }
    return found;
  },
};
