import { compareUtf8 } from '#base';
import type { ScannedFunction } from '../scope/file-scan.ts';
import type { ModuleFile, Node, Package } from './graph.ts';

function packagePath(modulePath: string, dir: string, name: string): string {
  const path = dir === '' ? modulePath : `${modulePath}/${dir}`;
  return name.endsWith('_test') ? `${path}_test` : path;
}

/** Sorts files into packages, by folder and package clause, in the order of their paths. */
export function groupPackages(modulePath: string, files: readonly ModuleFile[]): readonly Package[] {
  const packages = new Map<string, Package>();
  for (const file of files) {
    const { dir } = file;
    const name = file.scan.packageName;
    const key = `${dir}\0${name}`;
    const known = packages.get(key);
    if (known !== undefined) {
      known.files.push(file);
      continue;
    }
    packages.set(key, {
      path: packagePath(modulePath, dir, name),
      name,
      dir,
      files: [file],
      functions: new Map(),
      methods: new Map(),
      methodsByName: new Map(),
      variables: new Map(),
      variableHints: new Map(),
      types: new Map(),
      kept: new Map(),
      stored: [],
    });
  }
  return [...packages.values()].sort((a, b) => compareUtf8(a.path, b.path));
}

/** Adds to a list in a map. */
export function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

interface Numbering {
  inits: number;
  readonly literals: Map<Node, number>;
}

function nameOf(fn: ScannedFunction, parent: Node | undefined, home: readonly [Package, Numbering]): string {
  const [{ path }, numbering] = home;
  if (fn.kind === 'init') return `${path}.init#${++numbering.inits}`;
  if (fn.kind === 'variable') return `${path}.init`;
  if (parent === undefined || fn.kind !== 'literal') return `${path}.${fn.shown}`;
  const number = (numbering.literals.get(parent) ?? 0) + 1;
  numbering.literals.set(parent, number);
  return `${parent.shown}$${number}`;
}

function register(node: Node): void {
  const { fn, package: home } = node;
  const short = fn.name.slice(fn.name.indexOf('.') + 1);
  if (fn.kind === 'function') push(home.functions, fn.name, node);
  if (fn.kind === 'method') {
    push(home.methods, fn.name, node);
    push(home.methodsByName, short, node);
  }
  if (fn.kind === 'variable') for (const name of fn.name.split(',')) push(home.variables, name, node);
}

/** Makes the nodes of all packages and fills the packages' tables of names. */
export function buildNodes(packages: readonly Package[]): readonly Node[] {
  const nodes: Node[] = [];
  for (const home of packages) {
    const numbering: Numbering = { inits: 0, literals: new Map() };
    for (const file of home.files) {
      for (const [name, hint] of file.scan.variables) home.variableHints.set(name, hint);
      for (const [name, kind] of file.scan.types) home.types.set(name, kind);
      const byFunction = new Map<ScannedFunction, Node>();
      for (const fn of file.scan.functions) {
        const parent = fn.parent && byFunction.get(fn.parent);
        const shown = nameOf(fn, parent, [home, numbering]);
        const draft = { id: nodes.length, package: home, file, fn, shown, edges: [], outside: [] };
        const node: Node = Object.assign(draft, { top: parent?.top as Node });
        if (parent === undefined) Object.assign(node, { top: node });
        byFunction.set(fn, node);
        nodes.push(node);
        register(node);
      }
    }
  }
  return nodes;
}
