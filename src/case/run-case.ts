import { type Clock, concatBytes, type Disk, type Emit, formatTime, sha256Hex } from '#base';
import { createAuditTrail, type EvidenceBundle, type Signer } from '#evidence';
import type { CaseEvent, ExaminationEvent, Stage, UnsealedEvidence } from './event.ts';
import { type Circumstances, sealingStage } from './stages/sealing.ts';
import { caseName, type OpenCase, openCase } from './store.ts';
import type { ExaminationRequest } from './tools.ts';

/** Examines and says what it sees; in this process or in another one. */
export type Examiner = (request: ExaminationRequest, emit: Emit<ExaminationEvent>) => Promise<void>;

/** What the side that seals works with. It never parses what the suspect wrote. */
export interface CaseTools {
  readonly examine: Examiner;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly signer: Signer;
  /** The folder that cases are written to. */
  readonly directory: string;
  /** Facts about this machine for the record; undefined where a case has to repeat byte for byte. */
  readonly machine: (() => Readonly<Record<string, string | number>>) | undefined;
  /** Is given what undoes a half-written case, for an interruption; undefined once it is sealed. */
  readonly onOpen: (discard: (() => void) | undefined) => void;
}

/** A sealed case. */
export interface ClosedCase {
  readonly evidence: EvidenceBundle;
  readonly directory: string;
}

interface Timings {
  readonly start: (stage: Stage) => void;
  readonly finish: (stage: Stage) => void;
  readonly list: () => Circumstances['stages'];
}

function createTimings(clock: Clock, now: () => string): Timings {
  const stages: { stage: string; startedAt: string; begun: number; durationMs: number }[] = [];
  return {
    start: (stage) =>
      void stages.push({ stage, startedAt: now(), begun: clock.elapsed(), durationMs: 0 }),
    finish(stage) {
      const timed = stages.find((found) => found.stage === stage);
      if (timed !== undefined) timed.durationMs = Math.round(clock.elapsed() - timed.begun);
    },
    list: () => stages.map(({ begun: _, ...timed }) => timed),
  };
}

/**
 * Runs one case from intake to seal. Every event reaches `emit`; the last one is `case.closed`.
 *
 * @throws CaseError `OUTPUT` when the case cannot be written, and what the examiner refuses with;
 *   nothing half-written is left behind.
 */
export async function runCase(
  request: ExaminationRequest,
  tools: CaseTools,
  emit: Emit<CaseEvent>,
): Promise<ClosedCase> {
  const digest = sha256Hex(request.zip);
  const caseId = `${digest.slice(0, 12)}`;
  const draft = caseName({
    path: request.stated?.path ?? null,
    version: request.stated?.version ?? null,
    zip: { size: 0, sha256: digest },
  });
  const open = openCase(tools.disk, tools.directory, draft);
  tools.onOpen(open.discard);
  try {
    return await examineAndSeal(request, tools, { open, digest, caseId, emit });
  } catch (error) {
    open.discard();
    throw error;
  } finally {
    tools.onOpen(undefined);
  }
}

interface RunningCase {
  readonly open: OpenCase;
  /** SHA-256 of the zip's bytes, in hex. */
  readonly digest: string;
  readonly caseId: string;
  readonly emit: Emit<CaseEvent>;
}

async function examineAndSeal(
  request: ExaminationRequest,
  tools: CaseTools,
  { open, digest, caseId, emit }: RunningCase,
): Promise<ClosedCase> {
  const { clock } = tools;
  const now = () => formatTime(clock.now());
  const startedAt = now();
  const timings = createTimings(clock, now);
  const trail = createAuditTrail();
  const lines: Uint8Array[] = [];
  let unsealed: UnsealedEvidence | undefined;
  await tools.examine(request, (event) => {
    if (event.type === 'examined') {
      unsealed = event.evidence;
      return;
    }
    const at = now();
    if (event.type === 'stage.started') timings.start(event.stage);
    if (event.type === 'stage.finished' || event.type === 'stage.failed')
      timings.finish(event.stage);
    if (event.type === 'access') {
      const line = trail.append(event.record, at);
      lines.push(line);
      open.log.append(line);
    }
    emit({ caseId, at, ...event });
  });
  if (unsealed === undefined) throw new Error('The examination ended without evidence');
  const zip = { size: request.zip.length, sha256: digest };
  const subject = { ...unsealed.subject, zip };
  const evidence: EvidenceBundle = { ...unsealed, subject, audit: trail.summary() };
  emit({ caseId, at: now(), type: 'stage.started', stage: 'sealing' });
  timings.start('sealing');
  const directory = sealingStage(
    open,
    { evidence, trail, log: concatBytes(...lines), name: caseName(evidence.subject) },
    {
      signer: tools.signer,
      circumstances: {
        startedAt,
        finishedAt: now(),
        stages: timings.list(),
        machine: tools.machine?.(),
      },
    },
  );
  emit({ caseId, at: now(), type: 'stage.finished', stage: 'sealing' });
  emit({ caseId, at: now(), type: 'case.closed', verdict: evidence.verdict, directory });
  return { evidence, directory };
}
