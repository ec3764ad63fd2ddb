import type { FileSource } from '#golang';
import type { FlowGraph } from './graph.ts';
import type { FlowSink, SourceRule } from './tables.ts';

/** Something that variables and fields can refer to together. Its value is a node that changes as it is written. */
export interface Obj {
  /** One node for good, where several functions write it; else -1. */
  cell: number;
  /** What its fields refer to, as far as it was seen. */
  readonly refs: Map<number, Obj>;
  isChannel: boolean;
  /** What it writes to in turn: a compressor to a buffer. */
  wraps?: readonly Obj[];
  /** Texts that it may hold. */
  texts: readonly string[];
}

/** What an expression comes to. */
export interface Value {
  /** -1 where nothing is known to come from elsewhere. */
  readonly node: number;
  /** What it refers to, or is. */
  readonly obj?: Obj;
  /** True where a copy is another one. */
  readonly isCopied?: boolean;
  /** Literals that it is made of. */
  readonly texts?: readonly string[];
  /** What it is where it is called: a function outside of the module. */
  readonly library?: string;
  /** Of a call: its results. */
  readonly parts?: readonly Value[];
}

export const NONE: Value = { node: -1 };

/** A variable of a function. */
export interface Variable {
  readonly name: string;
  /** Where functions inside of this one use it, its one node. */
  readonly shared: Value | undefined;
}

/** A function, declared or literal. */
export interface FlowFunction {
  readonly index: number;
  /** As facts name it. */
  readonly name: string;
  readonly path: string;
  /** What is left of its file when the tree is gone. */
  readonly places: FileSource['places'];
  readonly start: number;
  readonly end: number;
  readonly isExported: boolean;
  /** The parameters' nodes, and their nodes at the end; a receiver comes first. */
  readonly hasReceiver: boolean;
  readonly parameters: number[];
  readonly outs: number[];
  readonly isVariadic: boolean;
  readonly results: number[];
  /** The type of its receiver, in full. */
  readonly receiverType: string | undefined;
  /** Types of the module that parameters and results are of, in full. */
  readonly types: readonly (string | undefined)[];
  readonly resultTypes: readonly (string | undefined)[];
}

/** A call whose function is looked up when all are known. */
export interface PendingCall {
  readonly fn: number;
  readonly start: number;
  /** `path.F`, `path.T.M`; or the name of a method alone. */
  readonly callee: string | undefined;
  readonly method: string | undefined;
  /** The value that is called, where it is one. */
  readonly value: number;
  readonly hasReceiver: boolean;
  readonly receiver: number;
  readonly args: readonly number[];
  readonly isSpread: boolean;
  /** What the arguments refer to afterwards; a receiver's comes first. */
  readonly outs: readonly number[];
  readonly receiverOut: number;
  readonly results: readonly number[];
}

/** A value that a flow may begin with. */
export interface Origin extends SourceRule {
  readonly node: number;
  readonly name: string;
  /** Of a parameter: it counts where nothing in the module calls the function. */
  readonly isParameter: boolean;
}

/** A place that a flow may end at. */
export interface Sink {
  readonly node: number;
  readonly kind: FlowSink;
  readonly name: string;
  /** Labels of fields of which the value must be one. */
  readonly fields: ReadonlySet<number> | undefined;
}

/** Data that is written to something, which is a sink if what it is written to was made by one. */
export interface Writing {
  readonly node: number;
  readonly targets: readonly number[];
  readonly name: string;
}

/** A condition, and the code that runs by it. */
export interface Condition {
  readonly node: number;
  readonly fn: number;
  readonly start: number;
  readonly regions: readonly (readonly [start: number, end: number])[];
  readonly texts: readonly string[];
}

/** What is known of the functions of a module. */
export interface FlowModel {
  readonly graph: FlowGraph;
  /** Paths of packages that were shown. */
  readonly packages: Set<string>;
  /** Types that are structs, in full: a value of one is a copy. */
  readonly structs: Set<string>;
  readonly functions: FlowFunction[];
  readonly byName: Map<string, FlowFunction[]>;
  readonly methods: Map<string, FlowFunction[]>;
  /** Functions as values: the node that stands for them. */
  readonly taken: {
    readonly node: number;
    readonly name: string | undefined;
    readonly fn: number;
  }[];
  readonly takenNodes: Set<number>;
  readonly globals: Map<string, Value>;
  /** Texts of package constants and variables, in full names. */
  readonly texts: Map<string, readonly string[]>;
  readonly pending: PendingCall[];
  readonly origins: Origin[];
  readonly carriers: { readonly node: number; readonly kind: FlowSink }[];
  readonly sinks: Sink[];
  readonly writings: Writing[];
  readonly conditions: Condition[];
  /** Calls outside of the module that a condition may guard. */
  readonly guarded: { readonly fn: number; readonly start: number; readonly what: string }[];
  /** What may still be built: nodes and edges. */
  left: number;
  isWhole: boolean;
}
