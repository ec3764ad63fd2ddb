import type { Reference, Use } from '../scope/file-scan.ts';
import { buildNodes, groupPackages, push } from './build-nodes.ts';
import type { Edge, Graph, ModuleFile, Node, Package, Rank } from './graph.ts';

/** A type, as far as it is known: of a package of the module, of another one, or not at all. */
type Resolved =
  | { readonly kind: 'inside'; readonly home: Package; readonly name: string }
  | { readonly kind: 'outside'; readonly path: string; readonly name: string }
  | { readonly kind: 'unknown' };

const UNKNOWN: Resolved = { kind: 'unknown' };
const RANK: Readonly<Record<Use, Rank>> = { called: 3, passed: 2, stored: 0 };
/** Joining by name beyond this many methods says nothing any more. */
const MOST_BY_NAME = 64;
const DEPTH = 8;

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

function literalsOf(nodes: readonly Node[]): ReadonlyMap<ModuleFile, ReadonlyMap<string, Node>> {
  const literals = new Map<ModuleFile, Map<string, Node>>();
  for (const node of nodes) {
    if (node.fn.kind !== 'literal') continue;
    const inFile = literals.get(node.file) ?? new Map<string, Node>();
    literals.set(node.file, inFile.set(node.fn.name, node));
  }
  return literals;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one resolver over two shared tables.
function createLinker(packages: readonly Package[], literals: ReturnType<typeof literalsOf>) {
  const byPath = new Map(
    packages
      .filter((home) => !home.path.endsWith('_test') || home.name.endsWith('_test'))
      .map((home) => [home.path, home]),
  );

  /** The package of the module that a name stands for in a file, by its own package clause. */
  function insideNamed(file: ModuleFile, name: string): Package | undefined {
    for (const { path, name: given } of file.scan.imports) {
      const home = byPath.get(path);
      if (home !== undefined && (given ?? home.name) === name) return home;
    }
    return undefined;
  }

  function ofFunction(home: Package, name: string, depth: number): Resolved {
    if (home.types.has(name)) return { kind: 'inside', home, name };
    const fn = home.functions.get(name)?.[0];
    return fn === undefined ? UNKNOWN : resolve(fn.fn.result, [home, depth + 1]);
  }

  function ofVariable(name: string, [home, depth]: readonly [Package, number]): Resolved {
    const variable = home.variableHints.get(name);
    if (variable !== undefined) return resolve(variable, [home, depth + 1]);
    return home.types.has(name) ? { kind: 'inside', home, name } : UNKNOWN;
  }

  function resolve(hint: string, [home, depth]: readonly [Package, number]): Resolved {
    const cut = hint.indexOf('\0');
    if (cut < 0 || depth > DEPTH) return UNKNOWN;
    const path = hint.slice(0, cut);
    const name = hint.slice(cut + 1);
    if (path === '@') return ofVariable(name, [home, depth]);
    if (path === '?') return ofFunction(home, name, depth);
    const isResult = path.startsWith('?');
    const isVariable = path.startsWith('@');
    const target = isResult || isVariable ? path.slice(1) : path;
    if (target === '') return home.types.has(name) ? { kind: 'inside', home, name } : UNKNOWN;
    const inside = byPath.get(target);
    if (inside === undefined) return { kind: 'outside', path: target, name: isResult ? '' : name };
    if (isVariable) return ofVariable(name, [inside, depth]);
    return isResult ? ofFunction(inside, name, depth) : { kind: 'inside', home: inside, name };
  }

  /** The function values that a package variable is made of. */
  function valuesOf(variable: Node): readonly Node[] {
    return variable.fn.references
      .filter((reference) => reference.use !== 'called')
      .flatMap((reference) => direct(variable, reference));
  }

  /** The functions that a reference names outright. */
  function direct(node: Node, { kind, target }: Reference): readonly Node[] {
    if (kind === 'literal')
      return [literals.get(node.file)?.get(target)].filter((found) => found !== undefined);
    if (kind === 'name')
      return node.package.functions.get(target) ?? fromDotImports(node.file, target);
    if (kind === 'package') {
      const [path = '', name = ''] = target.split('\0');
      return byPath.get(path)?.functions.get(name) ?? [];
    }
    return [];
  }

  function fromDotImports(file: ModuleFile, name: string): readonly Node[] {
    return file.scan.imports
      .filter((found) => found.name === '.')
      .flatMap(({ path }) => byPath.get(path)?.functions.get(name) ?? []);
  }

  function add(
    node: Node,
    rank: Rank,
    [reference, targets]: readonly [Reference, readonly Node[]],
  ): void {
    for (const to of targets) node.edges.push({ to, rank, reference } satisfies Edge);
  }

  function linkName(node: Node, reference: Reference): void {
    const { target, use } = reference;
    const functions = direct(node, reference);
    add(node, RANK[use], [reference, functions]);
    if (use !== 'called' || functions.length > 0) return;
    const variables = node.package.variables.get(target) ?? [];
    add(node, 3, [reference, variables.flatMap(valuesOf)]);
    if (node.package.variableHints.has(target)) {
      add(node, 1, [reference, node.package.kept.get(target) ?? []]);
      return;
    }
    if (node.package.types.has(target)) return;
    for (const found of node.file.scan.imports) {
      if (found.name === '.' && !byPath.has(found.path))
        node.outside.push({ path: found.path, symbol: target, reference });
    }
  }

  function linkPackage(node: Node, reference: Reference): void {
    const [path = '', name = ''] = reference.target.split('\0');
    const home = byPath.get(path);
    if (home === undefined) {
      node.outside.push({ path, symbol: name, reference });
      return;
    }
    linkInside(node, home, [name, reference]);
  }

  function linkInside(
    node: Node,
    home: Package,
    [name, reference]: readonly [string, Reference],
  ): void {
    add(node, RANK[reference.use], [reference, home.functions.get(name) ?? []]);
    if (reference.use === 'called')
      add(node, 3, [reference, (home.variables.get(name) ?? []).flatMap(valuesOf)]);
  }

  function byName(node: Node, name: string): readonly Node[] {
    const near = [
      node.package,
      ...node.file.scan.imports
        .map(({ path }) => byPath.get(path))
        .filter((home) => home !== undefined),
    ];
    const found = near.flatMap((home) => [
      ...(home.methodsByName.get(name) ?? []),
      ...(home.kept.get(name) ?? []),
    ]);
    return found.slice(0, MOST_BY_NAME);
  }

  function linkMember(node: Node, reference: Reference): void {
    const cut = reference.target.indexOf('\0\0');
    const hint = reference.target.slice(0, cut);
    const name = reference.target.slice(cut + 2);
    const foreign = hint.startsWith('@\0') ? hint.slice(2) : undefined;
    const named = foreign === undefined ? undefined : insideNamed(node.file, foreign);
    if (named !== undefined) {
      linkInside(node, named, [name, reference]);
      return;
    }
    const type = resolve(hint, [node.package, 0]);
    if (type.kind === 'outside') {
      node.outside.push({ path: type.path, symbol: `${type.name}.${name}`, reference });
      return;
    }
    if (type.kind === 'inside') {
      const methods = type.home.methods.get(`${type.name}.${name}`);
      if (methods !== undefined) {
        add(node, RANK[reference.use], [reference, methods]);
        return;
      }
    }
    const isInterface = type.kind === 'inside' && type.home.types.get(type.name) === 'interface';
    if (foreign !== undefined && type.kind === 'unknown' && isForeign(node, foreign)) {
      node.outside.push({ path: foreignPath(node.file, foreign), symbol: name, reference });
      return;
    }
    // Through an interface of the module the call surely goes to one of them.
    if (reference.use !== 'stored') add(node, isInterface ? 2 : 1, [reference, byName(node, name)]);
  }

  /** True for a name that nothing in the package declares: a package imported under its own name. */
  function isForeign({ package: home }: Node, name: string): boolean {
    return !home.variableHints.has(name) && !home.functions.has(name) && !home.types.has(name);
  }

  function foreignPath(file: ModuleFile, name: string): string {
    const outside = file.scan.imports.filter(
      (found) => found.name === undefined && !byPath.has(found.path),
    );
    const likely = outside.filter(({ path }) => path.toLowerCase().includes(name.toLowerCase()));
    return likely[0]?.path ?? name;
  }

  return {
    keep(node: Node): void {
      for (const reference of node.fn.references) {
        if (reference.use === 'called') continue;
        const targets = direct(node, reference);
        if (targets.length === 0) continue;
        if (reference.use === 'stored') node.package.stored.push(...targets);
        for (const target of targets)
          if (reference.keptAs !== '') push(node.package.kept, reference.keptAs, target);
      }
    },
    link(node: Node): void {
      for (const reference of node.fn.references) {
        if (reference.kind === 'literal')
          add(node, RANK[reference.use], [reference, direct(node, reference)]);
        else if (reference.kind === 'name') linkName(node, reference);
        else if (reference.kind === 'package') linkPackage(node, reference);
        else if (reference.kind === 'member') linkMember(node, reference);
        else add(node, 1, [reference, node.package.stored.slice(0, MOST_BY_NAME)]);
      }
    },
  };
}
