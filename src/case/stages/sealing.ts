import { encodeCanonicalJson, sha256Hex } from '#base';
import {
  type AuditTrail,
  createStatement,
  type EvidenceBundle,
  formatPublicKey,
  SEAL_FILE,
  type Signer,
  sealStatement,
} from '#evidence';
import { renderCycloneDx, renderMarkdown } from '#report';
import type { Profile } from '#sandbox';
import type { IsolationRecord } from '../examiner.ts';
import type { LogWriter } from '../log-writer.ts';
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
  readonly isolation: IsolationRecord;
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
    isolation: circumstances.isolation,
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

type Format = Profile['formats'][number];

const DOCUMENTS: Readonly<
  Record<
    Format,
    {
      readonly name: string;
      readonly render: (evidence: EvidenceBundle, isolation: IsolationRecord) => Uint8Array;
    }
  >
> = {
  markdown: { name: 'report.md', render: renderMarkdown },
  cyclonedx: { name: 'sbom.cdx.json', render: renderCycloneDx },
};

/** Writes every document of a case, signs over all of them, and names the folder. */
export function sealingStage(
  open: OpenCase,
  {
    evidence,
    log,
    formats,
    name,
  }: {
    readonly evidence: EvidenceBundle;
    readonly log: LogWriter;
    readonly formats: readonly Format[];
    readonly name: string;
  },
  context: SealingContext,
): string {
  const { signer, circumstances } = context;
  const logFiles = log.close();
  const documents = [...new Set(formats)].map((format) => DOCUMENTS[format]);
  const files = [
    { name: 'case.json', bytes: encodeCanonicalJson(caseRecord(evidence, log.trail, context)) },
    { name: 'evidence.json', bytes: encodeCanonicalJson(evidence) },
    { name: 'examiner.pub', bytes: formatPublicKey(signer.publicKey) },
    ...documents.map((document) => ({
      name: document.name,
      bytes: document.render(evidence, circumstances.isolation),
    })),
  ];
  for (const file of files) open.write(file.name, file.bytes);
  const sealed = [
    ...logFiles,
    ...files.map((file) => ({ name: file.name, sha256: sha256Hex(file.bytes) })),
  ];
  const statement = createStatement(evidence, log.trail.root(), sealed);
  open.write(SEAL_FILE, sealStatement(statement, signer));
  return open.commit(name);
}
