/**
 * One suspect module from intake to seal.
 *
 * `examine` reads hostile bytes and says what it finds in plain events; `runCase` hears them, writes
 * the audit log, renders, signs, and never parses what the suspect wrote. They run in two processes:
 * `createJailedExaminer` starts the one that reads, `serveJail` is that one, and nothing that it says is
 * believed before it is checked.
 *
 * ```ts
 * const { evidence, directory } = await runCase(request, tools, emit);
 * evidence.verdict; // 'malicious'
 * ```
 *
 * @module
 */

export { CaseError, type CaseErrorCode } from './errors.ts';
export type { CaseEvent, ExaminationEvent, Stage } from './event.ts';
export type { Ending, Examiner, IsolationRecord } from './examiner.ts';
export { createExaminer } from './in-process.ts';
export {
  createJailedExaminer,
  createJailedVerifier,
  type JailedExaminer,
  type JailedVerifier,
  type JailSetup,
  probeJail,
} from './jailed.ts';
export { examine, runCase } from './open.ts';
export type { CaseTools, ClosedCase } from './run-case.ts';
export { serveJail } from './serve-jail.ts';
export { caseName } from './store.ts';
export type { SumdbPorts } from './sumdb-ports.ts';
export type { ExaminationRequest, ExaminationTools, FetchModule } from './tools.ts';
export {
  LARGEST_VERIFIED,
  type Verification,
  type VerificationOptions,
  verifyZip,
} from './verify.ts';
