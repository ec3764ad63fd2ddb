import type { ModuleFile, Node, Package } from './graph.ts';

/** What a file's imports lead to inside the module; made once a file, as a file may import much. */
export interface Near {
  /** Packages of the module by the name that they have in the file. */
  readonly named: ReadonlyMap<string, Package>;
  /** The packages of the module that the file imports. */
  readonly packages: readonly Package[];
  /** Packages of the module, and paths outside of it, whose names are used bare. */
  readonly dots: readonly Package[];
  readonly outsideDots: readonly string[];
}

/** Gives each file its neighborhood. */
export function createNear(byPath: ReadonlyMap<string, Package>): (file: ModuleFile) => Near {
  const known = new Map<ModuleFile, Near>();

  function read({ scan }: ModuleFile): Near {
    const named = new Map<string, Package>();
    const packages: Package[] = [];
    const dots: Package[] = [];
    const outsideDots: string[] = [];
    for (const { path, name } of scan.imports) {
      const home = byPath.get(path);
      if (home === undefined) {
        if (name === '.') outsideDots.push(path);
        continue;
      }
      packages.push(home);
      if (name === '.') dots.push(home);
      else named.set(name ?? home.name, home);
    }
    return { named, packages, dots, outsideDots };
  }

  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const near = read(file);
    known.set(file, near);
    return near;
  };
}

/** Joining by name beyond so many functions, or over so many packages, says nothing any more. */
const MOST_BY_NAME = 64;
const MOST_PACKAGES = 256;

/** Methods and kept functions that share a member's name, in the package and those it imports. */
export function findByName(home: Package, near: Near, name: string): readonly Node[] {
  const found: Node[] = [];
  for (const place of [home, ...near.packages.slice(0, MOST_PACKAGES)]) {
    for (const list of [place.methodsByName.get(name), place.kept.get(name)]) {
      found.push(...(list ?? []).slice(0, MOST_BY_NAME - found.length));
    }
    if (found.length >= MOST_BY_NAME) break;
  }
  return found;
}
