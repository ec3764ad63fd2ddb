import { compareUtf8 } from '#base';
import type { ModuleFile } from '../types/model.ts';
import type { PackageScope } from './checker.ts';

/** The packages of one folder, by their package clauses, in the order of their paths. */
export function groupPackages(
  importPath: string,
  files: readonly ModuleFile[],
): readonly PackageScope[] {
  const packages = new Map<string, PackageScope>();
  for (const file of files) {
    const name = file.scan.packageName;
    let home = packages.get(name);
    if (home === undefined) {
      const path = name.endsWith('_test') ? `${importPath}_test` : importPath;
      home = { package: { path, name, dir: file.dir, files: [] }, names: new Map(), files: [] };
      packages.set(name, home);
    }
    home.package.files.push(file);
    home.files.push({ file, home, imports: new Map(), dots: [] });
  }
  return [...packages.values()].sort((a, b) => compareUtf8(a.package.path, b.package.path));
}

/** Makes the packages of a folder known by the path that others import them by. */
export function registerPackages(
  packages: Map<string, PackageScope>,
  homes: Iterable<PackageScope>,
): void {
  for (const home of homes) {
    const { path, name, files } = home.package;
    if (path.endsWith('_test') && !name.endsWith('_test')) continue;
    const before = packages.get(path);
    // Programs beside a library are not imported.
    const isBetter =
      before === undefined ||
      before.package.name === 'main' ||
      (name !== 'main' && files.length > before.package.files.length);
    if (isBetter) packages.set(path, home);
  }
}
