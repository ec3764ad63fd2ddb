import type { ZipDirectory } from './directory.ts';
import { type Extent, findEndRecord, type ZipDeviation } from './layout.ts';

/** A stretch of the archive's bytes. Where entries overlap, so do their regions. */
export interface ZipRegion {
  readonly kind:
    | 'entries'
    | 'smuggled'
    | 'unclaimed'
    | 'directory'
    | 'end-record'
    | 'comment'
    | 'trailing'
    | 'more';
  readonly offset: number;
  readonly length: number;
  /** The first entry it belongs to, counted from 0; null for what no entry claims. */
  readonly index: number | null;
  /** How many entries lie here, one behind the other without anything between them. */
  readonly entries: number;
}

// An archive of nothing but gaps has as many regions as entries: what is beyond is one region, `more`.
const MOST_REGIONS = 1000;

type OpenDirectory = Extract<ZipDirectory, { readonly error: undefined }>;

function region(
  kind: ZipRegion['kind'],
  [start, end]: readonly [number, number],
  index: number | null = null,
): ZipRegion {
  return { kind, offset: start, length: end - start, index, entries: kind === 'entries' ? 1 : 0 };
}

/** One entry's bytes: those that Go reads, and those behind the end of its stream. */
function regionsOf({ index, start, end }: Extent, smuggled: ZipDeviation | undefined): ZipRegion[] {
  const { offset, length } = smuggled ?? {};
  if (typeof offset !== 'number' || typeof length !== 'number')
    return [region('entries', [start, end], index)];
  const hidden = region('smuggled', [offset, Math.min(end, offset + length)], index);
  return [region('entries', [start, offset], index), hidden];
}

/** Joins entries that follow each other, so that the map of a plain archive is three lines. */
function join(regions: readonly ZipRegion[]): ZipRegion[] {
  const joined: ZipRegion[] = [];
  let run: { -readonly [Field in keyof ZipRegion]: ZipRegion[Field] } | undefined;
  for (const next of regions) {
    const { kind, offset, length, index } = next;
    const isNext =
      run !== undefined &&
      kind === 'entries' &&
      run.offset + run.length === offset &&
      (run.index ?? 0) + run.entries === index;
    if (isNext && run !== undefined) {
      run.length += length;
      run.entries++;
    } else {
      run = kind === 'entries' ? { ...next } : undefined;
      joined.push(run ?? next);
    }
  }
  return joined;
}

function endRegions(bytes: Uint8Array, { end }: OpenDirectory): ZipRegion[] {
  const record = findEndRecord(bytes);
  if (record === undefined) return [region('end-record', [end, bytes.length])];
  const { at, stop } = record;
  return [
    region('end-record', [Math.min(end, at), at + 22]),
    region('comment', [at + 22, Math.min(stop, bytes.length)]),
    region('trailing', [stop, bytes.length]),
  ];
}

function cutRegions(regions: readonly ZipRegion[], end: number): readonly ZipRegion[] {
  const next = regions[MOST_REGIONS];
  if (next === undefined) return regions;
  const entries = regions.slice(MOST_REGIONS).reduce((sum, each) => sum + each.entries, 0);
  const more = { kind: 'more' as const, offset: next.offset, length: 0, index: null, entries };
  return [...regions.slice(0, MOST_REGIONS), { ...more, length: Math.max(0, end - next.offset) }];
}

/** The map of an archive: every byte of it in the order of their places, and what it is. */
export function mapArchive(
  bytes: Uint8Array,
  {
    directory,
    extents,
  }: { readonly directory: OpenDirectory; readonly extents: readonly Extent[] },
  deviations: readonly ZipDeviation[],
): readonly ZipRegion[] {
  const smuggled = new Map<number, ZipDeviation>();
  for (const deviation of deviations) {
    const isHidden = deviation.code === 'smuggled-bytes' || deviation.code === 'directory-content';
    if (isHidden && deviation.index !== null) smuggled.set(deviation.index, deviation);
  }
  const regions: ZipRegion[] = [];
  let reached = 0;
  for (const extent of extents) {
    if (extent.start > reached) regions.push(region('unclaimed', [reached, extent.start]));
    regions.push(...regionsOf(extent, smuggled.get(extent.index)));
    reached = Math.max(reached, extent.end);
  }
  if (reached < directory.start) regions.push(region('unclaimed', [reached, directory.start]));
  const end = [
    region('directory', [directory.start, directory.end]),
    ...endRegions(bytes, directory),
  ].filter(({ length }) => length > 0);
  return [...cutRegions(join(regions), reached), ...end];
}
