import { groupBy } from '#base';
import type { Fn, ModuleFile } from '../types/model.ts';
import type { Checker, PackageScope } from './checker.ts';
import { addEdge, addOutside } from './edges.ts';
import { isImportable, isOutsideTest } from './packages.ts';

export type Implicits = ReadonlyMap<PackageScope, Fn>;

/** The implicit initialiser runs the packages imported, the variables' initialisers, and the inits. */
export function linkImplicit(implicit: Implicits): void {
  // Which of the packages of a folder is built, tags decide: any may be.
  const importable = [...implicit].filter(([home]) => isImportable(home.package));
  const byPath = groupBy(importable, ([home]) => home.package.path);
  for (const [home, fn] of implicit)
    for (const { file } of home.files) if (!isTestOnly(file)) linkImports(fn, file, byPath);
}

function linkImports(
  fn: Fn,
  file: ModuleFile,
  byPath: ReadonlyMap<string, readonly (readonly [PackageScope, Fn])[]>,
): void {
  for (const { path, start, end } of file.scan.imports)
    for (const [, to] of byPath.get(path) ?? [])
      if (to !== fn) addEdge(fn, to, [3, { file, start, end }]);
}

/** True for files that only the package's own tests have. */
function isTestOnly(file: ModuleFile): boolean {
  return file.isTest && !isOutsideTest(file);
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

/** A variable that is another one by `//go:linkname` holds what that holds. */
export function linkNames(c: Checker, homes: Iterable<PackageScope>): void {
  for (const home of homes) {
    for (const { text } of home.files.flatMap(({ file }) => file.scan.comments)) {
      const [, local = '', path = '', name = ''] = LINKNAME.exec(text) ?? [];
      const one = home.names.get(local);
      const other = c.packages.get(path)?.names.get(name);
      if (one?.kind !== 'variable' || other?.kind !== 'variable') continue;
      c.flow.edge(one.slot, other.slot);
      c.flow.edge(other.slot, one.slot);
    }
  }
}

const LINKNAME = /^\/\/go:linkname\s+(\S+)\s+(\S+)\.([^.\s]+)\s*$/;

/** Calls on values of unknown types go to every method of that name. */
export function linkUnknown(unknown: ReadonlyMap<string, Fn>, fns: readonly Fn[]): void {
  for (const fn of fns) {
    const name = fn.kind === 'method' ? fn.name.slice(fn.name.lastIndexOf('.') + 1) : '';
    const hub = unknown.get(name);
    if (hub !== undefined) addEdge(hub, fn, [1, fn.site], true);
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
