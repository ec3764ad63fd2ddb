import { createBudget, cutText, sha256Hex } from '#base';
import type { Facts } from '#detection';
import {
  type GoSumLine,
  inspectZip,
  MAX_ZIP_SIZE,
  type ModuleVersion,
  type ZipInspection,
} from '#module';
import type { SumdbAsker } from '#sumdb';
import { withEntries } from './entries.ts';
import { type Integrity, integrityStage } from './stages/integrity.ts';

/** The most bytes of a zip that is read: above Go's own limit, so that it can be named. */
export const LARGEST_VERIFIED = 2 * MAX_ZIP_SIZE;

// Above what any zip can have that Go takes: what is over them is said to be, and not concluded.
const MOST_ENTRIES = 1_000_000;
const MOST_INFLATED = 2 * MAX_ZIP_SIZE;

// Ten thousand of them, every character escaped, still make a line that can be written.
const LONGEST_NAME = 2000;
const MOST_GAPS = 1000;

/** What a zip is compared with. */
export interface VerificationOptions {
  readonly stated: ModuleVersion | undefined;
  readonly goSum: readonly GoSumLine[] | undefined;
  readonly sumdb: SumdbAsker | undefined;
  readonly breathe: () => Promise<void>;
}

/** Integrity alone: no file is kept, nothing is analyzed, nothing is written. */
export interface Verification extends Pick<Integrity, 'goSum' | 'sumdb'> {
  readonly subject: ModuleVersion | null;
  readonly accepted: boolean;
  /** Every fault, with the name of the entry that it is of. */
  readonly faults: Facts['archive']['faults'];
  readonly h1: string | null;
  readonly goModH1: string | null;
  readonly gaps: ZipInspection['gaps'];
  /** The bytes of the zip: what ties the answer to the exhibit. */
  readonly zip: { readonly size: number; readonly sha256: string };
  /** True for a zip that Go takes and can hash, and that is nothing else than what it was compared with. */
  readonly isSound: boolean;
  /** True where everything that was asked has an answer, and all of the zip was read. */
  readonly isConcluded: boolean;
}

/**
 * Verifies one zip as the go command would. Throws for no content.
 */
export async function verifyZip(
  zip: Uint8Array,
  { stated, goSum, sumdb: asker, breathe }: VerificationOptions,
): Promise<Verification> {
  const inspection = await inspectZip(zip, {
    stated,
    entries: MOST_ENTRIES,
    inflated: createBudget(MOST_INFLATED),
    keep: undefined,
    breathe,
  });
  const { goSum: sums, sumdb, gaps: unproven } = await integrityStage({ goSum }, inspection, asker);
  const statuses = [sums.status, sums.goMod, sumdb.status, sumdb.goMod];
  const isFork = sumdb.status === 'fork';
  const isProven = sumdb.status === 'match';
  const isCut = inspection.gaps.some(({ code }) => code === 'over-budget');
  const { subject, accepted, h1, goModH1 } = inspection;
  return {
    subject,
    accepted,
    faults: withEntries(inspection).map((fault) => ({
      ...fault,
      entry: fault.entry && cutText(fault.entry, LONGEST_NAME),
    })),
    h1,
    goModH1,
    gaps: inspection.gaps.slice(0, MOST_GAPS),
    zip: { size: zip.length, sha256: sha256Hex(zip) },
    goSum: sums,
    sumdb,
    // What was not read to its end is not refused: it is not concluded.
    isSound:
      inspection.faults.length === 0 &&
      (inspection.h1 !== null || isCut) &&
      !statuses.includes('mismatch') &&
      !isFork,
    isConcluded:
      (inspection.accepted || !isCut) &&
      unproven.length === 0 &&
      (goSum === undefined || isProven || sums.status === 'match'),
  };
}
