import { createBudget } from '#base';
import { inspectZip, type ZipEntry, type ZipInspection } from '#module';
import { createLayer, isStorablePath, type Layer, type Profile, putFile } from '#sandbox';
import type { ExaminationRequest } from '../tools.ts';

/** Where an entry's content stands in the sandbox, and what facts call it. */
export interface PlacedFile {
  readonly sandboxPath: string;
  /** The path inside the module; the entry's name for one that the go command refuses. */
  readonly path: string;
  readonly entry: ZipEntry;
}

/** The archive's report, and a layer that holds all content that could be read. */
export interface Intake {
  readonly inspection: ZipInspection;
  readonly layer: Layer;
  /** By sandbox path. */
  readonly placed: ReadonlyMap<string, PlacedFile>;
}

const SMALL = 16 * 1024 * 1024;

function placeOf(entry: ZipEntry, limits: Profile['limits']): string {
  const inModule = entry.path === undefined ? undefined : `/module/${entry.path}`;
  // A name that the go command takes can still be too long or deep to be stored under it.
  return inModule !== undefined && isStorablePath(inModule, limits)
    ? inModule
    : `/entries/${entry.index}`;
}

/** What an archive may inflate to by its own size; small ones are given room, they cost nothing. */
export function packedLimit(
  { length }: Uint8Array,
  { ratio }: Pick<Profile['limits'], 'ratio'>,
): number {
  return Math.max(length * ratio, SMALL);
}

/** Reads the archive once: after this, its bytes are only in the sandbox. */
export async function intakeStage(
  { zip, stated, profile }: ExaminationRequest,
  breathe: () => Promise<void>,
): Promise<Intake> {
  const { limits } = profile.profile;
  const layer = createLayer('module');
  const placed = new Map<string, PlacedFile>();
  const names = new Set<string>();
  const inspection = await inspectZip(zip, {
    stated,
    entries: limits.entries,
    inflated: createBudget(Math.min(limits.inflatedBytes, packedLimit(zip, limits))),
    breathe,
    keep(entry, content) {
      if (entry.isDirectory) return;
      const sandboxPath = placeOf(entry, limits);
      const name = entry.path ?? entry.name;
      // Refused entries may share a name; facts need to tell them apart.
      const path = names.has(name) ? `${name}#${entry.index}` : name;
      names.add(path);
      putFile(layer, sandboxPath, content);
      placed.set(sandboxPath, { sandboxPath, path, entry });
    },
  });
  return { inspection, layer, placed };
}
