import { compareUtf8 } from '#base';
import type { ModuleFile, Package } from '../types/model.ts';
import type { PackageScope } from './checker.ts';

/** The packages of one folder, by their package clauses, in the order of their paths. */
export function groupPackages(
  importPath: string,
  files: readonly ModuleFile[],
): readonly PackageScope[] {
  const packages = new Map<string, PackageScope>();
  for (const file of files) {
    const name = file.scan.packageName;
    const isOutside = isOutsideTest(file);
    const key = `${name} ${isOutside}`;
    let home = packages.get(key);
    if (home === undefined) {
      const path = isOutside ? `${importPath}_test` : importPath;
      home = { package: { path, name, dir: file.dir, files: [] }, names: new Map(), files: [] };
      packages.set(key, home);
    }
    home.package.files.push(file);
    home.files.push({ file, home, imports: new Map(), dots: [] });
  }
  return [...packages.values()].sort((a, b) => compareUtf8(a.package.path, b.package.path));
}

/** True for tests from outside of a package: such a name in other files is one like any other. */
export function isOutsideTest({ isTest, scan }: ModuleFile): boolean {
  return isTest && scan.packageName.endsWith('_test');
}

/** True for packages that an import can mean: programs, tests from outside and mere documentation cannot be. */
export function isImportable({ name, files }: Package): boolean {
  return name !== 'main' && name !== 'documentation' && !files.every(isOutsideTest);
}

/** Files that say which of the packages of a folder is meant: the most that are built without being asked for. */
function weightOf(home: Package): number {
  if (!isImportable(home)) return 0;
  const built = home.files.filter(
    ({ constraint, isTest }) => !isTest && !/\bignore\b/.test(constraint ?? ''),
  );
  return 1 + built.length;
}

/** Makes the packages of a folder known by the path that others import them by. */
export function registerPackages(
  packages: Map<string, PackageScope>,
  homes: Iterable<PackageScope>,
): void {
  for (const home of homes) {
    if (home.package.files.every(isOutsideTest)) continue;
    const before = packages.get(home.package.path);
    if (before === undefined || weightOf(home.package) > weightOf(before.package))
      packages.set(home.package.path, home);
  }
}
