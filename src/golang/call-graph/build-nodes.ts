import { compareUtf8 } from '#base';
import type { ScannedFunction } from '../scope/file-scan.ts';
import type { Edge, ModuleFile, Node, Outside, Package } from './graph.ts';

function packagePath(modulePath: string, dir: string, name: string): string {
  const path = dir === '' ? modulePath : `${modulePath}/${dir}`;
  return name.endsWith('_test') ? `${path}_test` : path;
}

/** Sorts files into packages, by folder and package clause, in the order of their paths. */
export function groupPackages(
  modulePath: string,
  files: readonly ModuleFile[],
): readonly Package[] {
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
      keptOutside: new Map(),
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

/** The number in a node's name: of an init function in its package, of a literal in its parent. */
function numberOf(fn: ScannedFunction, parent: Node | undefined, numbering: Numbering): number {
  if (fn.kind === 'init') return ++numbering.inits;
  if (parent === undefined || fn.kind !== 'literal') return 0;
  const number = (numbering.literals.get(parent) ?? 0) + 1;
  numbering.literals.set(parent, number);
  return number;
}

const DEEPEST_NAME = 32;

interface NodeOrigin {
  readonly home: Package;
  readonly file: ModuleFile;
  readonly fn: ScannedFunction;
  readonly parent: GraphNode | undefined;
  readonly number: number;
}

/** Names are made when they are asked for: a large module has more functions than facts. */
class GraphNode implements Node {
  readonly id: number;
  readonly package: Package;
  readonly file: ModuleFile;
  readonly fn: ScannedFunction;
  readonly edges: Edge[] = [];
  readonly outside: Outside[] = [];
  readonly top: Node;
  readonly #parent: GraphNode | undefined;
  readonly #number: number;
  readonly #depth: number;

  constructor(id: number, { home, file, fn, parent, number }: NodeOrigin) {
    this.id = id;
    this.package = home;
    this.file = file;
    this.fn = fn;
    this.top = parent?.top ?? this;
    this.#parent = parent;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    this.#number = number;
  }

  get shown(): string {
    const { fn, package: home } = this;
    if (fn.kind === 'init') return `${home.path}.init#${this.#number}`;
    if (fn.kind === 'variable') return `${home.path}.init`;
    if (this.#parent === undefined || fn.kind !== 'literal') return `${home.path}.${fn.shown}`;
    // Literals in literals without end would make names without end.
    return this.#depth > DEEPEST_NAME
      ? `${this.top.shown}$…`
      : `${this.#parent.shown}$${this.#number}`;
  }
}

function register(node: Node): void {
  const { fn, package: home } = node;
  const short = fn.name.slice(fn.name.indexOf('.') + 1);
  if (fn.kind === 'function') push(home.functions, fn.name, node);
  if (fn.kind === 'method') {
    push(home.methods, fn.name, node);
    push(home.methodsByName, short, node);
  }
  if (fn.kind === 'variable')
    for (const name of fn.name.split(',')) push(home.variables, name, node);
}

/** Makes the nodes of all packages and fills the packages' tables of names. */
export function buildNodes(packages: readonly Package[]): readonly Node[] {
  const nodes: Node[] = [];
  for (const home of packages) {
    const numbering: Numbering = { inits: 0, literals: new Map() };
    for (const file of home.files) {
      for (const [name, hint] of file.scan.variables) home.variableHints.set(name, hint);
      for (const [name, kind] of file.scan.types) home.types.set(name, kind);
      const byFunction = new Map<ScannedFunction, GraphNode>();
      for (const fn of file.scan.functions) {
        const parent = fn.parent && byFunction.get(fn.parent);
        const node = new GraphNode(nodes.length, {
          home,
          file,
          fn,
          parent,
          number: numberOf(fn, parent, numbering),
        });
        byFunction.set(fn, node);
        nodes.push(node);
        register(node);
      }
    }
  }
  return nodes;
}
