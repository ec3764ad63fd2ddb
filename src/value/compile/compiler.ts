import type { Grammar } from '#golang';
import type { Machine } from '../run/machine.ts';
import type { FuncType, Type } from '../run/types.ts';
import type { Site, Value } from '../run/value.ts';
import type {
  Callable,
  CallContext,
  Code,
  Context,
  Declaration,
  Embedding,
  Expression,
  Frame,
  MethodCode,
  Native,
  PackageCode,
  PlaceExpression,
  Sighting,
  SourceFile,
  Statement,
} from './model.ts';
import type { Local } from './scope.ts';

/** What a name means. */
export type Meaning =
  | Local
  | Declaration
  | { readonly kind: 'package'; readonly path: string }
  /** Declared more than once, for several systems. */
  | { readonly kind: 'ambiguous' };

/** What the standard library is, as far as it is followed. */
export interface Library {
  /** A function `path.F` or a method `path.T.M`. */
  native(name: string): Native | undefined;
  type(path: string, name: string): Type | undefined;
  /** A variable or constant. */
  value(path: string, name: string): Value | undefined;
  /** True where a function neither keeps nor changes what it is given. */
  isHarmless(name: string): boolean;
}

/** Everything that the parts of the compiler share. */
export interface Compiler {
  readonly m: Machine;
  readonly grammar: Grammar;
  readonly library: Library;
  readonly packages: ReadonlyMap<string, PackageCode>;
  expression(at: Context, node: number): Expression;
  /** Undefined for what cannot be assigned to. */
  place(at: Context, node: number): PlaceExpression | undefined;
  statement(at: Context, node: number, label?: string): Statement;
  /** The type that a node says; ANY where it is not known. */
  typeOf(at: Context, node: number): Type;
  /** The type that an expression names; undefined where it is a value. */
  typeNamedBy(at: Context, node: number): Type | undefined;
  signatureOf(at: Context, node: number): FuncType;
  meaningOf(at: Context, name: string): Meaning | undefined;
  declarationIn(from: SourceFile | undefined, home: PackageCode, name: string): Meaning | undefined;
  /** The value of an expression that needs no variables. */
  constant(at: Context, node: number): Value;
  siteOf(at: Context, node: number): Site;
  /** What an expression was seen to be: one for each place. */
  sight(at: Context, node: number): Sighting;
  /** Notes what an expression is in this run. */
  sightOne(frame: Frame, sighting: Sighting, value: Value): void;
  /** The same for what changes with each turn of a loop: the last one counts. */
  sightLast(frame: Frame, sighting: Sighting, value: Value): void;
  literal(at: Context, node: number): Expression;
  methodOf(type: Type, name: string): FoundMethod | undefined;
  call(callee: Callable, args: readonly Value[], site: Site): Value;
  /** A call of code that is not followed: whatever it can reach may change. */
  opaque(frame: Frame, values: readonly Value[]): void;
  contextAt(site: Site): CallContext;
  /** Runs something whose places are noted as those of a function. */
  atRoot<Answer>(code: Code, run: () => Answer): Answer;
  readonly observe: Observer;
  readonly embedded: Embedding;
  /** How deep reading is in what leads to more of its kind. */
  readonly nesting: { types: number };
}

/** A method of a type, and the fields that lead to it. */
export interface FoundMethod {
  readonly through: readonly number[];
  readonly code: MethodCode | undefined;
  readonly native: { readonly name: string; readonly run: Native | undefined } | undefined;
}

/** Is shown what runs. */
export interface Observer {
  /** A call of something that the module does not declare, with what is known of its arguments. */
  outsideCall(m: Machine, name: string, call: readonly [args: readonly Value[], site: Site]): void;
}

export type { Expression, PlaceExpression, Statement };
