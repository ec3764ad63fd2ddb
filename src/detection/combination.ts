import type { CombinationFact } from '#golang';
import { judgeReach } from './certainty.ts';
import type { Facts } from './facts.ts';
import type { Confidence, Severity } from './finding.ts';
import type { Observation } from './rule.ts';

function judge(
  facts: Facts,
  found: CombinationFact,
): { severity: Severity; confidence: Confidence } {
  const reached =
    found.trigger === 'import' && found.reach !== null
      ? judgeReach(facts, found.reach, found.path)
      : undefined;
  if (reached !== undefined) return reached;
  // Programs and tests do as they are told; only a library surprises who calls it.
  if (found.trigger === 'main' || found.trigger === 'test' || found.trigger === 'none')
    return { severity: 'info', confidence: 'low' };
  return found.isOwn
    ? { severity: 'medium', confidence: 'medium' }
    : { severity: 'low', confidence: 'low' };
}

/** The observations for a pair of powers that meet: grave on import, less where a caller asks for it. */
export function judgeCombination(
  facts: Facts,
  [one, other]: CombinationFact['kinds'],
  words: (first: string, second: string) => string,
): readonly Observation[] {
  return facts.source.combinations
    .filter(({ kinds }) => kinds[0] === one && kinds[1] === other)
    .map((found) => {
      const { file, line, column, trigger, path: callPath } = found;
      const message = `${found.function} ${words(...found.detail)}`;
      return { ...judge(facts, found), message, file, line, column, trigger, callPath };
    });
}
