import type { EvidenceBundle } from '#evidence';

type Zip = EvidenceBundle['integrity']['zip'];
type Region = Zip['map'][number];

const NAMES: Readonly<Record<Region['kind'], string>> = {
  entries: 'entry',
  smuggled: 'SMUGGLED behind the stream',
  unclaimed: 'UNCLAIMED by any entry',
  directory: 'central directory',
  'end-record': 'end record',
  comment: 'COMMENT of the archive',
  trailing: 'TRAILING behind the archive',
  more: 'MORE of all this',
};
const MOST_LINES = 60;

/** True for a stretch that an archive of the go command does not have. */
function isOdd({ kind }: Region): boolean {
  return kind !== 'entries' && kind !== 'directory' && kind !== 'end-record';
}

function describe({ kind, entry, entries }: Region, safe: (text: string) => string): string {
  if (kind === 'entries' && entries > 1) return `${entries} entries, from ${safe(entry ?? '')}`;
  const of = entry === null || entry === undefined ? '' : ` ${safe(entry)}`;
  return kind === 'smuggled' ? `${NAMES[kind]} of${of}` : `${NAMES[kind]}${of}`;
}

/** The map of an archive, a line for each stretch; `safe` makes suspect names printable. */
export function drawMap({ map }: Zip, safe: (text: string) => string): readonly string[] {
  const lines = map.slice(0, MOST_LINES).map((region) => {
    const start = String(region.offset).padStart(10);
    const length = String(region.length).padStart(10);
    return `${start} ${length}  ${isOdd(region) ? '####' : '|   '} ${describe(region, safe)}`;
  });
  const left = map.length - lines.length;
  return [
    `${'offset'.padStart(10)} ${'bytes'.padStart(10)}`,
    ...lines,
    ...(left > 0 ? [`${left} more in evidence.json`] : []),
  ];
}

/** True for an archive whose map says something. */
export function hasOddMap({ map }: Zip): boolean {
  return map.some(isOdd) || hasOverlap(map);
}

function hasOverlap(map: readonly Region[]): boolean {
  let reached = 0;
  return map.some(({ offset, length }) => {
    const isOver = offset < reached;
    reached = Math.max(reached, offset + length);
    return isOver;
  });
}

type Link = readonly [name: string, text: string];

/** What the database's word for an h1 stands on: a line for each link. */
export function databaseLinks(sumdb: EvidenceBundle['integrity']['sumdb']): readonly Link[] {
  const { database, record, treeSize, root, key, logged } = sumdb;
  if (database === null) return [];
  if (record === null || logged === null) {
    const source = sumdb.source === null ? '' : ` (${sumdb.source})`;
    return [[database, `${sumdb.status}${source}: ${sumdb.detail ?? 'no answer'}`]];
  }
  if (logged.h1 === null) return [[database, `${sumdb.status}: ${sumdb.detail ?? 'no such line'}`]];
  const others = sumdb.status === 'mismatch' ? '' : ', and there is no h1 to compare';
  const says = sumdb.status === 'match' ? 'holds this h1' : `holds ${logged.h1}${others}`;
  const goMod: readonly Link[] =
    sumdb.goMod === 'mismatch'
      ? [['go.mod', `is not ${logged.goModH1}, which the record holds`]]
      : [];
  return [
    ['record', `${record} of ${database} ${says}`],
    ...goMod,
    ['inclusion', `proven: record ${record} is in the tree of ${treeSize} records`],
    ['tree head', `${treeSize} records, root ${root}`],
    ['key', `signed by ${key}`],
  ];
}

/** How far the chain from the bytes to the key of the checksum database holds: a line for each link. */
export function chainOf(
  subject: EvidenceBundle['subject'],
  sumdb: EvidenceBundle['integrity']['sumdb'],
): readonly Link[] {
  return [
    ['zip bytes', `${subject.zip.size} bytes, SHA-256 ${subject.zip.sha256}`],
    ['h1', subject.h1 ?? 'the go command computes none'],
    ...databaseLinks(sumdb),
  ];
}

/**
 * What the go command says of the archive, as far as it is known: an archive without a fault that is not
 * accepted was not read to its end.
 */
export function acceptanceOf({ accepted, faults }: Zip): string {
  if (accepted) return 'accepted by the go command';
  if (faults.length === 0) return 'not read to its end';
  return `refused by the go command (${faults.length} ${faults.length === 1 ? 'fault' : 'faults'})`;
}

/** Why there is no h1. */
export function missingH1({ accepted, faults }: Zip): string {
  return !accepted && faults.length === 0
    ? 'none: the archive was not read to its end'
    : 'none: the go command cannot compute one';
}
