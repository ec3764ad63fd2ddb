import { cleanPath, cutText, decodeByteString } from '#base';
import type { ModuleVersion } from '../module-version.ts';
import { filePathFault, isPlainFilePath, moduleVersionFault } from '../path.ts';
import { quoteGo, quoteGoText } from '../quote.ts';
import { foldCase } from '../unicode.ts';
import { canonicalVersion } from '../version.ts';
import type { ZipHeader } from './directory.ts';
import type { ReadFaultCode } from './entry.ts';

/** The go command's limits on a module zip and on the sum of its declared sizes, in bytes. */
export const MAX_ZIP_SIZE = 524_288_000;
const MAX_GO_MOD_SIZE = 16_777_216;

const LONGEST_DETAIL = 2000;

/** A fault or deviation with no more words than are read. */
export function cutFault<Fault extends { readonly detail: string }>(fault: Fault): Fault {
  if (fault.detail.length <= LONGEST_DETAIL) return fault;
  return { ...fault, detail: cutText(fault.detail, LONGEST_DETAIL) };
}

/** Why the go command refuses an archive or an entry. */
export type ZipFaultCode =
  | ReadFaultCode
  | 'not-zip-directory'
  | 'non-canonical-version'
  | 'invalid-module'
  | 'zip-too-large'
  | 'missing-prefix'
  | 'not-clean'
  | 'invalid-path'
  | 'case-collision'
  | 'file-and-directory'
  | 'duplicate'
  | 'nested-go-mod'
  | 'go-mod-case'
  | 'total-too-large'
  | 'go-mod-too-large'
  | 'license-too-large';

/** One reason of refusal, in Go's words; `index` counts entries of the directory from 0. */
export interface ZipFault {
  readonly code: ZipFaultCode;
  readonly index: number | null;
  readonly detail: string;
}

/** The names of x/mod's zip.CheckZip: which entries are files of the module, and every fault. */
export interface ZipCheck {
  /** Per entry: its path inside the module; undefined for directories and refused entries. */
  readonly paths: readonly (string | undefined)[];
  readonly faults: readonly ZipFault[];
  /** False where there were more names than are compared with each other. */
  readonly isComplete: boolean;
}

type Collision = { readonly code: ZipFaultCode; readonly detail: string };

// More folders and files than any module has; a directory of nothing but deep names must not cost a
// gigabyte. What is beyond is not compared, which is said.
const MOST_NODES = 1_000_000;

/** A path as it is spelled: one object a spelling, so that equality is identity. */
interface Spelling {
  readonly parent: Spelling | undefined;
  readonly element: string;
  below: Map<string, Spelling> | undefined;
  /** The same path under case folding. */
  readonly folded: Folded;
  /** True for a folder that has claimed its name without a collision, and so have its parents. */
  isSettled: boolean;
}

/** A path under case folding, and the entry that was first to claim it. */
interface Folded {
  below: Map<string, Folded> | undefined;
  first: { readonly spelling: Spelling; readonly isDirectory: boolean } | undefined;
}

function spell(node: Spelling): string {
  const elements: string[] = [];
  for (let at: Spelling | undefined = node; at?.parent !== undefined; at = at.parent) {
    elements.push(at.element);
  }
  return elements.reverse().join('/');
}

function claim(spelling: Spelling, isDirectory: boolean): Collision | undefined {
  const { folded } = spelling;
  if (folded.first === undefined) {
    folded.first = { spelling, isDirectory };
    return undefined;
  }
  const { first } = folded;
  if (first.spelling === spelling && first.isDirectory && isDirectory) return undefined;
  const path = quoteGoText(spell(spelling));
  if (first.spelling !== spelling) {
    const detail = `case-insensitive file name collision: ${quoteGoText(spell(first.spelling))} and ${path}`;
    return { code: 'case-collision', detail };
  }
  if (first.isDirectory !== isDirectory) {
    return { code: 'file-and-directory', detail: `entry ${path} is both a file and a directory` };
  }
  return { code: 'duplicate', detail: `multiple entries for file ${path}` };
}

function claimFolders(folder: Spelling): Collision | undefined {
  const claimed: Spelling[] = [];
  for (let at = folder; at.parent !== undefined && !at.isSettled; at = at.parent) {
    const collision = claim(at, true);
    if (collision !== undefined) return collision;
    claimed.push(at);
  }
  for (const each of claimed) each.isSettled = true;
  return undefined;
}

function stepFolded(parent: Folded, key: string): Folded {
  const known = parent.below?.get(key);
  if (known !== undefined) return known;
  const made: Folded = { below: undefined, first: undefined };
  parent.below ??= new Map();
  parent.below.set(key, made);
  return made;
}

/** The collision test of one archive. */
export interface CollisionCheck {
  /** What collides with an earlier path; undefined where nothing does. */
  readonly claim: (path: string, isDirectory: boolean) => Collision | undefined;
  /** False where there were more names than are compared. */
  readonly isComplete: () => boolean;
}

/**
 * x/mod's collision test: a path claims its folded name, then each parent does, until one collides.
 *
 * A try rather than x/mod's map of whole paths: a name of 32,000 elements costs its length, not its
 * square.
 */
export function createCollisionCheck(): CollisionCheck {
  const folded: Folded = { below: undefined, first: undefined };
  const top = { parent: undefined, element: '', below: undefined, folded };
  const root: Spelling = { ...top, isSettled: true };
  // Files of one folder follow each other.
  let last: { readonly name: string; readonly folder: Spelling | undefined } | undefined;
  let nodes = 0;

  function step(parent: Spelling | undefined, element: string): Spelling | undefined {
    const known = parent?.below?.get(element);
    if (known !== undefined || parent === undefined) return known;
    if (++nodes > MOST_NODES) return undefined;
    const below = stepFolded(parent.folded, foldCase(element));
    const made: Spelling = { parent, element, below: undefined, folded: below, isSettled: false };
    parent.below ??= new Map();
    parent.below.set(element, made);
    return made;
  }

  function folderOf(name: string): Spelling | undefined {
    if (last?.name !== name) last = { name, folder: name.split('/').reduce(step, root) };
    return last.folder;
  }

  return {
    isComplete: () => nodes <= MOST_NODES,
    claim(path, isDirectory) {
      const slash = path.lastIndexOf('/');
      const folder = slash < 0 ? root : folderOf(path.slice(0, slash));
      const own = step(folder, path.slice(slash + 1));
      if (folder === undefined || own === undefined) return undefined;
      return claim(own, isDirectory) ?? claimFolders(folder);
    },
  };
}

function nameFault(path: string): Collision | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1);
  if (base.toLowerCase() !== 'go.mod') return undefined;
  if (base !== path)
    return { code: 'nested-go-mod', detail: 'go.mod file not in module root directory' };
  if (path !== 'go.mod')
    return { code: 'go-mod-case', detail: 'go.mod files must have lowercase names' };
  return undefined;
}

function sizeFault(path: string, size: number): Collision | undefined {
  if (size <= MAX_GO_MOD_SIZE || size >= 2 ** 63) return undefined;
  const detail = `${path} file too large (max size is ${MAX_GO_MOD_SIZE} bytes)`;
  if (path === 'go.mod') return { code: 'go-mod-too-large', detail };
  return path === 'LICENSE' ? { code: 'license-too-large', detail } : undefined;
}

/** The faults of path and version that end x/mod's check before it opens the archive. */
export function subjectFault({ path, version }: ModuleVersion): Collision | undefined {
  const canonical = canonicalVersion(version);
  if (canonical !== version) {
    const detail = `version ${quoteGoText(version)} is not canonical (should be ${quoteGoText(canonical)})`;
    return { code: 'non-canonical-version', detail };
  }
  const fault = moduleVersionFault(path, version);
  return fault === undefined ? undefined : { code: 'invalid-module', detail: fault };
}

/** The path of an entry inside the module, or the rule that its name breaks; undefined for the prefix itself. */
function readName(
  rawName: string,
  { prefix, missing }: { readonly prefix: string; readonly missing: Collision },
): { readonly path: string; readonly isDirectory: boolean } | Collision | undefined {
  if (!rawName.startsWith(prefix)) return missing;
  if (rawName.length === prefix.length) return undefined;
  const isDirectory = rawName.endsWith('/');
  const raw = rawName.slice(prefix.length, isDirectory ? -1 : undefined);
  if (isPlainFilePath(raw)) return { path: raw, isDirectory };
  if (cleanPath(raw) !== raw) return { code: 'not-clean', detail: 'file path is not clean' };
  const malformed = filePathFault(raw);
  if (malformed !== undefined) return { code: 'invalid-path', detail: malformed };
  return { path: decodeByteString(raw) ?? raw, isDirectory };
}

/** Applies the rules of x/mod's zip.CheckZip to the entries, in its order, collecting all faults. */
export function checkZipEntries(entries: readonly ZipHeader[], prefix: string): ZipCheck {
  const collisions = createCollisionCheck();
  const missing: Collision = {
    code: 'missing-prefix',
    detail: `path does not have prefix ${quoteGo(prefix)}`,
  };
  const faults: ZipFault[] = [];
  let total = 0;
  let overflowed = false;

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the order of x/mod's own loop, which decides which fault is named.
  function checkEntry({ rawName, size }: ZipHeader, index: number): string | undefined {
    const named = readName(rawName, { prefix, missing });
    if (named === undefined) return undefined;
    const fault = 'code' in named ? named : collisions.claim(named.path, named.isDirectory);
    if (fault !== undefined) faults.push(cutFault({ ...fault, index }));
    if (fault !== undefined || 'code' in named || named.isDirectory) return undefined;
    const goMod = nameFault(named.path);
    if (goMod === undefined) {
      if (MAX_ZIP_SIZE - total >= size) total += size;
      else overflowed = true;
    }
    const refused = goMod ?? sizeFault(named.path, size);
    if (refused !== undefined) faults.push({ ...refused, index });
    return refused === undefined ? named.path : undefined;
  }

  const paths = entries.map(checkEntry);
  if (overflowed) {
    const detail = `total uncompressed size of module contents too large (max size is ${MAX_ZIP_SIZE} bytes)`;
    faults.unshift({ code: 'total-too-large', index: null, detail });
  }
  return { paths, faults, isComplete: collisions.isComplete() };
}
