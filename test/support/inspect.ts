import { createBudget } from '#base';
import { inspectZip, type ModuleVersion, type ZipInspection } from '#module';

/** The subject of the hostile zips. */
export const SUBJECT: ModuleVersion = { path: 'example.com/m', version: 'v1.0.0' };

/** Inspects with room for everything that a test builds. */
export function inspectBytes(
  bytes: Uint8Array,
  stated: ModuleVersion | undefined = SUBJECT,
): Promise<ZipInspection> {
  return inspectZip(bytes, {
    stated,
    entries: 100_000,
    inflated: createBudget(700_000_000),
    keep: () => undefined,
  });
}
