import type { TreeView } from '#golang';
import type { Machine } from '../run/machine.ts';
import type { Box, Key, Store } from '../run/stores.ts';
import type { FuncType, NamedType, Type } from '../run/types.ts';
import type { How, Site, SiteFile, Value } from '../run/value.ts';
import type { Ending } from '../run/writes.ts';
import type { FunctionScope } from './scope.ts';

/** A call that waits for the end of its function, and the one that was deferred before it. */
export interface Deferred {
  readonly call: () => void;
  readonly before: Deferred | null;
}

/** A running function: its variables, and what is to be done when it ends. */
export interface Frame {
  readonly m: Machine;
  readonly code: Code;
  /** Rebound where a declaration runs again. */
  readonly boxes: Box[];
  /** Calls that were deferred: a list in a store, so that both ways of a fork keep their own. */
  readonly deferred: Box;
  readonly everDeferred: (() => void)[];
}

export type Expression = (frame: Frame) => Value;
export type Statement = (frame: Frame) => Ending;

/** A place that can be written, and what it holds. */
export interface Place {
  readonly store: Store;
  readonly key: Key;
  readonly type: Type;
}
/** Gives undefined where it is not known which place is meant. */
export type PlaceExpression = (frame: Frame) => Place | undefined;

/** A function, read when it first runs. */
export interface Code {
  /** As facts name it. */
  readonly name: string;
  readonly file: SourceFile;
  readonly node: number;
  /** The declared function that a literal stands in. */
  readonly top: Code | undefined;
  type: FuncType;
  readonly hasReceiver: boolean;
  /** How often it is on the stack, and how much was in doubt when it first got there. */
  active: number;
  activeDoubt: number;
  /** The newest value of a literal that was not called yet. */
  unused: Closure | undefined;
  hasRun: boolean;
  body: Body | undefined;
  /** Of a declared function: the literals in it, and what is seen in it and in them. */
  readonly literals: Code[];
  readonly sightings: Sighting[];
  /** Reads the body; undefined where it cannot be followed. */
  readonly read: () => Body | undefined;
}

/** A function that was read. */
export interface Body {
  readonly slots: number;
  readonly receiver: number;
  readonly parameters: readonly number[];
  /** Slots of results; of those without a name too. */
  readonly results: readonly number[];
  readonly hasNamedResults: boolean;
  /** True where it may go on after a panic. */
  readonly recovers: boolean;
  readonly captures: readonly { readonly outer: number; readonly inner: number }[];
  readonly run: Statement;
}

/** A function of the module as a value. */
export interface Closure {
  readonly kind: 'closure';
  readonly code: Code;
  /** Boxes for the captures of the body. */
  readonly captured: readonly Box[];
  /** Of a method value. */
  readonly receiver?: Value | undefined;
  /** What the type parameter of `F[T]` stands for; PARAMETER of several. */
  readonly instance?: Type;
}

/** A function of the standard library as a value. */
export interface NativeValue {
  readonly kind: 'native';
  readonly name: string;
  readonly run: Native;
  readonly receiver?: Value | undefined;
}

export type Callable = Closure | NativeValue;

/** A file that a directive `//go:embed …` names, by its path from the folder of the package. */
export interface EmbeddedFile {
  readonly name: string;
  read(): Uint8Array;
}

/** The files that directives in a file name, each once. */
export type Embedding = (file: string, directives: readonly string[]) => readonly EmbeddedFile[];

/** Where and by whom a library function is called. */
export interface CallContext {
  readonly m: Machine;
  readonly site: Site;
  /** Calls a function value. */
  call(callee: Value, args: readonly Value[]): Value;
  /** A method of a value, bound to it; undefined where its type has none of that name. */
  method(value: Value, name: string): Value | undefined;
  /** A call of library code that is not followed. */
  outside(name: string, args: readonly Value[]): Value;
  readonly embedded: Embedding;
}

/** A function of the standard library. A method gets its receiver, a pointer or a value, first. */
export type Native = (context: CallContext, args: readonly Value[]) => Value;

/** What a package declares under a name. */
export type Declaration =
  | { readonly kind: 'constant'; readonly file: SourceFile; readonly value: () => Value }
  | PackageVariable
  | { readonly kind: 'function'; readonly file: SourceFile; readonly code: Code }
  | { readonly kind: 'type'; readonly file: SourceFile; readonly type: () => Type };

export interface PackageVariable {
  readonly kind: 'variable';
  readonly file: SourceFile;
  readonly box: Box;
  readonly code: Code;
  /** Runs the initialiser, once. */
  readonly initialise: () => void;
}

/** A field of a struct that one place of its package gives a value to, and what it was seen to give. */
export interface FieldOnce {
  readonly owner: NamedType;
  readonly place: number;
  value: Value | undefined;
  isVaried: boolean;
}

export type FieldsOnce = ReadonlyMap<string, FieldOnce>;

/** A package of the module. */
export interface PackageCode {
  readonly path: string;
  readonly files: readonly SourceFile[];
  /** Several where files for several systems declare the same name. */
  readonly declarations: Map<string, Declaration[]>;
  /** Methods by the name of their type. */
  readonly methods: Map<string, Map<string, MethodCode[]>>;
  readonly variables: PackageVariable[];
  /** Constants that may hide something. */
  readonly constants: { readonly code: Code; readonly value: () => Value }[];
  readonly inits: Code[];
  readonly functions: Code[];
  /** Its fields that are set once, when they are asked for. */
  once: FieldsOnce | undefined;
  /** Whether any of its functions recovers from panics, when that is asked for. */
  recovers: boolean | undefined;
  /** True once its code was let go of. */
  isReleased: boolean;
}

export interface MethodCode {
  readonly code: Code;
  readonly isPointer: boolean;
  readonly file: SourceFile;
}

/** A file while its package is read. */
export interface SourceFile extends SiteFile {
  /** Without nodes once the package is let go. */
  view: TreeView;
  readonly home: PackageCode;
  readonly imports: ReadonlyMap<string, string>;
  /** Paths of dot imports. */
  readonly dots: readonly string[];
  /** Variables of a `for` clause are new in each turn: since go 1.22. */
  readonly hasOwnLoopVariables: boolean;
}

/** Where code stands while it is read. */
export interface Context {
  readonly file: SourceFile;
  readonly scope: FunctionScope;
  readonly code: Code;
  /** The value of iota. */
  readonly iota: number | undefined;
}

/** A text as it was seen: its front where it is long, with the length and the digest of all of it. */
export interface Sight {
  readonly text: string;
  readonly how: How;
  readonly length: number;
  readonly sha256?: string;
}

/** A text that is worth saying, and what it was seen to be. */
export interface Sighting {
  readonly site: Site;
  readonly code: Code;
  /** The variable that it is first put into. */
  variable: string | undefined;
  readonly values: Sight[];
  /** True once it was seen to be something that is not known. */
  varies: boolean;
}
