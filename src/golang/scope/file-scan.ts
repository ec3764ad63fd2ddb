/** How a function is mentioned: called, handed to a call, or kept for later. */
export type Use = 'called' | 'passed' | 'stored';

/** What a reference points at. */
export type ReferenceKind =
  /** A bare name of the package, or of a dot import. `target`: the name. */
  | 'name'
  /** `target`: import path, NUL, name. */
  | 'package'
  /** A method or a field. `target`: type hint, NUL, name. */
  | 'member'
  /** A function literal. `target`: its number in the file. */
  | 'literal'
  /** A call of something that is not a name, such as `f()()`. `target` is empty. */
  | 'unknown';

/** One mention of something that may be a function. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly target: string;
  readonly use: Use;
  /** UTF-16 indexes of the mention. */
  readonly start: number;
  readonly end: number;
  /** The field or key that the value is kept under; empty when there is none. */
  readonly keptAs: string;
}

/** What kind of code a scanned function is. */
export type FunctionKind = 'function' | 'method' | 'init' | 'variable' | 'literal';

/** A piece of code that runs as one: a function, a literal, or a package variable's initialiser. */
export interface ScannedFunction {
  readonly kind: FunctionKind;
  /** `F`, `T.M`, the variable's name; the number of the literal among its parent's. */
  readonly name: string;
  /** `(*T).M` for a method with a pointer receiver; else the name. */
  readonly shown: string;
  readonly start: number;
  readonly end: number;
  /** The function that a literal stands in. */
  readonly parent: ScannedFunction | undefined;
  readonly hasBody: boolean;
  /** The hint of the first result. */
  readonly result: string;
  readonly references: Reference[];
  /** True when the initialiser calls something, so that importing runs code. */
  runsCode: boolean;
}

/** An import: the path, and the name it has in this file. */
export interface ScannedImport {
  readonly path: string;
  /** `.` for a dot import, `_` for a blank one, else the name; undefined when it has to be guessed. */
  readonly name: string | undefined;
  readonly start: number;
}

/** A comment that may be a directive. */
export interface ScannedComment {
  readonly start: number;
  readonly text: string;
}

/** A string written in the code, or put together from constants. */
export interface ScannedString {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly how: readonly string[];
  /** Index of the function that it stands in; -1 outside of all. */
  readonly inFunction: number;
}

/** A type of the package. */
export interface ScannedType {
  readonly isInterface: boolean;
  /** Hints of the types whose methods it has too: what it is an alias of, what it embeds. */
  readonly lends: readonly string[];
  /** Hints of a struct's fields; those of predeclared and of nameless types are left out. */
  readonly fields: ReadonlyMap<string, string> | undefined;
}

/** What one file declares and mentions, before names are joined across files. */
export interface FileScan {
  readonly packageName: string;
  /** Where the package clause starts: constraints stand above it. */
  readonly packageStart: number;
  readonly imports: readonly ScannedImport[];
  readonly functions: readonly ScannedFunction[];
  /** Hints of package variables by name. */
  readonly variables: ReadonlyMap<string, string>;
  /** Package types by name. */
  readonly types: ReadonlyMap<string, ScannedType>;
  readonly comments: readonly ScannedComment[];
  readonly strings: readonly ScannedString[];
  /** Regions that the parser could not read: UTF-16 start and end. */
  readonly unread: readonly (readonly [number, number])[];
}
