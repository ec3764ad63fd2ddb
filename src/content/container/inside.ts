import { type Budget, baseName, extensionOf, type Unpacked } from '#base';
import { formatOf } from '../format.ts';
import { UNPACK } from '../unpack/unpack.ts';
import { listAr } from './ar.ts';
import type { List, Member } from './member.ts';
import { listOle } from './ole.ts';
import { listSevenZip } from './seven-zip.ts';
import { listSqlite } from './sqlite.ts';
import { listTar } from './tar.ts';
import { listZip } from './zip.ts';

/** One file inside of another; `a.tar!/b` is `b` inside of `a.tar`. */
export interface InnerFile {
  readonly path: string;
  readonly size: number | null;
  /** What it is by its content; null where it was not opened. */
  readonly format: string | null;
}

/** What is in a container, as far as it was looked at. */
export interface Inside {
  readonly files: readonly InnerFile[];
  /** `whole`; `cut` where a budget ended it; `damaged`; `closed` where a part cannot be opened here. */
  readonly end: 'whole' | 'cut' | 'damaged' | 'closed';
}

/** How much may be unpacked and listed. */
export interface UnpackBudgets {
  /** Unpacked bytes, all together. */
  readonly bytes: Budget;
  /** Members, all together. */
  readonly members: Budget;
}

const LISTS: Readonly<Record<string, List>> = {
  zip: listZip,
  tar: listTar,
  ar: listAr,
  '7z': listSevenZip,
  sqlite: listSqlite,
  ole: listOle,
};
/** Archives whose members nothing here can list. */
const UNLISTED = new Set(
  'rar cab lz4 lzip lzop compress pack arj lha xar rpm cpio squashfs iso9660 snappy'.split(' '),
);
/** Archives inside archives. */
const DEEPEST = 6;
/** Bytes of one member. */
const LARGEST_MEMBER = 67_108_864;
/** Characters of a path inside; names of 65,535 bytes by the thousand are a bomb as well. */
const LONGEST_PATH = 1024;
/** Members of one container that are listed. */
const MOST_MEMBERS = 10_000;

type End = Inside['end'];
/** The worse of two ends. */
const ORDER: readonly End[] = ['whole', 'damaged', 'closed', 'cut'];
const worse = (a: End, b: End): End => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);

/** What a stream of one file is called once it is unpacked: `a.tar` for `a.tgz`, `a~` for `a`. */
function unpackedName(path: string): string {
  const name = baseName(path);
  const extension = extensionOf(name).toLowerCase();
  if (['.gz', '.bz2', '.xz', '.zst', '.lzma'].includes(extension) && name.length > extension.length)
    return name.slice(0, -extension.length);
  if (['.tgz', '.tbz', '.tbz2', '.txz', '.tzst'].includes(extension))
    return `${name.slice(0, -extension.length)}.tar`;
  return `${name}~`;
}

/** Where a walk is: the file that is opened, its place inside of the others, and how deep. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

/** A walk through one file. */
class Walk {
  readonly files: InnerFile[] = [];
  end: End = 'whole';
  private readonly budgets: UnpackBudgets;

  constructor(budgets: UnpackBudgets) {
    this.budgets = budgets;
  }

  /** Opens what the bytes are, if they hold anything. */
  into(bytes: Uint8Array, format: string, at: Place): void {
    const unpack = UNPACK[format];
    const list = LISTS[format];
    if (UNLISTED.has(format)) this.end = worse(this.end, 'closed');
    if (unpack === undefined && list === undefined) return;
    if (at.depth >= DEEPEST) this.end = worse(this.end, 'cut');
    else if (list !== undefined) this.list(list(bytes, MOST_MEMBERS), at);
    else {
      const path = unpackedName(at.name);
      this.member({ path, size: null, open: (limit) => unpack?.(bytes, limit) }, at);
    }
  }

  private list({ members, isWhole, isClosed }: ReturnType<List>, at: Place): void {
    if (isClosed === true) this.end = worse(this.end, 'closed');
    else if (!isWhole)
      this.end = worse(this.end, members.length >= MOST_MEMBERS ? 'cut' : 'damaged');
    for (const member of members) {
      if (this.budgets.members.spend(1)) this.member(member, at);
      else this.end = 'cut';
    }
  }

  private open(member: Member): Unpacked | undefined {
    const left = Math.min(LARGEST_MEMBER, this.budgets.bytes.remaining());
    const opened = left === 0 ? undefined : member.open(left);
    if (left === 0) this.end = 'cut';
    else if (opened?.end === 'cut') {
      // What does not fit has cost as much as if it did.
      this.budgets.bytes.spend(left);
      this.end = 'cut';
    } else this.budgets.bytes.spend(opened?.bytes.length ?? 0);
    if (opened?.end === 'damaged') this.end = worse(this.end, 'damaged');
    return opened;
  }

  private member(member: Member, at: Place): void {
    const whole = at.path === '' ? member.path : `${at.path}!/${member.path}`;
    const path = whole.slice(0, LONGEST_PATH).toWellFormed();
    if (member.size === 0 || member.path.endsWith('/')) {
      this.files.push({ path, size: member.size, format: null });
      return;
    }
    const opened = this.open(member);
    const isOpen = opened !== undefined && opened.bytes.length > 0;
    const format = isOpen ? formatOf(opened.bytes).format : null;
    this.files.push({ path, size: member.size ?? opened?.bytes.length ?? null, format });
    if (opened === undefined && member.size !== null) this.end = worse(this.end, 'closed');
    if (isOpen && format !== null) {
      const inner = { name: member.path, path, depth: at.depth + 1 };
      this.into(opened.bytes, format, inner);
    }
  }
}

/** Lists what is inside of bytes of a format; undefined where it holds no other files. */
export function listInside(
  {
    path,
    bytes,
    format,
  }: { readonly path: string; readonly bytes: Uint8Array; readonly format: string },
  budgets: UnpackBudgets,
): Inside | undefined {
  if (!(format in LISTS) && !(format in UNPACK) && !UNLISTED.has(format)) return undefined;
  const walk = new Walk(budgets);
  walk.into(bytes, format, { name: path, path: '', depth: 0 });
  return { files: walk.files, end: walk.end };
}
