import known from '../data/known-malicious.json' with { type: 'json' };
import type { Rule } from '../rule.ts';

const byPath = new Map(known.modules.map((module) => [module.path, module]));

/** The module is on public lists of malicious modules. */
export const knownMalicious: Rule = {
  id: 'known-malicious',
  title: 'Is a known malicious module',
  description:
    'The path, and the version where the record names one, is on a public list of malicious Go modules.',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1195.002'],
  cwe: ['CWE-506'],
  advice: 'Read the public record. Find every build that had the module in its go.sum.',
  check({ subject }) {
    const record = subject === null ? undefined : byPath.get(subject.path);
    if (subject === null || record === undefined) return [];
    const isMeant = record.versions.includes('*') || record.versions.includes(subject.version);
    return isMeant
      ? [
          {
            message: `${subject.path}@${subject.version} is recorded as malicious: ${record.ids.join(', ')}`,
          },
        ]
      : [];
  },
};
