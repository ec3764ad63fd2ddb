import { little16, little32 } from '../bytes.ts';
import { closed, type List, type Member } from './member.ts';

const ENTRY = 128;
const END_OF_CHAIN = 0xfffffffe;

/** The sector that follows, by the allocation table ([MS-CFB] 2.3); its own sectors are named in the header. */
function follower(bytes: Uint8Array, sector: number, sectorSize: number): number {
  const perSector = sectorSize / 4;
  const table = little32(bytes, 76 + Math.floor(sector / perSector) * 4);
  if (Math.floor(sector / perSector) >= 109) return END_OF_CHAIN;
  return little32(bytes, (table + 1) * sectorSize + (sector % perSector) * 4);
}

function nameOf(bytes: Uint8Array, at: number): string {
  const units = Math.min(32, Math.max(0, little16(bytes, at + 64) / 2 - 1));
  let name = '';
  for (let i = 0; i < units; i++) name += String.fromCharCode(little16(bytes, at + i * 2));
  return name.toWellFormed();
}

/** Storages and streams of a compound file: old office documents, installers. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one chain of sectors, each with its entries.
export const listOle: List = (bytes, most) => {
  const sectorSize = 2 ** little16(bytes, 30);
  if (sectorSize !== 512 && sectorSize !== 4096) return { members: [], isWhole: false };
  const members: Member[] = [];
  const seen = new Set<number>();
  let sector = little32(bytes, 48);
  while (sector < END_OF_CHAIN - 1 && members.length < most) {
    const start = (sector + 1) * sectorSize;
    if (seen.has(sector) || start >= bytes.length) return { members, isWhole: false };
    seen.add(sector);
    for (let at = start; at < start + sectorSize && members.length < most; at += ENTRY) {
      const type = bytes[at + 66];
      if (type !== 1 && type !== 2) continue;
      const size = type === 2 ? little32(bytes, at + 120) : null;
      members.push({ path: nameOf(bytes, at), size, open: closed });
    }
    sector = follower(bytes, sector, sectorSize);
  }
  return { members, isWhole: members.length < most };
};
