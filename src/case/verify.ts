import { createBudget } from '#base';
import { type GoSumLine, inspectZip, type ModuleVersion, type ZipInspection } from '#module';
import type { Profile } from '#sandbox';
import type { SumdbAsker } from '#sumdb';
import { type Integrity, integrityStage } from './stages/integrity.ts';

/** What a zip is compared with, and what looking may cost. */
export interface VerificationOptions {
  readonly stated: ModuleVersion | undefined;
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly sumdb: SumdbAsker | undefined;
  readonly limits: Profile['limits'];
}

/** Integrity alone: no file is kept, nothing is analyzed, nothing is written. */
export interface Verification extends Pick<Integrity, 'goSum' | 'sumdb'> {
  readonly inspection: ZipInspection;
  /** True for a zip that Go takes and that is nothing else than what it was compared with. */
  readonly isSound: boolean;
  /** True where everything that was asked has an answer, and all of the zip was read. */
  readonly isConcluded: boolean;
}

/**
 * Verifies one zip as the go command would. Throws for no content.
 */
export async function verifyZip(
  zip: Uint8Array,
  { stated, goSum, sumdb: asker, limits }: VerificationOptions,
): Promise<Verification> {
  const inspection = await inspectZip(zip, {
    stated,
    entries: limits.entries,
    inflated: createBudget(limits.inflatedBytes),
    keep: undefined,
  });
  const { goSum: sums, sumdb, gaps } = await integrityStage({ goSum }, inspection, asker);
  const statuses = [sums.status, sums.goMod, sumdb.status, sumdb.goMod];
  const isFork = sumdb.status === 'fork';
  const isProven = sumdb.status === 'match';
  const isCut = inspection.gaps.some(({ code }) => code === 'over-budget');
  return {
    inspection,
    goSum: sums,
    sumdb,
    // What was not read to its end is not refused: it is not concluded.
    isSound: inspection.faults.length === 0 && !statuses.includes('mismatch') && !isFork,
    isConcluded:
      (inspection.accepted || !isCut) &&
      gaps.length === 0 &&
      (isProven || sums.status !== 'absent'),
  };
}
