import { type Emit, sha256Hex } from '#base';
import type { Facts } from '#detection';
import type { Gap } from '#golang';
import { ModuleError, requireZip } from '#module';
import {
  audited,
  createAuditLog,
  createOverlay,
  createPolicy,
  createRoot,
  plantDecoys,
} from '#sandbox';
import { nameEntry } from './entries.ts';
import { ExaminationStopped } from './errors.ts';
import type { ExaminationEvent, Stage } from './event.ts';
import { modulesFor, type OtherModules } from './modules.ts';
import { listSourceFiles, type SourceFiles } from './source-files.ts';
import { type Analysis, analysisStage } from './stages/analysis.ts';
import { detectionStage } from './stages/detection.ts';
import { type Intake, intakeStage } from './stages/intake.ts';
import { integrityStage } from './stages/integrity.ts';
import { NOTHING, toEvidence, UNFINISHED } from './to-evidence.ts';
import type { ExaminationRequest, ExaminationTools } from './tools.ts';

/** Opens the sandbox for the stages: each gets the same files, recorded under its own name. */
function createSandbox(
  { layer, inspection, placed }: Intake,
  modules: OtherModules,
  request: ExaminationRequest,
  emit: Emit<ExaminationEvent>,
) {
  const { profile } = request.profile;
  const bait = plantDecoys(sha256Hex(request.zip), profile.decoys);
  const overlay = createOverlay([createRoot(), bait.layer, modules.layer, layer], profile.limits);
  const policy = createPolicy(profile.paths);
  const log = createAuditLog(inspection.subject?.path ?? null, (record) =>
    emit({ type: 'access', record }),
  );
  /** A named function, because its name stands in the log. */
  const filesFor = (stage: Stage) =>
    function openFiles() {
      return listSourceFiles(
        audited(overlay, policy, log.recorderFor(stage)),
        placed,
        modules.sandboxPaths,
      );
    };
  const facts = () => ({
    decoys: bait.decoys,
    decoyReads: log.decoyReads(),
    changes: overlay.diff(),
  });
  return { filesFor, facts };
}

function intakeGaps({ inspection }: Intake): readonly Gap[] {
  return inspection.gaps.map(({ code, index, detail }) => {
    const file = index === null ? '' : (inspection.entries[index]?.name ?? '');
    return { code, file, line: 0, detail };
  });
}

/**
 * Examines a zip: everything that reads hostile bytes. Says what it finds in events alone, so that it
 * can run in another process; the last event is `examined`.
 *
 * @throws ModuleError `NOT_A_ZIP` for bytes that are no zip at all.
 */
export async function examine(
  request: ExaminationRequest,
  tools: ExaminationTools,
  emit: Emit<ExaminationEvent>,
): Promise<void> {
  const run = async <Result>(
    stage: Stage,
    act: () => Result | Promise<Result>,
  ): Promise<Result> => {
    emit({ type: 'stage.started', stage });
    const result = await act();
    emit({ type: 'stage.finished', stage });
    return result;
  };
  const intake = await run('intake', () => {
    requireZip(request.zip);
    return intakeStage(request, tools.breathe);
  });
  const { inspection } = intake;
  const { goSum, sumdb, ...integrity } = await run('integrity', () =>
    integrityStage(request, inspection, tools.sumdb),
  );
  const modules = await modulesFor(request, intake, tools);
  const sandbox = createSandbox(intake, modules, request, emit);
  const facts = factsOf(intake, { goSum, sumdb, ...NOTHING, sandbox: sandbox.facts() });
  const before = [...intakeGaps(intake), ...modules.gaps, ...integrity.gaps];
  const { profile } = request.profile;
  const early = detectionStage(facts, undefined, { profile, gaps: [...before, UNFINISHED] });
  // Should the analysis be stopped, what the hashes say still stands.
  emit({
    type: 'examined',
    evidence: toEvidence(request, intake, {
      facts,
      detection: early,
      used: modules.used,
      gaps: [...before, UNFINISHED, ...early.gaps],
    }),
  });
  const analysis = await run('analysis', () =>
    analyze(inspection.subject?.path ?? 'unknown', sandbox.filesFor('analysis'), {
      request,
      tools,
      modules,
      emit,
    }),
  );
  if (analysis.source.why !== undefined) emit({ type: 'why', why: analysis.source.why });
  const all = factsOf(intake, { goSum, sumdb, ...analysis, sandbox: sandbox.facts() });
  const gaps = [...before, ...analysis.gaps, ...analysis.source.gaps];
  const detection = await run('detection', () =>
    detectionStage(all, sandbox.filesFor('detection'), { profile, gaps }),
  );
  for (const finding of detection.findings) emit({ type: 'finding', finding });
  emit({
    type: 'examined',
    evidence: toEvidence(request, intake, {
      facts: all,
      detection,
      used: modules.used,
      gaps: [...gaps, ...detection.gaps],
    }),
  });
}

/** Everything that was observed, with the archive's entries by their names. */
function factsOf(
  { inspection }: Intake,
  more: Omit<Facts, 'subject' | 'named' | 'archive'>,
): Facts {
  const withEntry = <Item extends { readonly index: number | null }>(item: Item) =>
    nameEntry(inspection, item);
  return {
    subject: inspection.subject,
    named: inspection.named,
    archive: {
      accepted: inspection.accepted,
      faults: inspection.faults.map(withEntry),
      deviations: inspection.deviations.map(withEntry),
      map: inspection.map.map(withEntry),
    },
    ...more,
  };
}

async function analyze(
  modulePath: string,
  openFiles: () => SourceFiles,
  {
    request,
    tools,
    modules,
    emit,
  }: {
    readonly request: ExaminationRequest;
    readonly tools: ExaminationTools;
    readonly modules: OtherModules;
    readonly emit: Emit<ExaminationEvent>;
  },
): Promise<Analysis> {
  const { limits } = request.profile.profile;
  try {
    const progress = (at: { readonly done: number; readonly total: number }) =>
      emit({ type: 'progress', stage: 'analysis', ...at });
    return await analysisStage(modulePath, openFiles, {
      limits,
      tools,
      why: request.why,
      others: modules.packages,
      emit: progress,
    });
  } catch (error) {
    if (error instanceof ModuleError || error instanceof ExaminationStopped) throw error;
    // A stage of ours that fails has seen nothing for certain: a gap, so that the case is still sealed.
    const detail = `analysis: ${error instanceof Error ? error.message : String(error)}`;
    emit({ type: 'stage.failed', stage: 'analysis', detail });
    return { ...NOTHING, gaps: [{ code: 'stage-failed', file: '', line: 0, detail }] };
  }
}
