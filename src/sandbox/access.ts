/** What a policy may answer. */
export type Decision = 'allowed' | 'denied';

/** What is done to a path. */
export type Operation = 'read' | 'write' | 'create' | 'delete' | 'list' | 'stat';

/** One access, as it ended. */
export interface Access {
  readonly operation: Operation;
  readonly mode: 'read' | 'write';
  readonly path: string;
  /** `absent`: allowed, and nothing was there. */
  readonly decision: Decision | 'absent';
  readonly outcome: 'success' | 'failure';
  readonly layer: string | undefined;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
}

/** Decides an access before any layer sees it. */
export type Policy = (operation: Operation, path: string) => Decision;

/** A rule of a profile: the first whose pattern matches decides. */
export interface PathRule {
  /** A path in which `*` stands for a part of one element and `**` for anything. */
  readonly match: string;
  readonly decision: 'allow' | 'deny';
}

function toPattern(match: string): RegExp {
  const source = match
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '[\\s\\S]*' : '[^/]*'));
  return new RegExp(`^${source}$`);
}

/** A policy that asks the rules in order; what none of them names is denied. */
export function createPolicy(rules: readonly PathRule[]): Policy {
  const compiled = rules.map(({ match, decision }) => ({ pattern: toPattern(match), decision }));
  return (_, path) => {
    const rule = compiled.find(({ pattern }) => pattern.test(path));
    return rule?.decision === 'allow' ? 'allowed' : 'denied';
  };
}
