import type { Emit, JailLevel } from '#base';
import type { Gap } from '#golang';
import type { ExaminationEvent } from './event.ts';
import type { ExaminationRequest } from './tools.ts';

/** How an examination was shut in, for the record. */
export interface IsolationRecord {
  /** `none`: in the process that seals. */
  readonly level: JailLevel | 'none';
  /** What that keeps away, in words. */
  readonly detail: string;
  /** Better levels that this machine did not give, and why. */
  readonly missed: readonly { readonly level: JailLevel; readonly reason: string }[];
}

/** How an examination ended. */
export interface Ending {
  /** Why it was stopped; undefined where it came to its end. */
  readonly stopped: Pick<Gap, 'code' | 'detail'> | undefined;
  readonly isolation: IsolationRecord;
}

/**
 * Examines and says what it sees; in this process or in another one. Where `signal` is aborted, nothing
 * more is wanted.
 */
export type Examiner = (
  request: ExaminationRequest,
  emit: Emit<ExaminationEvent>,
  signal: AbortSignal,
) => Promise<Ending>;
