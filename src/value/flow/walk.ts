import type { FileSource, TreeView } from '#golang';
import { Environment, join, joinNodes } from './environment.ts';
import { EDGE, ELEMENT } from './graph.ts';
import type { FlowFunction, FlowModel, Obj, Value, Variable } from './model.ts';
import { NONE } from './model.ts';

/** Writers inside of each other that are followed. */
const MOST_WRAPPED = 8;

/** What loops and switches collect from what jumps out of them. */
export interface Target {
  readonly label: string;
  readonly isLoop: boolean;
  readonly breaks: Environment[];
  readonly continues: Environment[];
}

/** The readers of code, which call each other. */
export interface Readers {
  /** A call; with so many results, its parts. */
  readonly call: (w: Walk, node: number, count: number) => Value;
  /** A function inside of another. */
  readonly literal: (w: Walk, node: number) => Value;
  readonly statement: (w: Walk, node: number) => void;
  /** The body of a function, with the names of its results. */
  readonly body: (w: Walk, node: number, named: readonly string[]) => void;
}

/** A walk through one function, statement by statement. */
export class Walk {
  readonly model: FlowModel;
  readonly readers: Readers;
  readonly file: FileSource;
  readonly view: TreeView;
  readonly fn: FlowFunction;
  readonly home: string;
  /** Undefined where nothing runs. */
  env: Environment | undefined;
  scopes: Map<string, Variable>[];
  readonly targets: Target[] = [];
  /** Names that functions inside use. */
  readonly captured: ReadonlySet<string>;
  /** Objects that parameters refer to. */
  readonly given: (Obj | undefined)[] = [];
  literals = 0;
  depth = 0;
  label = '';
  /** Names of results. */
  named: readonly string[] = [];
  /** Where the innermost block ends. */
  blockEnd = 0;

  constructor(
    model: FlowModel,
    fn: FlowFunction,
    {
      home,
      scopes,
      captured,
      readers,
      file,
    }: {
      readonly file: FileSource;
      readonly readers: Readers;
      readonly home: string;
      readonly scopes: readonly Map<string, Variable>[];
      readonly captured: ReadonlySet<string>;
    },
  ) {
    this.model = model;
    this.readers = readers;
    this.fn = fn;
    this.file = file;
    this.view = file.view;
    this.home = home;
    this.scopes = [...scopes, new Map()];
    this.captured = captured;
    this.env = new Environment();
  }

  /** Where the walk stands, for environments: code that nothing reaches has one of its own. */
  get here(): Environment {
    this.env ??= new Environment();
    return this.env;
  }

  /** What holds on one of several ways; what is held is paid for, as each way has its own. */
  fork(env: Environment): Environment {
    this.model.left -= (env.variables.size + env.objects.size) >> 4;
    return env.copy();
  }

  /** An expression without the parentheses around it. */
  bare(node: number): number {
    let at = node;
    while (this.view.is(at, 'parenthesized_expression')) at = this.view.children(at)[0] ?? -1;
    return at;
  }

  /** The expressions of a list, or the one that stands alone. */
  listOf(node: number): readonly number[] {
    if (node < 0) return [];
    if (!this.view.is(node, 'expression_list')) return [node];
    return this.view.children(node).filter((one) => !this.view.is(one, 'comment'));
  }

  place(node: number): readonly [fn: number, start: number] {
    return [this.fn.index, this.view.tree.start[node] ?? 0];
  }

  fresh(node: number): number {
    this.model.left--;
    return this.model.graph.node(...this.place(node));
  }

  edge(from: number, to: number, kind: number = EDGE.plain, data = 0): void {
    if (from < 0 || to < 0) return;
    this.model.left--;
    this.model.graph.edge(from, to, kind, data);
  }

  nodeOf(value: Value): number {
    const inner = value.obj === undefined ? -1 : this.here.nodeOf(value.obj);
    return inner < 0 ? value.node : inner;
  }

  object(node: number, isChannel = false): Obj {
    const obj: Obj = { cell: -1, refs: new Map(), isChannel, texts: [] };
    this.here.objects.set(obj, node);
    return obj;
  }

  /** The object of a value; one is made for it where it has none. */
  withObject(value: Value): Value & { readonly obj: Obj } {
    if (value.obj !== undefined) return value as Value & { readonly obj: Obj };
    return { ...value, obj: this.object(value.node) };
  }

  /** A copy refers to nothing that is shared. */
  copied(value: Value, at: number): Value {
    if (value.isCopied !== true || value.obj === undefined) return value;
    const node = this.nodeOf(value);
    const copy = node < 0 ? -1 : this.fresh(at);
    this.edge(node, copy);
    const obj = this.object(copy);
    for (const [label, ref] of value.obj.refs) obj.refs.set(label, ref);
    return { ...value, node: copy, obj };
  }

  open(): void {
    this.scopes.push(new Map());
  }

  close(): void {
    this.scopes.pop();
  }

  lookup(name: string): Variable | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  declare(name: string, value: Value, at: number): void {
    if (name === '_' || name === '') return;
    let variable: Variable = { name, shared: undefined };
    if (this.captured.has(name)) {
      const cell = this.fresh(at);
      this.edge(this.nodeOf(value), cell);
      const obj: Obj = value.obj ?? { cell, refs: new Map(), isChannel: false, texts: [] };
      if (obj.cell < 0) obj.cell = cell;
      else this.edge(obj.cell, cell);
      obj.texts = [...obj.texts, ...(value.texts ?? [])];
      variable = { name, shared: { node: cell, obj } };
      if (obj.cell !== cell) {
        this.edge(cell, obj.cell);
        this.edge(obj.cell, cell);
      }
    } else this.here.variables.set(variable, value);
    this.scopes.at(-1)?.set(name, variable);
  }

  read(variable: Variable): Value {
    const { shared } = variable;
    if (shared === undefined) return this.here.variables.get(variable) ?? NONE;
    const texts = shared.obj?.texts ?? [];
    return texts.length === 0 ? shared : { ...shared, texts };
  }

  write(variable: Variable, value: Value): void {
    const { shared } = variable;
    if (shared === undefined) {
      this.here.variables.set(variable, value);
      return;
    }
    this.edge(this.nodeOf(value), shared.node);
    // What it refers to now is written through either name.
    if (value.obj !== undefined && value.obj.cell < 0) {
      const node = this.nodeOf(value);
      value.obj.cell = shared.node;
      this.edge(node, shared.node);
    }
    if (shared.obj !== undefined && value.texts !== undefined)
      shared.obj.texts = [...shared.obj.texts, ...value.texts].slice(0, 8);
  }

  /** Package variables are read by whoever comes later. */
  private isShared(obj: Obj): boolean {
    return obj.cell >= 0 && this.model.graph.fn[obj.cell] === -1;
  }

  /** Makes a value what a field of an object holds; the field alone where it is the only object that is meant. */
  store(obj: Obj, [label, value, at]: readonly [number, Value, number]): void {
    const node = this.nodeOf(value);
    const before = this.here.nodeOf(obj);
    if (value.obj !== undefined && value.isCopied !== true) obj.refs.set(label, value.obj);
    else obj.refs.delete(label);
    if (this.isShared(obj)) {
      if (node < 0) return;
      const part = this.fresh(at);
      this.edge(node, part, EDGE.store, label);
      this.edge(part, obj.cell, EDGE.shared);
      return;
    }
    if (obj.cell >= 0) {
      this.edge(node, obj.cell, EDGE.store, label);
      return;
    }
    if (node < 0 && before < 0) return;
    const version = this.fresh(at);
    if (label === ELEMENT) this.edge(before, version);
    else this.edge(before, version, EDGE.keep, label);
    this.edge(node, version, EDGE.store, label);
    this.here.objects.set(obj, version);
  }

  /** What else an object may hold from here on, and what it passes on to. */
  pass(obj: Obj, node: number, [kind, at]: readonly [number, number]): void {
    const all = new Set([obj]);
    for (const one of all) {
      if (all.size > MOST_WRAPPED) break;
      for (const inner of one.wraps ?? []) all.add(inner);
    }
    for (const one of all) this.add(one, node, [kind, at]);
  }

  /** What else an object may hold from here on. */
  add(obj: Obj, node: number, [kind, at]: readonly [number, number]): void {
    if (node < 0) return;
    if (obj.cell >= 0) {
      const part = this.isShared(obj) ? this.fresh(at) : obj.cell;
      this.edge(node, part, kind);
      if (part !== obj.cell) this.edge(part, obj.cell, EDGE.shared);
      return;
    }
    const version = this.fresh(at);
    this.edge(this.here.nodeOf(obj), version);
    this.edge(node, version, kind);
    this.here.objects.set(obj, version);
  }

  /** What a field holds. */
  load(base: Value, [label, at]: readonly [number, number]): Value {
    const from = this.nodeOf(base);
    const ref = base.obj?.refs.get(label);
    const node = from < 0 ? -1 : this.fresh(at);
    this.edge(from, node, EDGE.load, label);
    if (ref === undefined) return node < 0 ? NONE : { node };
    const inner = this.here.nodeOf(ref);
    if (inner >= 0 && node >= 0 && ref.cell < 0) {
      this.here.objects.set(ref, joinNodes(this.model.graph, this.place(at), inner, node));
    }
    return { node, obj: ref };
  }

  /** Joins ways, and goes on from there. */
  goOn(at: number, ways: readonly (Environment | undefined)[]): void {
    this.env = join(this.model.graph, this.place(at), ways);
    for (const way of ways) this.model.left -= (way?.variables.size ?? 0) >> 4;
  }
}
