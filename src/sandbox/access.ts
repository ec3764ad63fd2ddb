import type { SandboxErrorCode } from './filesystem.ts';

/** What a policy may answer. `decoy`: allowed, and bait. */
export type Decision = 'allowed' | 'denied' | 'decoy';

/** What is done to a path. */
export type Operation =
  | 'read'
  | 'write'
  | 'create'
  | 'delete'
  | 'rename'
  | 'list'
  | 'stat'
  | 'readlink';

/** One access, as it ended. */
export interface Access {
  readonly operation: Operation;
  readonly mode: 'read' | 'write';
  /** Where it really led: without links and dots. */
  readonly path: string;
  /** What was asked for, where that is another text. */
  readonly requested: string | undefined;
  /** The other path of a rename or a link, or what a symbolic link leads to. */
  readonly target: string | undefined;
  /** `absent`: allowed, and nothing was there. */
  readonly decision: Decision | 'absent';
  readonly outcome: 'success' | 'failure';
  /** Why it failed. */
  readonly error: SandboxErrorCode | undefined;
  readonly layer: string | undefined;
  /** Of the content that was read or written. */
  readonly size: number | undefined;
  readonly sha256: string | undefined;
}

/** Takes an access down; `above` is the function of the gate that every frame up to is the gate's own. */
export type Recorder = (access: Access, above: CallableFunction) => void;

/** Decides an access before any layer sees it. */
export type Policy = (operation: Operation, path: string) => Decision;

/** A rule of a profile: the first whose pattern matches decides. */
export interface PathRule {
  /** A path in which `*` stands for a part of one element and `**` for anything. */
  readonly match: string;
  readonly decision: 'allow' | 'deny' | 'decoy';
}

/** A pattern of paths: `*` is a part of one element, `**` is anything. */
export function globToPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*+|\*/g, (stars) => (stars === '*' ? '[^/]*' : '[\\s\\S]*'));
  return new RegExp(`^${source}$`);
}

const DECISIONS = { allow: 'allowed', deny: 'denied', decoy: 'decoy' } as const;

/** A policy that asks the rules in order; what none of them names is denied. */
export function createPolicy(rules: readonly PathRule[]): Policy {
  const compiled = rules.map(({ match, decision }) => ({
    pattern: globToPattern(match),
    decision: DECISIONS[decision],
  }));
  return (_, path) => compiled.find(({ pattern }) => pattern.test(path))?.decision ?? 'denied';
}
