import { type Clock, type Disk, type Emit, formatTime, sha256Hex } from '#base';
import { judge } from '#detection';
import { type EvidenceBundle, formatPublicKey, type Signer } from '#evidence';
import type { Gap } from '#golang';
import type { CaseEvent, ExaminationEvent, Stage, UnsealedEvidence } from './event.ts';
import type { Ending, Examiner, IsolationRecord } from './examiner.ts';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import { type Circumstances, sealingStage } from './stages/sealing.ts';
import { caseName, type OpenCase, openCase } from './store.ts';
import { emptyEvidence, UNFINISHED } from './to-evidence.ts';
import type { ExaminationRequest } from './tools.ts';

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
  readonly isolation: IsolationRecord;
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

/** What was stopped, and where: the file that was read last is the one that was being worked on. */
function stoppedGap(
  { code, detail }: NonNullable<Ending['stopped']>,
  at: { readonly stage: Stage; readonly file: string | undefined },
): Gap {
  const file = at.file?.replace(/^[/](module|entries)[/]/, '') ?? '';
  const where = file === '' ? '' : `, after ${file} was read`;
  return { code, file, line: 0, detail: `${at.stage}: ${detail}${where}` };
}

/** Evidence of an examination that did not come to its end: what was said so far, and that gap. */
function stoppedEvidence(
  said: UnsealedEvidence | undefined,
  request: ExaminationRequest,
  gap: Gap,
): UnsealedEvidence {
  const evidence = said ?? emptyEvidence(request);
  const gaps = [...evidence.gaps.filter(({ detail }) => detail !== UNFINISHED.detail), gap];
  const { verdict, reasons } = judge(
    evidence.findings,
    { gaps, limits: evidence.limits },
    request.profile.profile.verdict.acceptedLimits,
  );
  return { ...evidence, verdict, reasons, gaps, reproducible: false };
}

/** Hears an examination: writes the log, keeps the time, remembers what was said last. */
function createListener(
  running: RunningCase,
  {
    log,
    timings,
    now,
  }: { readonly log: LogWriter; readonly timings: Timings; readonly now: () => string },
) {
  const abort = new AbortController();
  const heard = {
    evidence: undefined as UnsealedEvidence | undefined,
    at: { stage: 'intake' as Stage, file: undefined as string | undefined },
    isFull: false,
  };

  function hear(event: ExaminationEvent): void {
    if (event.type === 'examined') {
      heard.evidence = event.evidence;
      return;
    }
    const at = now();
    if (event.type === 'stage.started') {
      timings.start(event.stage);
      heard.at = { stage: event.stage, file: undefined };
    }
    if (event.type === 'stage.finished' || event.type === 'stage.failed') {
      timings.finish(event.stage);
      log.checkpoint();
    }
    if (event.type === 'access') {
      if (event.record['event.action'] === 'read') heard.at.file = event.record['file.path'];
      if (!log.append(event.record, at)) {
        heard.isFull = true;
        abort.abort();
        return;
      }
    }
    running.emit({ caseId: running.caseId, at, ...event });
  }

  return {
    hear: (event: ExaminationEvent) => void (abort.signal.aborted || hear(event)),
    heard,
    signal: abort.signal,
  };
}

async function examineAndSeal(
  request: ExaminationRequest,
  tools: CaseTools,
  running: RunningCase,
): Promise<ClosedCase> {
  const { open, digest, caseId, emit } = running;
  const { clock, signer } = tools;
  const now = () => formatTime(clock.now());
  const startedAt = now();
  const timings = createTimings(clock, now);
  const { stops, formats } = request.profile.profile;
  open.write('examiner.pub', formatPublicKey(signer.publicKey));
  const log = createLogWriter(open, { zipSha256: digest, signer, logBytes: stops.logBytes });
  const { hear, heard, signal } = createListener(running, { log, timings, now });
  const ending = await tools.examine(request, hear, signal);
  const stopped = heard.isFull ? LOG_FULL : ending.stopped;
  if (heard.evidence === undefined && stopped === undefined)
    throw new Error('The examination ended without evidence');
  const unsealed =
    stopped === undefined && heard.evidence !== undefined
      ? heard.evidence
      : stoppedEvidence(heard.evidence, request, stoppedGap(stopped ?? LOG_FULL, heard.at));
  const zip = { size: request.zip.length, sha256: digest };
  const subject = { ...unsealed.subject, zip };
  const evidence: EvidenceBundle = { ...unsealed, subject, audit: log.trail.summary() };
  emit({ caseId, at: now(), type: 'stage.started', stage: 'sealing' });
  timings.start('sealing');
  const directory = sealingStage(
    open,
    { evidence, log, formats, name: caseName(evidence.subject) },
    {
      signer,
      circumstances: {
        startedAt,
        finishedAt: now(),
        stages: timings.list(),
        isolation: ending.isolation,
        machine: tools.machine?.(),
      },
    },
  );
  emit({ caseId, at: now(), type: 'stage.finished', stage: 'sealing' });
  emit({ caseId, at: now(), type: 'case.closed', verdict: evidence.verdict, directory });
  return { evidence, directory, isolation: ending.isolation };
}

const LOG_FULL = { code: 'over-budget', detail: 'the audit log is over its limit' } as const;
