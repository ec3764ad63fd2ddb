import type { Condition } from '../build/platforms.ts';
import type { FileScan } from '../scope/file-scan.ts';
import type { TreeView } from '../scope/tree-view.ts';
import type { Places } from '../source-text.ts';

/**
 * Types as far as the analysis needs them: enough to tell which method a selector means and where
 * values can go. Pointers and slices exist once for each element; `undefined` is a type that is not
 * known.
 */
export type Type =
  | Basic
  | Pointer
  | Sequence
  | MapType
  | Func
  | Interface
  | Struct
  | Named
  | TypeParameter
  | Tuple;

interface Common {
  pointer?: Pointer;
  slice?: Sequence;
  array?: Sequence;
  chan?: Sequence;
  /** Tells types apart in the tables of element slots; made when first asked for. */
  id?: string;
  /** The value of this type of which nothing but the type is known. */
  plain?: Result;
}

export interface Basic extends Common {
  readonly kind: 'basic';
  readonly name: string;
}

export interface Pointer extends Common {
  readonly kind: 'pointer';
  readonly element: Type | undefined;
}

/** Slices, arrays of any length, and channels. */
export interface Sequence extends Common {
  readonly kind: 'slice' | 'array' | 'chan';
  readonly element: Type | undefined;
}

export interface MapType extends Common {
  readonly kind: 'map';
  readonly key: Type | undefined;
  readonly element: Type | undefined;
}

export interface Func extends Common {
  readonly kind: 'func';
  readonly parameters: readonly (Type | undefined)[];
  readonly results: readonly (Type | undefined)[];
  readonly isVariadic: boolean;
  /** Core types of the type parameters, by their index: of generic functions of the library. */
  readonly cores?: readonly (Type | undefined)[];
}

export interface Interface extends Common {
  readonly kind: 'interface';
  readonly methods: ReadonlyMap<string, Func>;
  readonly embedded: readonly Type[];
}

/** A field: its slot holds what can be in it, in any value of the struct. */
export interface Field {
  readonly type: Type | undefined;
  readonly isEmbedded: boolean;
  slot: Slot | undefined;
}

export interface Struct extends Common {
  readonly kind: 'struct';
  /** The embedded ones of the fields, found when first asked for. */
  embedded?: readonly Field[];
  readonly fields: ReadonlyMap<string, Field>;
}

/** A named type; `home` says who declares it. */
export interface Named extends Common {
  readonly kind: 'named';
  /** The import path of the package. */
  readonly path: string;
  readonly name: string;
  readonly home: 'module' | 'standard' | 'foreign';
  readonly parameters: readonly TypeParameter[];
  readonly arguments: readonly (Type | undefined)[];
  /** The generic type that this is an instance of; itself for all others. */
  readonly origin: Named;
  underlying(): Type | undefined;
  /** The same generic type with these arguments. */
  instantiate(args: readonly (Type | undefined)[]): Named;
  /** Methods that the module declares, each with its variants for several systems. */
  readonly methods: Map<string, Fn[]>;
  /** Methods of a type of the standard library. */
  standardMethod(name: string): Func | undefined;
}

export interface TypeParameter extends Common {
  readonly kind: 'parameter';
  readonly name: string;
  /** Position in the list, for those of the standard library. */
  readonly index: number;
  constraint(): Type | undefined;
}

/** What a call with several results gives. */
export interface Tuple extends Common {
  readonly kind: 'tuple';
  readonly types: readonly (Type | undefined)[];
}

/**
 * Something that can arrive in a place: a function, a value of a concrete type (both for a function
 * type with methods), or a value that the standard library (package `origin`) made.
 */
export interface Value {
  readonly fn?: Fn;
  readonly type?: Type;
  readonly origin?: string;
  /** A function from outside the module. */
  readonly callee?: OutsideCallee;
}

/** A function or method from outside the module. */
export interface OutsideCallee {
  readonly path: string;
  /** `Func` or `Type.Method`. */
  readonly symbol: string;
  /** Undefined where the module was not given. */
  readonly signature: Func | undefined;
  readonly owner: Named | undefined;
}

/** One place: a variable, parameter, result, field, or what all containers of a type hold. */
export interface Slot {
  readonly id: number;
  // Most slots stay empty: what they hold is made when something comes.
  has: Map<unknown, Value> | undefined;
  to: Set<Slot> | undefined;
  sites: ((value: Value) => void)[] | undefined;
}

/** Moves values along edges between places and wakes the calls that wait for them. */
export interface Flow {
  slot(): Slot;
  /**
   * A place for values of a type; undefined where they decide nothing. All places for errors are one:
   * errors go everywhere, and apart they would cost the square of a large module.
   */
  place(type: Type | undefined): Slot | undefined;
  add(slot: Slot | undefined, value: Value): void;
  edge(from: Slot | undefined, to: Slot | undefined): void;
  /** Runs for each value that is in the slot or arrives later, once the flow is solved. */
  watch(slot: Slot | undefined, run: (value: Value) => void): void;
  /** The slot of what containers of this element type hold. */
  element(type: Type | undefined): Slot;
  /** What panics carry and recoveries give back. */
  readonly panics: Slot;
  /** The one place for errors. */
  readonly errors: Slot;
  /** Adds to the budget. */
  grant(steps: number): void;
  /** Takes from the budget; false when there is no more. */
  spend(cost?: number): boolean;
  /** Lets go of all that moves values, once they are where they can be: it is half the memory of a module. */
  release(): void;
  /** Moves everything to where it can go; false when that costs more than the budget. */
  solve(): boolean;
}

/** A parsed file with its place in the module. */
export interface ModuleFile {
  /** The path that facts name. */
  readonly path: string;
  readonly dir: string;
  readonly places: Places;
  readonly constraint: string | null;
  readonly condition: Condition;
  readonly scan: FileScan;
  /** The tree and its text, until they are let go. */
  readonly view: TreeView;
  release(): void;
  readonly isTest: boolean;
  /**
   * Never built: under testdata, or a name that begins with `_` or a dot. Of such folders, those that are
   * imported are built all the same, which is known when all files are read.
   */
  isIgnored: boolean;
  /** Of another module, that was given to follow calls into. */
  readonly isForeign: boolean;
}

/** The files of one folder with one package clause. */
export interface Package {
  /** The import path; `_test` behind it for the tests from outside. */
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  readonly files: ModuleFile[];
}

/** How surely an edge is a call: 3 called, 2 passed on, 1 assumed by type alone, 0 stored. */
export type Rank = 0 | 1 | 2 | 3;

/** A place in a file, in UTF-16 indexes. */
export interface Site {
  readonly file: ModuleFile;
  readonly start: number;
  readonly end: number;
}

/** A possible call inside the module. */
export interface Edge {
  readonly to: Fn;
  readonly rank: Rank;
  /**
   * True for methods that the library may call on what it is given, such as String: that counts for what
   * runs on import, not for what a function can do.
   */
  readonly isImplied: boolean;
  readonly site: Site;
}

/** A use of something outside the module: import path and name, `T.M` for methods. */
export interface Outside {
  readonly path: string;
  readonly symbol: string;
  readonly use: 'called' | 'passed' | 'stored';
  readonly site: Site;
  /** Capabilities where they do not follow from the symbol: of a method of an interface. */
  readonly lends?: readonly string[];
}

/**
 * What kind of code a function is. `implicit` is what the compiler makes of a package: it runs the
 * packages imported, the variables' initialisers and the init functions. A `hub` is no code: it stands
 * for all calls through one place, so that many callers of many callees cost their sum.
 */
export type FnKind = 'function' | 'method' | 'init' | 'variable' | 'literal' | 'implicit' | 'hub';

/** A piece of code that runs as one: a function, a literal, or the initialiser of package variables. */
export interface Fn {
  readonly id: number;
  readonly package: Package;
  readonly file: ModuleFile;
  readonly kind: FnKind;
  /** `F`, `T.M`, the variables' names; empty for literals. */
  readonly name: string;
  /** Under which builds it is there. */
  readonly condition: Condition;
  /** The function that a literal stands in. */
  readonly parent: Fn | undefined;
  /** The declared function that a literal stands in; itself for all others. */
  readonly top: Fn;
  readonly site: Site;
  readonly hasBody: boolean;
  readonly signature: Func;
  readonly typeParameters: readonly TypeParameter[];
  readonly receiver: Slot;
  readonly parameters: readonly (Slot | undefined)[];
  readonly results: readonly (Slot | undefined)[];
  readonly edges: ReadonlyMap<Fn, Edge>;
  readonly outside: ReadonlyMap<string, Outside>;
  putEdge(edge: Edge): void;
  putOutside(key: string, used: Outside): void;
  /** True when an initialiser calls something, so that importing runs code. */
  runsCode: boolean;
  /** As Go's own tools name it. */
  readonly shown: string;
}

/** What an expression gives: its type, and the place that says what can be in it. */
export interface Result {
  readonly type: Type | undefined;
  readonly slot?: Slot | undefined;
  /** The results of a call with several. */
  readonly tuple?: readonly Result[];
  readonly isSpread?: boolean;
  /** True for what an assertion gives: a variable made of it may keep its place. */
  readonly isAsserted?: boolean;
}

/** What a name stands for. */
export type Declared =
  | {
      readonly kind: 'type';
      readonly type: Type | undefined;
      /** Of a generic alias. */
      readonly parameters?: readonly TypeParameter[];
    }
  | { readonly kind: 'func'; readonly fns: Fn[] }
  | VariableDeclared
  | { readonly kind: 'const'; readonly type: Type | undefined }
  | { readonly kind: 'package'; readonly path: string }
  | StandardFunc
  | {
      readonly kind: 'foreign';
      readonly path: string;
      readonly name: string;
      /** What it is where a type is meant. */
      readonly type: Type | undefined;
    };

export interface StandardFunc {
  readonly kind: 'standard';
  readonly path: string;
  readonly name: string;
  readonly type: Func | undefined;
}

export interface VariableDeclared {
  readonly kind: 'variable';
  type: Type | undefined;
  readonly slot: Slot | undefined;
  /** Read the declarations of a package variable, one for each system; nothing after the first time. */
  readonly reads?: (() => void)[];
  /** The initialisers of a package variable. */
  readonly fns?: Fn[];
}
