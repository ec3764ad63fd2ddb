import type { Rule } from '../rule.ts';

/** Bait was read. */
export const decoyRead: Rule = {
  id: 'decoy-read',
  title: 'Reads a planted secret',
  description:
    'A key, token or credential that was planted in the sandbox for this case alone was read: nothing but a search for secrets leads there.',
  severity: 'high',
  confidence: 'high',
  attack: ['T1552.001'],
  cwe: ['CWE-522'],
  advice:
    "Look at the records of the audit log with the decision decoy; search for the marker, the first 12 hex digits of the zip's SHA-256, where leaked secrets show up.",
  check: ({ sandbox }) =>
    sandbox.decoyReads.map(({ path, sequence }) => ({
      message: `The decoy ${path} was read: record ${sequence} of the audit log`,
      value: path,
    })),
};
