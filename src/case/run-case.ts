import {
  type Clock,
  type Disk,
  type Emit,
  encodeUtf8,
  formatCanonicalJson,
  formatTime,
  sha256Hex,
} from '#base';
import { type Finding, type Judgment, judge } from '#detection';
import { type EvidenceBundle, formatPublicKey, type Signer } from '#evidence';
import type { Gap, Why } from '#golang';
import { moduleVersionFault } from '#module';
import type { AuditRecord } from '#sandbox';
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
  /** The answer to what was asked besides. */
  readonly why: Why | undefined;
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

const LOG_FULL = { code: 'over-budget', detail: 'the audit log is over its limit' } as const;
const BROKEN = {
  code: 'stage-failed',
  detail: 'the process that read it was given up: what it said of its accesses does not hold',
} as const;
const SILENT = {
  code: 'stage-failed',
  detail: 'the process that read it ended without saying what it saw',
} as const;
// Four stages begin and end; more is no examination.
const MOST_STAGES = 16;

/** True for a record that is not the next one, or whose stack is not the one of its hash. */
function createRecordCheck(): (record: AuditRecord) => boolean {
  const known = new Set<string>();
  let sequence = 0;
  return (record) => {
    const { 'glovebox.stack': stack, 'glovebox.stack_hash': hash } = record;
    if (record['event.sequence'] !== ++sequence) return true;
    if (stack === undefined) return !known.has(hash);
    if (known.has(hash) || sha256Hex(encodeUtf8(stack)) !== hash) return true;
    known.add(hash);
    return false;
  };
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
  said: {
    readonly evidence: UnsealedEvidence | undefined;
    readonly findings: readonly Finding[];
  },
  request: ExaminationRequest,
  gap: Gap,
): UnsealedEvidence {
  const evidence = said.evidence ?? emptyEvidence(request);
  const known = new Set(said.findings.map((finding) => formatCanonicalJson(finding)));
  const before = evidence.findings.filter((finding) => !known.has(formatCanonicalJson(finding)));
  const gaps = [...evidence.gaps.filter(({ detail }) => detail !== UNFINISHED.detail), gap];
  return {
    ...evidence,
    findings: [...before, ...said.findings],
    gaps,
    reproducible: false,
  };
}

/** The verdict over what was said: it is not taken from the side that said it. */
function judgeEvidence(
  { findings, gaps, limits }: UnsealedEvidence,
  { profile }: ExaminationRequest,
): Judgment {
  return judge(findings, { gaps, limits }, profile.profile.verdict.acceptedLimits);
}

/** True for evidence of the module that was meant, by a name that a module can have. */
function isAbout(
  { subject: { path, version } }: UnsealedEvidence,
  stated: ExaminationRequest['stated'],
): boolean {
  if (stated !== undefined) return path === stated.path && version === stated.version;
  if (path === null || version === null) return path === version;
  return moduleVersionFault(path, version) === undefined;
}

/** Hears an examination: writes the log, keeps the time, remembers what was said last. */
function createListener(
  running: RunningCase,
  {
    log,
    timings,
    now,
    stated,
  }: {
    readonly stated: ExaminationRequest['stated'];
    readonly log: LogWriter;
    readonly timings: Timings;
    readonly now: () => string;
  },
) {
  const abort = new AbortController();
  const heard = {
    evidence: undefined as UnsealedEvidence | undefined,
    /** Said one by one before the evidence that holds them, which may be too long to come. */
    findings: [] as Finding[],
    why: undefined as Why | undefined,
    at: { stage: 'intake' as Stage, file: undefined as string | undefined },
    /** Why nothing more was wanted. */
    stopped: undefined as Ending['stopped'],
  };
  const fault = createRecordCheck();
  let stages = 0;

  function takeStage({ type, stage }: Extract<ExaminationEvent, { readonly stage: Stage }>): void {
    if (type === 'progress') return;
    stages++;
    if (type === 'stage.started') {
      timings.start(stage);
      heard.at = { stage, file: undefined };
      return;
    }
    timings.finish(stage);
    log.checkpoint();
  }

  /** Why an event ends the examination; undefined where it does not. */
  function take(
    event: Exclude<ExaminationEvent, { readonly type: 'examined' }>,
    at: string,
  ): Ending['stopped'] {
    if ('stage' in event) {
      takeStage(event);
      return stages > MOST_STAGES ? BROKEN : undefined;
    }
    if (event.type === 'finding') heard.findings.push(event.finding);
    if (event.type === 'why') heard.why = event.why;
    return event.type === 'access' ? takeAccess(event.record, at) : undefined;
  }

  function takeAccess(record: AuditRecord, at: string): Ending['stopped'] {
    if (fault(record)) return BROKEN;
    if (record['event.action'] === 'read') heard.at.file = record['file.path'];
    return log.append(record, at) ? undefined : LOG_FULL;
  }

  function hear(event: ExaminationEvent): void {
    const at = now();
    if (event.type === 'examined') {
      if (isAbout(event.evidence, stated)) {
        heard.evidence = event.evidence;
        return;
      }
      heard.stopped = BROKEN;
    } else heard.stopped = take(event, at);
    if (heard.stopped !== undefined) abort.abort();
    else if (event.type !== 'examined') running.emit({ caseId: running.caseId, at, ...event });
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
  const { hear, heard, signal } = createListener(running, {
    log,
    timings,
    now,
    stated: request.stated,
  });
  const ending = await tools.examine(request, hear, signal);
  const stopped = heard.stopped ?? ending.stopped;
  const unsealed =
    stopped === undefined && heard.evidence !== undefined
      ? heard.evidence
      : stoppedEvidence(heard, request, stoppedGap(stopped ?? SILENT, heard.at));
  const zip = { size: request.zip.length, sha256: digest };
  const subject = { ...unsealed.subject, zip };
  // What this side knows itself is not taken from the other one.
  const { profile, tools: known } = emptyEvidence(request);
  const judgment = judgeEvidence(unsealed, request);
  const audit = log.trail.summary();
  const evidence: EvidenceBundle = {
    ...unsealed,
    ...judgment,
    subject,
    profile,
    tools: known,
    audit,
  };
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
  return { evidence, directory, isolation: ending.isolation, why: heard.why };
}
