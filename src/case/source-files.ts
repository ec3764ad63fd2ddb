import { compareUtf8 } from '#base';
import type { SourceTree } from '#golang';
import type { Filesystem } from '#sandbox';
import type { PlacedFile } from './stages/intake.ts';

/** The files of the sandbox by the paths that facts use, read through the audited filesystem. */
export interface SourceFiles extends SourceTree {
  placedAt(path: string): PlacedFile;
  /** Files of other modules, by the paths that facts use; undefined where it is none of them. */
  readOther(path: string): Uint8Array | undefined;
}

const ROOTS = ['/entries', '/module'];

function walk(files: Filesystem, root: string): readonly string[] {
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { name, kind } of files.list(folder)) {
      const path = `${folder}/${name}`;
      if (kind === 'directory') folders.push(path);
      else found.push(path);
    }
  }
  return found;
}

/** Lists the sandbox once, in the byte order of the paths that facts use. */
export function listSourceFiles(
  files: Filesystem,
  placed: ReadonlyMap<string, PlacedFile>,
  others: ReadonlyMap<string, string>,
): SourceFiles {
  const roots = files.list('/').map(({ name }) => `/${name}`);
  const byPath = new Map<string, PlacedFile>();
  for (const root of ROOTS.filter((path) => roots.includes(path))) {
    for (const sandboxPath of walk(files, root)) {
      const file = placed.get(sandboxPath);
      if (file !== undefined) byPath.set(file.path, file);
    }
  }
  const paths = [...byPath.keys()].sort(compareUtf8);

  function placedAt(path: string): PlacedFile {
    const file = byPath.get(path);
    if (file === undefined) throw new Error(`No file of the sandbox is called ${path}`);
    return file;
  }

  return {
    list: () => paths,
    read: (path) => files.readFile(placedAt(path).sandboxPath),
    placedAt,
    readOther(path) {
      const sandboxPath = others.get(path);
      return sandboxPath === undefined ? undefined : files.readFile(sandboxPath);
    },
  };
}
