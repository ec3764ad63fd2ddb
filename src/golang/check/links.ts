import type { Fn, ModuleFile } from '../types/model.ts';
import type { Checker, PackageScope } from './checker.ts';
import { addEdge, addOutside } from './edges.ts';

export type Implicits = ReadonlyMap<PackageScope, Fn>;

/** The implicit initialiser runs the packages imported, the variables' initialisers, and the inits. */
export function linkImplicit(
  implicit: Implicits,
  packages: ReadonlyMap<string, PackageScope>,
): void {
  for (const [home, fn] of implicit) {
    for (const { file } of home.files) {
      if (isTestOnly(file)) continue;
      for (const { path, start, end } of file.scan.imports) {
        const imported = packages.get(path);
        const to = imported && implicit.get(imported);
        if (to !== undefined && to !== fn) addEdge(fn, to, [3, { file, start, end }]);
      }
    }
  }
}

/** True for files that only the package's own tests have. */
function isTestOnly({ isTest, scan }: ModuleFile): boolean {
  return isTest && !scan.packageName.endsWith('_test');
}

/** What runs when a package is imported. */
export function linkInitialisers(implicit: Implicits, fns: readonly Fn[]): void {
  const byPackage = new Map([...implicit].map(([home, fn]) => [home.package, fn]));
  for (const fn of fns) {
    const runs = (fn.kind === 'init' || fn.kind === 'variable') && !isTestOnly(fn.file);
    const from = runs ? byPackage.get(fn.package) : undefined;
    if (from !== undefined) addEdge(from, fn, [3, fn.site]);
  }
}

/** What is used of the outside through a place is used by those who call through it. */
export function settleHubs(c: Checker, fns: readonly Fn[]): void {
  for (const from of fns) {
    for (const { to, site } of from.edges.values()) {
      for (const outside of to.kind === 'hub' ? to.outside.values() : [])
        if (c.flow.spend()) addOutside(from, { ...outside, site });
    }
  }
}
