import { checkGoSum, type GoSumResult, type ZipInspection } from '#module';
import type { ExaminationRequest } from '../tools.ts';

/** Compares the hashes with what was given to compare them with. */
export function integrityStage(
  { goSum }: ExaminationRequest,
  inspection: ZipInspection,
): GoSumResult {
  return checkGoSum(goSum, inspection.subject, inspection);
}
