import type { Gap } from '#golang';
import { checkGoSum, type GoSumResult, type ZipInspection } from '#module';
import { isUnproven, NOT_ASKED, type SumdbAsker, type SumdbResult, unanswered } from '#sumdb';
import type { ExaminationRequest } from '../tools.ts';

/** What go.sum and the checksum database say of the hashes. */
export interface Integrity {
  readonly goSum: GoSumResult;
  readonly sumdb: SumdbResult;
  /** A proof that was asked for and not made. */
  readonly gaps: readonly Gap[];
}

async function ask(
  asker: SumdbAsker | undefined,
  { subject, h1, goModH1, hasGoMod }: ZipInspection,
): Promise<SumdbResult> {
  if (asker === undefined) return NOT_ASKED;
  if (subject === null) {
    const detail = 'there is no module path and version to ask for';
    return unanswered(asker.database, asker.source, detail);
  }
  return asker.ask({ subject, hashes: { h1, goModH1, hasGoMod } });
}

/** Compares the hashes with what was given to compare them with. */
export async function integrityStage(
  { goSum }: Pick<ExaminationRequest, 'goSum'>,
  inspection: ZipInspection,
  asker: SumdbAsker | undefined,
): Promise<Integrity> {
  const sumdb = await ask(asker, inspection);
  const detail = `${sumdb.database}: ${sumdb.detail ?? sumdb.status}`;
  return {
    goSum: checkGoSum(goSum, inspection.subject, inspection),
    sumdb,
    gaps: isUnproven(sumdb) ? [{ code: 'proof-not-made', file: '', line: 0, detail }] : [],
  };
}
