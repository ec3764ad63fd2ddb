import { encodeCanonicalJson } from '#base';
import {
  type AuditTrail,
  createStatement,
  type EvidenceBundle,
  formatPublicKey,
  SEAL_FILE,
  type SealedFile,
  type Signer,
  sealStatement,
} from '#evidence';
import { renderCycloneDx, renderMarkdown } from '#report';
import type { OpenCase } from '../store.ts';

/** What only the sealing side knows: when, where and for how long. */
export interface Circumstances {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly stages: readonly {
    readonly stage: string;
    readonly startedAt: string;
    readonly durationMs: number;
  }[];
  /** Left out where a case has to repeat byte for byte. */
  readonly machine: Readonly<Record<string, string | number>> | undefined;
}

function caseRecord(
  evidence: EvidenceBundle,
  trail: AuditTrail,
  { signer, circumstances }: SealingContext,
) {
  const { startedAt, finishedAt, stages, machine } = circumstances;
  return {
    format: 'glovebox-case/1',
    subject: evidence.subject,
    profile: evidence.profile,
    tools: evidence.tools,
    verdict: evidence.verdict,
    gaps: evidence.gaps,
    audit: { ...evidence.audit, root: trail.root() },
    examiner: { keyId: signer.keyId },
    // The jail is not there yet: everything ran in this process, and the record says so.
    isolation: { level: 'none', detail: 'examined in the process that sealed' },
    startedAt,
    finishedAt,
    stages,
    machine,
  };
}

/** What sealing needs beside the evidence. */
export interface SealingContext {
  readonly signer: Signer;
  readonly circumstances: Circumstances;
}

/** Writes every document of a case, signs over all of them, and names the folder. */
export function sealingStage(
  open: OpenCase,
  {
    evidence,
    trail,
    log,
    name,
  }: {
    readonly evidence: EvidenceBundle;
    readonly trail: AuditTrail;
    readonly log: Uint8Array;
    readonly name: string;
  },
  context: SealingContext,
): string {
  const files: readonly SealedFile[] = [
    { name: 'case.json', bytes: encodeCanonicalJson(caseRecord(evidence, trail, context)) },
    { name: 'evidence.json', bytes: encodeCanonicalJson(evidence) },
    { name: 'examiner.pub', bytes: formatPublicKey(context.signer.publicKey) },
    { name: 'report.md', bytes: renderMarkdown(evidence) },
    { name: 'sbom.cdx.json', bytes: renderCycloneDx(evidence) },
  ];
  for (const file of files) open.write(file.name, file.bytes);
  open.log.close();
  const sealed = [{ name: 'audit.jsonl', bytes: log }, ...files];
  open.write(
    SEAL_FILE,
    sealStatement(createStatement(evidence, trail.root(), sealed), context.signer),
  );
  return open.commit(name);
}
