import { groupBy } from '#base';
import type { TreeView } from '../scope/tree-view.ts';
import type { Places } from '../source-text.ts';
import type { ModuleFile } from '../types/model.ts';
import type { FileScope } from './checker.ts';

/** Files of a folder that are read together. */
interface Unit {
  readonly path: string;
  readonly files: readonly FileScope[];
  readonly isTests: boolean;
}

/** Is shown the packages, without their tests. */
export interface PackageObserver {
  /** A package while its trees are there; those that it imports came before. */
  show(source: PackageSource): void;
  /** There are no more: what was kept for others can go, before the analysis takes most of its memory. */
  finish(): void;
}

/** The files of a package with their trees. */
export interface PackageSource {
  readonly path: string;
  readonly name: string;
  readonly files: readonly FileSource[];
}

/** A file with its tree, and what the names of its imports mean. */
export interface FileSource {
  readonly path: string;
  readonly view: TreeView;
  readonly places: Places;
  readonly imports: ReadonlyMap<string, string>;
  /** Paths of dot imports. */
  readonly dots: readonly string[];
  /**
   * Of calls whose types say what is called: `path.F` or `path.T.M`, by where the callee's last name
   * starts. T may be an interface.
   */
  readonly callees: ReadonlyMap<number, string>;
}

/** Callees of files that were just read. */
export type Callees = ReadonlyMap<ModuleFile, ReadonlyMap<number, string>>;

const NO_CALLEES: ReadonlyMap<number, string> = new Map();

/** The packages of a folder: one, but for programs that are built by hand and the like. */
function* toSources({ path, files }: Unit, callees: Callees): Generator<PackageSource> {
  for (const [home, own] of groupBy(files, (at) => at.home))
    yield {
      path,
      name: home.package.name,
      files: own.map(({ file, imports, dots }) => {
        const { path: name, view, places } = file;
        return {
          path: name,
          view,
          places,
          imports,
          dots,
          callees: callees.get(file) ?? NO_CALLEES,
        };
      }),
    };
}

/** Shows the packages of what was just read. */
export function showPackages(
  units: readonly Unit[],
  callees: Callees,
  observer: PackageObserver,
): void {
  for (const unit of units)
    if (!unit.isTests) for (const source of toSources(unit, callees)) observer.show(source);
}
