import { baseName, directoryOf, toByteString } from '#base';
import type { LimitFact } from './facts.ts';
import type { ModuleFile } from './types/model.ts';

/** True where the go command builds nothing: testdata, and names with a leading dot or underscore. */
export function isIgnoredPath(path: string): boolean {
  const elements = path.split('/');
  return elements.some(
    (element, i) => /^[._]/.test(element) || (element === 'testdata' && i < elements.length - 1),
  );
}

/** Files whose own name keeps them out of every build. */
export function isIgnoredName(path: string): boolean {
  return /^[._]/.test(baseName(path));
}

/** True for files beside no code that is built. */
function isLeftOut(path: string, builtFolders: ReadonlySet<string>): boolean {
  return isIgnoredName(path) || (isIgnoredPath(path) && !builtFolders.has(directoryOf(path)));
}

/** Data of assembly that is the address of a symbol: a variable of Go may be set to a function that way. */
const HOLDS_ADDRESS = /^\s*DATA\b.*\$[^\d\s"'(+-]/m;

/** What is linked as it is into every program that imports the package. */
function toLimit(file: string, detail: string): LimitFact {
  return { code: 'assembly', file, line: 1, onImport: true, detail };
}

const OBJECT = 'an object file is linked, which is not read and may run on import';
const TABLE = 'assembly sets data to the addresses of symbols, which may be functions';

/** Files beside the Go code that are linked with it and say what it does: `objects` are those of others. */
export function limitsBeside(
  tree: { list(): readonly string[]; read(path: string): Uint8Array },
  files: readonly ModuleFile[],
  objects: readonly string[],
): readonly LimitFact[] {
  const built = new Set(files.filter((file) => !file.isIgnored).map(({ dir }) => dir));
  const linked = tree.list().filter((path) => /\.(s|syso)$/.test(path) && !isLeftOut(path, built));
  return [
    ...[...linked.filter((path) => path.endsWith('.syso')), ...objects].map((path) =>
      toLimit(path, OBJECT),
    ),
    ...linked
      .filter((path) => path.endsWith('.s') && HOLDS_ADDRESS.test(toByteString(tree.read(path))))
      .map((path) => toLimit(path, TABLE)),
  ];
}
