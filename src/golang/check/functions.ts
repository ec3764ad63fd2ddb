import type { Condition } from '../build/platforms.ts';
import type {
  Edge,
  Flow,
  Fn,
  FnKind,
  Func,
  ModuleFile,
  Outside,
  Package,
  Site,
  Slot,
  Type,
  TypeParameter,
} from '../types/model.ts';
import type { MadeFn } from './checker.ts';

const DEEPEST_NAME = 32;
const NO_EDGES: ReadonlyMap<Fn, Edge> = new Map();
const NO_OUTSIDE: ReadonlyMap<string, Outside> = new Map();

/** Names are made when they are asked for: a large module has more functions than facts. */
class CheckedFn implements Fn {
  readonly id: number;
  readonly package: Package;
  readonly file: ModuleFile;
  readonly kind: FnKind;
  readonly name: string;
  readonly condition: Condition;
  readonly parent: Fn | undefined;
  readonly top: Fn;
  readonly site: Site;
  readonly hasBody: boolean;
  readonly signature: Func;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly (Slot | undefined)[];
  readonly results: readonly (Slot | undefined)[];
  runsCode = false;
  // Most functions of a large module use nothing outside, and many call nothing.
  #edges: Map<Fn, Edge> | undefined;
  #outside: Map<string, Outside> | undefined;
  readonly #flow: Flow;
  #receiver: Slot | undefined;
  readonly #number: number;
  readonly #depth: number;

  constructor(
    id: number,
    made: MadeFn,
    { flow, number, condition }: { flow: Flow; number: number; condition: Condition },
  ) {
    const { at, signature, node } = made;
    const { tree } = at.file.view;
    this.id = id;
    this.package = at.home.package;
    this.file = at.file;
    this.kind = made.kind;
    this.condition = condition;
    this.name = made.name;
    this.parent = made.parent;
    this.top = made.parent?.top ?? this;
    this.site = made.site ?? {
      file: at.file,
      start: tree.start[node] as number,
      end: tree.end[node] as number,
    };
    this.hasBody = made.hasBody;
    this.signature = signature;
    this.typeParameters = made.typeParameters;
    this.#flow = flow;
    this.parameters = signature.parameters.map((type) => parameterSlot(flow, type));
    this.results = signature.results.map((type) => resultSlot(flow, type));
    this.#number = number;
    this.#depth = made.parent instanceof CheckedFn ? made.parent.#depth + 1 : 0;
  }

  get edges(): ReadonlyMap<Fn, Edge> {
    return this.#edges ?? NO_EDGES;
  }

  get outside(): ReadonlyMap<string, Outside> {
    return this.#outside ?? NO_OUTSIDE;
  }

  putEdge(edge: Edge): void {
    this.#edges ??= new Map();
    this.#edges.set(edge.to, edge);
  }

  putOutside(key: string, used: Outside): void {
    this.#outside ??= new Map();
    this.#outside.set(key, used);
  }

  /** Few receivers are functions or interfaces: the slot is made when it is asked for. */
  get receiver(): Slot {
    this.#receiver ??= this.#flow.slot();
    return this.#receiver;
  }

  get shown(): string {
    const { path } = this.package;
    if (this.kind === 'init') return `${path}.init#${this.#number}`;
    if (this.kind === 'variable' || this.kind === 'implicit') return `${path}.init`;
    if (this.kind !== 'literal' || this.parent === undefined) return `${path}.${this.name}`;
    // Literals in literals without end would make names without end.
    return this.#depth > DEEPEST_NAME
      ? `${this.top.shown}$…`
      : `${this.parent.shown}$${this.#number}`;
  }
}

/** What a server answers through comes from the standard library, whoever calls the handler. */
function parameterSlot(flow: Flow, type: Type | undefined): Slot | undefined {
  const slot = flow.place(type);
  if (slot === undefined) return undefined;
  const isAnswer =
    type?.kind === 'named' && type.path === 'net/http' && type.name === 'ResponseWriter';
  if (isAnswer) flow.add(slot, { origin: 'net/http' });
  return slot;
}

/** A result of a type parameter's type may be one that nobody sets. */
function resultSlot(flow: Flow, type: Type | undefined): Slot | undefined {
  const slot = flow.place(type);
  if (type?.kind === 'parameter') flow.edge(flow.element(type), slot);
  return slot;
}

/** Makes functions and numbers them as Go does: init functions in a package, literals in their parent. */
export function createFunctions(
  flow: Flow,
  always: Condition,
): {
  readonly all: readonly Fn[];
  create(made: MadeFn): Fn;
} {
  const all: Fn[] = [];
  const counts = new Map<unknown, number>();

  function numberOf({ kind, parent, at }: MadeFn): number {
    if (kind !== 'init' && kind !== 'literal') return 0;
    // Literals in package variables are all the implicit initialiser's.
    const isShared = kind === 'init' || parent?.kind === 'variable';
    const key = isShared ? `${kind} ${at.home.package.path} ${at.home.package.name}` : parent;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return number;
  }

  return {
    all,
    create(made) {
      const condition = made.kind === 'hub' ? always : made.at.file.condition;
      const fn = new CheckedFn(all.length, made, { flow, number: numberOf(made), condition });
      all.push(fn);
      return fn;
    },
  };
}
