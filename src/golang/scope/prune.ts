import type { FileScan, Reference } from './file-scan.ts';

/** What the files of one folder declare together. */
interface Declared {
  readonly functions: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly hasDotImports: boolean;
}

function declaredIn(scans: readonly FileScan[]): Declared {
  const functions = new Set<string>();
  const methods = new Set<string>();
  for (const { name, kind } of scans.flatMap((scan) => scan.functions)) {
    if (kind === 'function') functions.add(name);
    if (kind === 'method') methods.add(name);
  }
  const hasDotImports = scans.some((scan) => scan.imports.some((found) => found.name === '.'));
  return { functions, methods, hasDotImports };
}

/** True for a mention that can lead nowhere: a field that is read, a variable that is only used. */
function isIdle({ kind, target, use }: Reference, declared: Declared): boolean {
  if (use === 'called') return false;
  if (kind === 'name') return !declared.hasDotImports && !declared.functions.has(target);
  if (kind !== 'member' || use !== 'stored') return false;
  const cut = target.lastIndexOf('\0\0');
  const isOwnType = target.startsWith('\0') && cut > 0;
  return isOwnType && !declared.methods.has(`${target.slice(1, cut)}.${target.slice(cut + 2)}`);
}

/** Drops the mentions that can lead nowhere, once every file of a folder is scanned: most of them. */
export function pruneReferences(scans: readonly FileScan[]): void {
  const declared = declaredIn(scans);
  for (const { references } of scans.flatMap((scan) => scan.functions)) {
    if (references.length === 0) continue;
    const kept = references.filter((reference) => !isIdle(reference, declared));
    references.length = 0;
    references.push(...kept);
  }
}
