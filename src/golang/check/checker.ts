import type {
  Declared,
  Flow,
  Fn,
  Func,
  Interface,
  ModuleFile,
  Named,
  Package,
  Result,
  Site,
  Slot,
  Struct,
  Type,
  TypeParameter,
  VariableDeclared,
} from '../types/model.ts';
import type { StandardTypes } from '../types/standard.ts';
import type { Names } from './names.ts';

/** A package with the names that it declares. */
export interface PackageScope {
  readonly package: Package;
  readonly names: Map<string, Declared>;
  readonly files: FileScope[];
}

/** A file with the names that its imports have. */
export interface FileScope {
  readonly file: ModuleFile;
  readonly home: PackageScope;
  readonly imports: Map<string, string>;
  /** Paths of dot imports. */
  readonly dots: string[];
}

/** Where an expression stands: what its names mean, and which function it belongs to. */
export interface Scope {
  readonly at: FileScope;
  readonly fn: Fn;
  readonly names: Names;
}

/** What a selector finds in a type: a field, or a method of one kind or another. */
export type Member =
  | {
      readonly kind: 'field';
      readonly type: Type | undefined;
      readonly slot: Slot | undefined;
    }
  | {
      readonly kind: 'method';
      readonly fns: readonly Fn[];
      readonly signature: Func;
      /** The field through which it is promoted. */
      readonly through: Slot | undefined;
      readonly isPromoted: boolean;
    }
  | {
      readonly kind: 'interface';
      readonly signature: Func;
      /** The interface that declares it. */
      readonly of: Type;
      readonly through: Slot | undefined;
      readonly isPromoted: boolean;
    }
  | {
      readonly kind: 'standard';
      readonly owner: Named;
      readonly name: string;
      readonly signature: Func;
    }
  | { readonly kind: 'foreign'; readonly path: string; readonly name: string };

/** A function whose body is still to be read. */
export interface Body {
  readonly fn: Fn;
  readonly node: number;
  readonly scope: Scope;
  readonly receiver: { readonly name: string; readonly type: Type | undefined } | undefined;
}

/** A variable, or the variants of a function for several systems. */
export type Mentioned = readonly Fn[] | VariableDeclared;

/** What code mentions of functions and variables, by who mentions it. */
export type Mentions = Map<Fn, Set<Mentioned>>;

/** Everything that the parts of the checker share. */
export interface Checker {
  readonly flow: Flow;
  readonly standard: StandardTypes;
  readonly packages: ReadonlyMap<string, PackageScope>;
  readonly types: TypeReader;
  /** What is known of an expression, with every call in it made. */
  evaluate(scope: Scope, node: number): Result;
  statement(scope: Scope, node: number): void;
  /** Runs something one level deeper; not at all where that is too deep. */
  deeper<Answer>(scope: Scope, node: number, run: () => Answer): Answer | undefined;
  /** A call that the parser took for a conversion. */
  callNamed(scope: Scope, name: number, written: Written): Result;
  /** Puts a value into a place. */
  give(slot: Slot | undefined, type: Type | undefined, value: Result | undefined): void;
  /** The import that a name which nothing declares most likely comes from. */
  foreignPath(scope: Scope, name: string): string;
  findMember(type: Type | undefined, name: string): Member | undefined;
  /** A call of a method through an interface: it goes to whatever arrives in the slot. */
  callThroughInterface(
    from: Fn,
    target: readonly [Slot | undefined, Type | undefined, string],
    call: CallSite,
  ): void;
  /** A call of whatever function arrives in a slot. */
  callValues(from: Fn, target: readonly [Slot | undefined, Type | undefined], call: CallSite): void;
  fileScope(file: ModuleFile): FileScope;
  /** Evaluates a list of expressions for so many places, and shows what each gets. */
  assignAll(
    scope: Scope,
    list: readonly [node: number, count: number],
    show: (i: number, value: Result) => void,
  ): void;
  /** Reads a function's parameters into its scope, then its body. */
  body(body: Body): void;
  /** A new function; its slots are made from its signature. */
  createFn(made: MadeFn): Fn;
  readonly memo: Memo;
  /** What the code that is being read mentions, for the order of initialisation. */
  readonly mentions: Mentions;
  /** Shows each call whose callee the types alone say. */
  readonly onCall: CallObserver | undefined;
}

/** Is shown the last name of a callee, and what it means: `path.F` or `path.T.M`. */
export type CallObserver = (name: Site, callee: string, isOfInterface: boolean) => void;

/** What a new function is made of. */
export interface MadeFn {
  readonly at: FileScope;
  readonly kind: Fn['kind'];
  readonly name: string;
  readonly parent: Fn | undefined;
  readonly node: number;
  readonly hasBody: boolean;
  readonly signature: Func;
  readonly typeParameters: readonly TypeParameter[];
  /** Where it stands, when that is not its node. */
  readonly site?: Site;
}

/** A method of an interface, and the embedded interface that declares it. */
export interface InterfaceMethod {
  readonly signature: Func;
  readonly of: Type;
}

/** Answers that are asked for again and again. */
export interface Memo {
  readonly members: Map<Type, Map<string, Member | undefined>>;
  readonly methods: Map<Interface, ReadonlyMap<string, InterfaceMethod>>;
  readonly imported: Map<string, Declared | undefined>;
  /** What leads deeper or wider than is followed. */
  readonly cuts: Set<'structs' | 'interfaces' | 'aliases'>;
  /** Aliases that are being read, each for the one before. */
  aliases: number;
  /** What values of a type of the standard library were given to hold. */
  readonly contents: Map<Named, Slot>;
  /** Nameless structs, which are one type where they look the same. */
  readonly structs: Map<string, Struct>;
  /** Fields and variables of the standard library. */
  readonly ofLibrary: Set<Slot>;
  /** The hub of each place that is called through. */
  readonly hubs: Map<string, Fn>;
  /** The hubs of methods that were called on values of unknown types, by their name. */
  readonly unknown: Map<string, Fn>;
  /** What assertions of a place to a type give. */
  readonly asserted: Map<string, Slot>;
  /** Calls through interfaces, asked again at the end where nothing was seen to arrive. */
  readonly pending: PendingCall[];
}

/** All calls of an interface's method through one place. */
export interface PendingCall {
  readonly hub: Fn;
  readonly slot: Slot;
  readonly type: Type;
  readonly name: string;
}

/** A call as the callee sees it. */
export interface CallSite {
  readonly args: readonly Result[];
  /** Where results go; empty when nobody looks. */
  readonly results: readonly (Slot | undefined)[];
  readonly site: Site;
}

/** What a call is written with. */
export interface Written {
  readonly args: readonly number[];
  readonly typeArguments: readonly number[];
}

/** Reads types off the tree, and says what names mean. */
export interface TypeReader {
  lookup(scope: Scope, name: string): Declared | undefined;
  /** What an imported package declares under a name. */
  imported(path: string, name: string): Declared | undefined;
  typeOf(scope: Scope, node: number): Type | undefined;
  /** The type that a declaration is about: of structs one of its own. */
  declaredType(scope: Scope, node: number): Type | undefined;
  signatureOf(scope: Scope, node: number): Func;
  /** The type that an expression names; undefined when it is a value. */
  typeNamedBy(scope: Scope, node: number): Type | undefined;
}
