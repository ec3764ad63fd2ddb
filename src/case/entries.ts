import type { ZipInspection } from '#module';

type Named<Item> = Item & { readonly entry: string | null; readonly nameBytes?: string };

/** Puts the name of its entry beside what is said of one. */
export function nameEntry<Item extends { readonly index: number | null }>(
  { entries }: Pick<ZipInspection, 'entries'>,
  item: Item,
): Named<Item> {
  const { name = null, nameBytes } = (item.index === null ? undefined : entries[item.index]) ?? {};
  return { ...item, entry: name, ...(nameBytes === undefined ? {} : { nameBytes }) };
}

/** The faults of an archive with the names of their entries. */
export function withEntries(
  inspection: Pick<ZipInspection, 'entries' | 'faults'>,
): readonly Named<ZipInspection['faults'][number]>[] {
  return inspection.faults.map((fault) => nameEntry(inspection, fault));
}
