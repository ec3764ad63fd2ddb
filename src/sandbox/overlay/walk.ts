import { type Place, SandboxError, type SandboxErrorCode } from '../filesystem.ts';
import { type DirectoryInode, type Inode, joinPath, pathOf } from './inode.ts';
import type { Tree } from './tree.ts';

// limits.h and path_resolution(7) of Linux.
export const PATH_MAX = 4096;
const NAME_MAX = 255;
const MAXSYMLINKS = 40;

/** Where a path leads: the folder and the name in it, and what is there. */
export interface Walked {
  readonly parent: DirectoryInode;
  /** Empty unless `last` is `name`. */
  readonly name: string;
  readonly inode: Inode | undefined;
  /** What the path ends in. */
  readonly last: 'name' | 'dot' | 'dotdot' | 'root';
  readonly hasTrailingSlash: boolean;
  /** Of the last name, where only its folder was wanted: refused when the name is looked up. */
  readonly isTooLong: boolean;
  /** The places of the links that were followed. */
  readonly links: readonly string[];
}

const REASONS: Partial<Record<SandboxErrorCode, string>> = {
  EACCES: 'the profile denies it',
  EBADF: 'the handle is not open for that',
  EBUSY: 'it is in use',
  EEXIST: 'the name is taken',
  EILSEQ: 'it is no well-formed text',
  EINVAL: 'it makes no sense',
  EISDIR: 'it is a folder',
  ELOOP: 'there are too many links',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'nothing is there',
  ENOSPC: 'the sandbox is full',
  ENOTDIR: 'it is no folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'it is not permitted',
};

/** {@link refusal} for one operation on one path. */
export function refusing(action: string, path: string): (code: SandboxErrorCode) => SandboxError {
  return (code) => refusal(code, action, path);
}

/** The error of an operation, with what was tried and why not. */
export function refusal(code: SandboxErrorCode, action: string, path: string): SandboxError {
  return new SandboxError(code, `Cannot ${action} ${JSON.stringify(path)}: ${REASONS[code]}`);
}

function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

function checkText(path: string, action: string): void {
  if (path.includes('\0')) throw refusal('EINVAL', action, path);
  if (!path.isWellFormed()) throw refusal('EILSEQ', action, path);
  if (path === '') throw refusal('ENOENT', action, path);
  // With the NUL at its end it has to fit into PATH_MAX.
  if (path.length >= PATH_MAX || utf8Length(path) >= PATH_MAX)
    throw refusal('ENAMETOOLONG', action, path);
}

/** A target that a link can have, as for symlink(2). */
export function checkTarget(target: string): void {
  checkText(target, 'make a link to');
}

/**
 * Finds what a path leads to. A link at its end is followed where `follow` says so, and always where
 * a slash comes behind it, unless `parentOnly`: then the name itself is what is wanted.
 *
 * @throws SandboxError `ENOENT`, `ENOTDIR`, `ELOOP`, `ENAMETOOLONG`, `EINVAL`, `EILSEQ`.
 */
export type Walk = (
  place: Place,
  action: string,
  how: {
    readonly follow: boolean;
    readonly parentOnly?: boolean;
    /** A file is to be made at the end: no slash can come behind it. */
    readonly create?: boolean;
  },
) => Walked;

/** What a walk goes along with: the steps still to take, the last one first. */
interface Path {
  readonly steps: string[];
  readonly hasTrailingSlash: boolean;
}

function split(path: string): Path {
  const steps = path.split('/').filter((step) => step !== '');
  return { steps: steps.reverse(), hasTrailingSlash: path.endsWith('/') };
}

/**
 * Walks paths over the merged view as path_resolution(7) says: links where they stand, `..` to the
 * folder that is really above, nothing lexical.
 */
export function createWalker(tree: Tree, folderOf: (handle: number) => DirectoryInode): Walk {
  function start(place: Place): readonly [string, DirectoryInode] {
    if (typeof place === 'string') return [place, tree.root];
    const { path, directory } = place;
    return [path, path.startsWith('/') ? tree.root : folderOf(directory)];
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop, as the kernel's, whose order decides which error is told.
  return (place, action, { follow, parentOnly = false, create = false }) => {
    const [path, from] = start(place);
    const fail = refusing(action, path);
    checkText(path, action);
    let { steps, hasTrailingSlash } = split(path);
    let at = path.startsWith('/') ? tree.root : from;
    const links: string[] = [];
    let last: Walked['last'] = path.startsWith('/') ? 'root' : 'dot';
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const isLast = steps.length === 0;
      if (step === '.' || step === '..') {
        last = step === '.' ? 'dot' : 'dotdot';
        if (step === '..') at = at.parent ?? at;
        continue;
      }
      last = 'name';
      if (isLast && create && hasTrailingSlash) throw fail('EISDIR');
      const isTooLong = utf8Length(step) > NAME_MAX;
      if (isTooLong && !(isLast && parentOnly)) throw fail('ENAMETOOLONG');
      const inode = at.isRemoved ? undefined : tree.lookup(at, step);
      const wanted = { parent: at, name: step, inode, last, hasTrailingSlash, isTooLong, links };
      if (isLast && parentOnly) return wanted;
      if (inode?.kind === 'link' && (!isLast || follow || hasTrailingSlash)) {
        if (links.length >= MAXSYMLINKS) throw fail('ELOOP');
        links.push(joinPath(pathOf(at) ?? '/', step));
        const target = split(inode.target);
        if (inode.target.startsWith('/')) at = tree.root;
        if (isLast) hasTrailingSlash ||= target.hasTrailingSlash;
        if (target.steps.length === 0) last = 'root';
        steps = [...steps, ...target.steps];
        continue;
      }
      if (isLast) {
        if (hasTrailingSlash && inode !== undefined && inode.kind !== 'directory')
          throw fail('ENOTDIR');
        return wanted;
      }
      if (inode === undefined) throw fail('ENOENT');
      if (inode.kind !== 'directory') throw fail('ENOTDIR');
      at = inode;
    }
    const end = { last, hasTrailingSlash, isTooLong: false, links };
    return { parent: at, name: '', inode: at, ...end };
  };
}
