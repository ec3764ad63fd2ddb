import { type Facts, rulesDigest } from '#detection';
import { type DependencyFact, EVIDENCE_FORMAT } from '#evidence';
import { type Gap, GRAMMAR_SHA256, STANDARD_LIBRARY } from '#golang';
import { NO_GO_SUM } from '#module';
import { NOT_ASKED } from '#sumdb';
import type { UnsealedEvidence } from './event.ts';
import type { UsedModule } from './modules.ts';
import type { Analysis } from './stages/analysis.ts';
import type { DetectionResult } from './stages/detection.ts';
import type { Intake } from './stages/intake.ts';
import type { ExaminationRequest } from './tools.ts';

/** What analysis says when it could not be done at all. */
export const NOTHING: Omit<Analysis, 'gaps'> = {
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
  flows: [],
  gates: [],
  invisible: [],
  indicators: [],
  requires: [],
  replaces: [],
};

/** Stands in what is said before the analysis, and is gone from what is said after it. */
export const UNFINISHED: Gap = {
  code: 'stage-failed',
  file: '',
  line: 0,
  detail: 'analysis: it did not come to its end',
};

/** Evidence of an examination that said nothing. */
export function emptyEvidence(request: ExaminationRequest): UnsealedEvidence {
  const facts: Facts = {
    subject: null,
    named: null,
    archive: { accepted: false, faults: [], deviations: [], map: [] },
    goSum: NO_GO_SUM,
    sumdb: NOT_ASKED,
    ...NOTHING,
    sandbox: { decoys: [], decoyReads: [], changes: [] },
  };
  const inspection = { subject: null, h1: null, goModH1: null };
  const detection = { findings: [], verdict: 'inconclusive', reasons: [] } as const;
  return toEvidence(request, { inspection }, { facts, detection, gaps: [] });
}

/** Facts and judgment in the words of the contract. */
export function toEvidence(
  { profile, version, goSum }: ExaminationRequest,
  { inspection }: { readonly inspection: Pick<Intake['inspection'], 'subject' | 'h1' | 'goModH1'> },
  {
    facts,
    detection,
    used = [],
    gaps,
  }: {
    readonly facts: Facts;
    readonly detection: Pick<DetectionResult, 'findings' | 'verdict' | 'reasons'>;
    readonly used?: readonly UsedModule[];
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
      flows: facts.flows,
      gates: facts.gates,
      dependencies: dependencyFacts(facts, goSum, used),
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
  used: readonly UsedModule[],
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
  const read = new Map(used.map((one) => [`${one.path}@${one.version}`, one]));
  const named = new Set(requires.map(({ path, version }) => `${path}@${version}`));
  const others = used.filter(({ path, version }) => !named.has(`${path}@${version}`));
  const all = [...requires, ...others.map((one) => ({ ...one, direct: false }))];
  return all.map(({ path, version, direct }) => {
    const followed = read.get(`${path}@${version}`)?.h1;
    return {
      path,
      version,
      direct,
      h1: hashes.get(`${path}@${version}`) ?? null,
      replace: targets.get(`${path}@${version}`) ?? targets.get(`${path}@`) ?? null,
      ...(followed === undefined ? {} : { followed }),
    };
  });
}
