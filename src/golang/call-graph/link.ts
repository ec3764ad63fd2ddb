import type { Reference, Use } from '../scope/file-scan.ts';
import { buildNodes, groupPackages, push } from './build-nodes.ts';
import type { Graph, ModuleFile, Node, Outside, Package, Rank } from './graph.ts';
import { findLender } from './lender.ts';
import { createNear, findByName } from './near.ts';
import { createTypeResolver } from './resolve-type.ts';

const RANK: Readonly<Record<Use, Rank>> = { called: 3, passed: 2, stored: 0 };
/** Values that a call of something nameless may go to; beyond, it says nothing any more. */
const MOST_VALUES = 64;
/** Imports among which a name's own package is looked for; it only names what is unanalyzed anyway. */
const MOST_IMPORTS = 256;

/** Joins the files of a module into a graph of possible calls. */
export function linkModule(modulePath: string, files: readonly ModuleFile[]): Graph {
  const packages = groupPackages(modulePath, files);
  const nodes = buildNodes(packages);
  const linker = createLinker(packages, literalsOf(nodes));
  // Kept function values first: calls by a field's name look them up.
  for (const node of nodes) linker.keep(node);
  for (const node of nodes) linker.link(node);
  return { packages, nodes };
}

type Literals = ReadonlyMap<ModuleFile, ReadonlyMap<string, Node>>;

function literalsOf(nodes: readonly Node[]): Literals {
  const literals = new Map<ModuleFile, Map<string, Node>>();
  for (const node of nodes) {
    if (node.fn.kind !== 'literal') continue;
    const inFile = literals.get(node.file) ?? new Map<string, Node>();
    literals.set(node.file, inFile.set(node.fn.name, node));
  }
  return literals;
}

function isImportable({ path, name }: Package): boolean {
  return !path.endsWith('_test') || name.endsWith('_test');
}

/** The path behind a name that nothing declares: a package imported under a name of its own. */
function foreignPath(file: ModuleFile, name: string): string {
  const likely = file.scan.imports
    .slice(0, MOST_IMPORTS)
    .find(
      (found) => found.name === undefined && found.path.toLowerCase().includes(name.toLowerCase()),
    );
  return likely?.path ?? name;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one linker over the tables of a module.
function createLinker(packages: readonly Package[], literals: Literals) {
  const byPath = new Map(packages.filter(isImportable).map((home) => [home.path, home]));
  const nearOf = createNear(byPath);
  const resolveType = createTypeResolver(byPath);
  const values = new Map<Node, readonly Node[]>();
  const outsideValues = new Map<Node, readonly Outside[]>();

  /** The functions that a reference names outright. */
  function direct(node: Node, { kind, target }: Reference): readonly Node[] {
    if (kind === 'name') return bare(node, target);
    if (kind === 'package') {
      const [path = '', name = ''] = target.split('\0');
      return byPath.get(path)?.functions.get(name) ?? [];
    }
    const literal = kind === 'literal' ? literals.get(node.file)?.get(target) : undefined;
    return literal === undefined ? [] : [literal];
  }

  function bare(node: Node, name: string): readonly Node[] {
    const own = node.package.functions.get(name);
    return own ?? nearOf(node.file).dots.flatMap((home) => home.functions.get(name) ?? []);
  }

  /** The function values that a package variable is made of. */
  function valuesOf(variable: Node): readonly Node[] {
    const before = values.get(variable);
    if (before !== undefined) return before;
    const kept = variable.fn.references.filter((reference) => reference.use !== 'called');
    const found = kept.flatMap((reference) => direct(variable, reference)).slice(0, MOST_VALUES);
    values.set(variable, found);
    return found;
  }

  function add(
    node: Node,
    rank: Rank,
    [reference, targets]: readonly [Reference, readonly Node[]],
  ): void {
    for (const to of targets) node.edges.push({ to, rank, reference });
  }

  function addVariable(
    node: Node,
    home: Package,
    [name, reference]: readonly [string, Reference],
  ): void {
    if (reference.use !== 'called') return;
    add(node, 3, [reference, (home.variables.get(name) ?? []).flatMap(valuesOf)]);
    for (const variable of home.variables.get(name) ?? [])
      addOutsideValues(node, variable, reference);
    if (home.variableHints.has(name)) {
      add(node, 1, [reference, (home.kept.get(name) ?? []).slice(0, MOST_VALUES)]);
    }
  }

  /** What a package variable is made of that lies outside the module. */
  function outsideValuesOf(variable: Node): readonly Outside[] {
    const before = outsideValues.get(variable);
    if (before !== undefined) return before;
    const found: Outside[] = [];
    for (const reference of variable.fn.references) {
      const [path = '', symbol = ''] = reference.target.split('\0');
      const isKept = reference.kind === 'package' && reference.use !== 'called';
      if (isKept && !byPath.has(path)) found.push({ path, symbol, reference });
      if (found.length === MOST_VALUES) break;
    }
    outsideValues.set(variable, found);
    return found;
  }

  /** Calling a variable calls what was put into it, also from outside the module. */
  function addOutsideValues(node: Node, variable: Node, reference: Reference): void {
    for (const value of outsideValuesOf(variable)) node.outside.push({ ...value, reference });
  }

  function linkName(node: Node, reference: Reference): void {
    const { target, use } = reference;
    const functions = direct(node, reference);
    add(node, RANK[use], [reference, functions]);
    if (use !== 'called' || functions.length > 0) return;
    addVariable(node, node.package, [target, reference]);
    if (isForeign(node, target)) {
      for (const path of nearOf(node.file).outsideDots) {
        node.outside.push({ path, symbol: target, reference });
      }
    }
  }

  function linkInside(
    node: Node,
    home: Package,
    [name, reference]: readonly [string, Reference],
  ): void {
    add(node, RANK[reference.use], [reference, home.functions.get(name) ?? []]);
    addVariable(node, home, [name, reference]);
  }

  function linkPackage(node: Node, reference: Reference): void {
    const [path = '', symbol = ''] = reference.target.split('\0');
    const home = byPath.get(path);
    if (home === undefined) node.outside.push({ path, symbol, reference });
    else linkInside(node, home, [symbol, reference]);
  }

  /** True for a name that nothing in the package declares. */
  function isForeign({ package: home }: Node, name: string): boolean {
    return !home.variableHints.has(name) && !home.functions.has(name) && !home.types.has(name);
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one branch for each kind of operand, in the order in which they win.
  function linkMember(node: Node, reference: Reference): void {
    const cut = reference.target.lastIndexOf('\0\0');
    const hint = reference.target.slice(0, cut);
    const name = reference.target.slice(cut + 2);
    const operand = hint.startsWith('@\0') ? hint.slice(2) : undefined;
    const named = operand === undefined ? undefined : nearOf(node.file).named.get(operand);
    if (named !== undefined) {
      linkInside(node, named, [name, reference]);
      return;
    }
    const type = resolveType(hint, node.package);
    if (type.kind === 'outside') {
      node.outside.push({ path: type.path, symbol: `${type.name}.${name}`, reference });
    } else if (type.kind === 'unknown' && operand !== undefined && isForeign(node, operand)) {
      node.outside.push({ path: foreignPath(node.file, operand), symbol: name, reference });
    } else {
      const owner = type.kind === 'inside' ? type : undefined;
      linkMethod(node, reference, [owner?.home, owner?.name ?? '', name]);
    }
  }

  function linkMethod(
    node: Node,
    reference: Reference,
    [home, type, name]: readonly [Package | undefined, string, string],
  ): void {
    const lender = home && findLender(resolveType, { home, name: type }, name);
    if (lender !== undefined) {
      add(node, RANK[reference.use], [reference, lender.methods]);
      for (const { path, name: outer } of lender.outside) {
        node.outside.push({ path, symbol: `${outer}.${name}`, reference });
      }
    } else if (reference.use !== 'stored') {
      linkByName(node, reference, [home?.types.get(type)?.isInterface === true, name]);
    }
  }

  /** Through an interface of the module a call surely goes to one of them; else it may. */
  function linkByName(
    node: Node,
    reference: Reference,
    [isInterface, name]: readonly [boolean, string],
  ): void {
    add(node, isInterface ? 2 : 1, [reference, findByName(node.package, nearOf(node.file), name)]);
    for (const kept of (node.package.keptOutside.get(name) ?? []).slice(0, MOST_VALUES)) {
      node.outside.push({ ...kept, reference });
    }
  }

  const links: Readonly<Record<Reference['kind'], (node: Node, reference: Reference) => void>> = {
    literal: (node, reference) =>
      add(node, RANK[reference.use], [reference, direct(node, reference)]),
    name: linkName,
    package: linkPackage,
    member: linkMember,
    unknown: (node, reference) =>
      add(node, 1, [reference, node.package.stored.slice(0, MOST_VALUES)]),
  };

  function keepOutside(node: Node, reference: Reference): void {
    const [path = '', symbol = ''] = reference.target.split('\0');
    if (!byPath.has(path))
      push(node.package.keptOutside, reference.keptAs, { path, symbol, reference });
  }

  function keepOne(node: Node, reference: Reference): void {
    const targets = direct(node, reference);
    if (reference.use === 'stored') node.package.stored.push(...targets);
    if (reference.keptAs === '') return;
    for (const target of targets) push(node.package.kept, reference.keptAs, target);
    if (reference.kind === 'package' && targets.length === 0) keepOutside(node, reference);
  }

  return {
    keep(node: Node): void {
      for (const reference of node.fn.references)
        if (reference.use !== 'called') keepOne(node, reference);
    },
    link(node: Node): void {
      for (const reference of node.fn.references) links[reference.kind](node, reference);
    },
  };
}
