import { type Emit, sha256Hex } from '#base';
import { type Facts, rulesDigest } from '#detection';
import { type DependencyFact, EVIDENCE_FORMAT } from '#evidence';
import { type Gap, GRAMMAR_SHA256, STANDARD_LIBRARY } from '#golang';
import { ModuleError, requireZip } from '#module';
import {
  audited,
  createAuditLog,
  createOverlay,
  createPolicy,
  createRoot,
  plantDecoys,
} from '#sandbox';
import type { ExaminationEvent, Stage, UnsealedEvidence } from './event.ts';
import { listSourceFiles, type SourceFiles } from './source-files.ts';
import { type Analysis, analysisStage } from './stages/analysis.ts';
import { detectionStage } from './stages/detection.ts';
import { type Intake, intakeStage } from './stages/intake.ts';
import { integrityStage } from './stages/integrity.ts';
import type { ExaminationRequest, ExaminationTools } from './tools.ts';

/** What analysis says when it could not be done at all. */
const NOTHING: Omit<Analysis, 'gaps'> = {
  source: {
    files: [],
    packages: [],
    capabilities: [],
    uses: [],
    combinations: [],
    onImport: [],
    directives: [],
    strings: [],
    gaps: [],
    limits: [],
  },
  files: [],
  invisible: [],
  indicators: [],
  requires: [],
  replaces: [],
};

/** Opens the sandbox for the stages: each gets the same files, recorded under its own name. */
function createSandbox(
  { layer, inspection, placed }: Intake,
  request: ExaminationRequest,
  emit: Emit<ExaminationEvent>,
) {
  const { profile } = request.profile;
  const bait = plantDecoys(sha256Hex(request.zip), profile.decoys);
  const overlay = createOverlay([createRoot(), bait.layer, layer], profile.limits);
  const policy = createPolicy(profile.paths);
  const log = createAuditLog(inspection.subject?.path ?? null, (record) =>
    emit({ type: 'access', record }),
  );
  const filesFor = (stage: Stage) =>
    listSourceFiles(audited(overlay, policy, log.recorderFor(stage)), placed);
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
  const sandbox = createSandbox(intake, request, emit);
  const files = sandbox.filesFor('analysis');
  const analysis = await run('analysis', () =>
    analyze(inspection.subject?.path ?? 'unknown', files, { request, tools, emit }),
  );
  const withEntry = <Item extends { readonly index: number | null }>(item: Item) => {
    const { name = null, nameBytes } =
      (item.index === null ? undefined : inspection.entries[item.index]) ?? {};
    return { ...item, entry: name, ...(nameBytes === undefined ? {} : { nameBytes }) };
  };
  const archive = {
    accepted: inspection.accepted,
    faults: inspection.faults.map(withEntry),
    deviations: inspection.deviations.map(withEntry),
    map: inspection.map.map(withEntry),
  };
  const facts: Facts = {
    subject: inspection.subject,
    named: inspection.named,
    archive,
    goSum,
    sumdb,
    ...analysis,
    sandbox: sandbox.facts(),
  };
  const gaps = [
    ...intakeGaps(intake),
    ...integrity.gaps,
    ...analysis.gaps,
    ...analysis.source.gaps,
  ];
  const detection = await run('detection', () =>
    detectionStage(facts, sandbox.filesFor('detection'), {
      profile: request.profile.profile,
      gaps,
    }),
  );
  for (const finding of detection.findings) emit({ type: 'finding', finding });
  emit({
    type: 'examined',
    evidence: toEvidence(request, intake, { facts, detection, gaps: [...gaps, ...detection.gaps] }),
  });
}

async function analyze(
  modulePath: string,
  files: SourceFiles,
  {
    request,
    tools,
    emit,
  }: {
    readonly request: ExaminationRequest;
    readonly tools: ExaminationTools;
    readonly emit: Emit<ExaminationEvent>;
  },
): Promise<Analysis> {
  const total = files.list().filter((path) => path.endsWith('.go')).length;
  const { limits } = request.profile.profile;
  try {
    const progress = (done: number) => emit({ type: 'progress', stage: 'analysis', done, total });
    return await analysisStage(modulePath, files, { limits, tools, emit: progress });
  } catch (error) {
    if (error instanceof ModuleError) throw error;
    // A stage of ours that fails has seen nothing for certain: a gap, so that the case is still sealed.
    const detail = `analysis: ${error instanceof Error ? error.message : String(error)}`;
    emit({ type: 'stage.failed', stage: 'analysis', detail });
    return { ...NOTHING, gaps: [{ code: 'stage-failed', file: '', line: 0, detail }] };
  }
}

function toEvidence(
  { profile, version, goSum }: ExaminationRequest,
  { inspection }: Intake,
  {
    facts,
    detection,
    gaps,
  }: {
    readonly facts: Facts;
    readonly detection: ReturnType<typeof detectionStage>;
    readonly gaps: readonly Gap[];
  },
): UnsealedEvidence {
  const { subject, h1, goModH1 } = inspection;
  const { source } = facts;
  return {
    format: EVIDENCE_FORMAT,
    subject: {
      path: subject?.path ?? null,
      version: subject?.version ?? null,
      h1,
      goModH1,
    },
    profile: { name: profile.profile.name, sha256: profile.sha256 },
    tools: {
      glovebox: version,
      rules: rulesDigest(),
      grammar: GRAMMAR_SHA256,
      standardLibrary: STANDARD_LIBRARY,
    },
    verdict: detection.verdict,
    reasons: detection.reasons,
    integrity: {
      zip: facts.archive,
      goSum: facts.goSum,
      sumdb: facts.sumdb,
    },
    facts: {
      files: facts.files,
      packages: source.packages,
      capabilities: source.capabilities,
      uses: source.uses,
      combinations: source.combinations,
      onImport: source.onImport,
      directives: source.directives,
      strings: source.strings,
      invisible: facts.invisible,
      indicators: facts.indicators,
      flows: [],
      gates: [],
      dependencies: dependencyFacts(facts, goSum),
      sandbox: facts.sandbox,
    },
    findings: detection.findings,
    gaps,
    limits: source.limits,
  };
}

/** The dependencies with what a go.sum and replace directives say of them; looked up, not searched. */
function dependencyFacts(
  { requires, replaces }: Facts,
  goSum: ExaminationRequest['goSum'],
): readonly DependencyFact[] {
  const hashes = new Map<string, string>();
  for (const { path, version, hash } of goSum ?? []) {
    if (hash.startsWith('h1:')) hashes.set(`${path}@${version}`, hash);
  }
  const targets = new Map<string, string>();
  for (const { path, version, target, targetVersion } of replaces) {
    targets.set(
      `${path}@${version ?? ''}`,
      targetVersion === null ? target : `${target}@${targetVersion}`,
    );
  }
  return requires.map(({ path, version, direct }) => ({
    path,
    version,
    direct,
    h1: hashes.get(`${path}@${version}`) ?? null,
    replace: targets.get(`${path}@${version}`) ?? targets.get(`${path}@`) ?? null,
  }));
}
