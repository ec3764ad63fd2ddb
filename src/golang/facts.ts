import type { Capability } from './capability/classify.ts';

/** How surely code runs when a package is imported. */
export type ImportReach =
  /** Called, step by step, from an initialiser. */
  | 'called'
  /** A function on the way is handed to a call that runs on import. */
  | 'passed'
  /** A step is joined by a method's name alone, or through a value whose origin is not known. */
  | 'assumed'
  /** A function value that is made on import and kept; nothing was seen to call it. */
  | 'stored';

/** One step of a call path; the last names something outside the module and has no place. */
export interface PathStep {
  readonly function: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The line of code, where it is shown. */
  readonly excerpt?: string;
}

/** A capability of a function, with its shortest known path. */
export interface CapabilityFact {
  readonly capability: Capability;
  readonly package: string;
  readonly function: string;
  readonly kind: 'direct' | 'transitive';
  readonly onImport: boolean;
  /** Only where `onImport`. */
  readonly reach?: ImportReach;
  /** The build constraint under which the whole path holds; null when it always does. */
  readonly constraint: string | null;
  readonly path: readonly PathStep[];
}

/** When code runs: on import, in a program, in tests, when a caller asks, or never by the go command. */
export type Trigger = 'import' | 'main' | 'test' | 'exported' | 'none';

/** One mention of a privileged symbol outside the module. */
export interface UseFact {
  readonly package: string;
  readonly function: string;
  readonly symbol: string;
  readonly capability: Capability;
  readonly trigger: Trigger;
  readonly reach: ImportReach | null;
  /** The calls that lead here from an initialiser; empty unless `reach` is set. */
  readonly path: readonly PathStep[];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Two powers that meet in one function, itself or through functions it calls. */
export interface CombinationFact {
  readonly kinds: readonly [Power, Power];
  readonly package: string;
  readonly function: string;
  readonly trigger: Trigger;
  readonly reach: ImportReach | null;
  /** True when both are the function's own; false when a callee has one. */
  readonly isOwn: boolean;
  readonly path: readonly PathStep[];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What the two powers are, in words: symbols or string values. */
  readonly detail: readonly [string, string];
}

/** The powers whose meeting is a fact. */
export type Power = 'credential' | 'environment' | 'file-write' | 'network' | 'exec' | 'assembled';

/** What is read of one file. */
export interface GoFileFact {
  readonly path: string;
  readonly constraint: string | null;
  readonly embeddedBy: readonly string[];
  readonly isTest: boolean;
  readonly isIgnored: boolean;
}

/** A package: the files of one folder with one package clause. */
export interface PackageFact {
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  readonly imports: readonly string[];
  readonly files: readonly string[];
}

/** An initialiser that runs code when its package is imported. */
export interface OnImportFact {
  readonly package: string;
  readonly kind: 'init' | 'variable';
  readonly file: string;
  readonly line: number;
}

/** A comment that the go command or the compiler acts on. */
export interface DirectiveFact {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A string that says more than the source shows. */
export interface StringFact {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly value: string;
  readonly how: readonly string[];
  /** The code that it is the value of: at most 200 characters. */
  readonly code?: string;
  /** What made it, step by step. */
  readonly steps?: readonly StringStep[];
  /** The variable that it is put into first. */
  readonly variable?: string;
  /** Calls of functions outside of the module that get it. */
  readonly uses?: readonly StringUse[];
  /** Of a value that was cut: its bytes, and the digest of the whole. */
  readonly length?: number;
  readonly sha256?: string;
}

/** One operation on the way to a text. */
export interface StringStep {
  readonly operation: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A call that gets a text. */
export interface StringUse {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A part of the module that was not read, or whose analysis was cut. */
export interface Gap {
  readonly code:
    | 'parse-error'
    | 'too-large'
    | 'over-budget'
    | 'unreadable'
    | 'stage-failed'
    | 'rule-failed'
    | 'proof-not-made';
  readonly file: string;
  readonly line: number;
  readonly detail: string;
}

/** What the method cannot follow. */
export interface LimitFact {
  readonly code: 'cgo' | 'assembly' | 'reflection' | 'external-call' | 'plugin' | 'evaluation';
  readonly file: string;
  readonly line: number;
  readonly onImport: boolean;
  readonly detail: string;
}

/** Asks by which ways a function comes to a capability. */
export interface WhyQuestion {
  /** As facts name it, or the end of that where no other function has it. */
  readonly function: string;
  readonly capability: Capability;
}

/** One way; the last step is what lends the capability, where that is outside the module. */
export interface WhyPath {
  /** The build constraint under which all of it holds; null when it always does. */
  readonly constraint: string | null;
  readonly steps: readonly PathStep[];
}

/** The ways by which a function comes to a capability, shortest first. */
export interface Why {
  /** The full name; null where the question names none, or several. */
  readonly function: string | null;
  /** The functions that may have been meant. */
  readonly candidates: readonly string[];
  readonly capability: Capability;
  readonly paths: readonly WhyPath[];
  /** True when the ways go by what the library may call, or by functions that are kept. */
  readonly isAssumed: boolean;
  /** False when there may be more ways than are given. */
  readonly isWhole: boolean;
}

/** A step of a flow: what gives, passes or takes the value there. */
export interface FlowStep {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A value that goes from where it comes from to where it is used. */
export interface FlowFact {
  readonly source: 'environment' | 'credential' | 'file' | 'network' | 'parameter' | 'host';
  readonly sink: 'exec' | 'network' | 'file' | 'memory';
  readonly path: readonly FlowStep[];
}

/** A condition on the surroundings that guards what code can do. */
export interface GateFact {
  readonly kind:
    | 'platform'
    | 'host'
    | 'user'
    | 'date'
    | 'environment'
    | 'input-hash'
    | 'debugger'
    | 'ci';
  readonly file: string;
  readonly line: number;
  /** The capability that is used under it. */
  readonly guards: string;
  readonly function: string;
}

/** Everything that the Go source says. */
export interface SourceFacts {
  readonly files: readonly GoFileFact[];
  readonly packages: readonly PackageFact[];
  readonly capabilities: readonly CapabilityFact[];
  readonly uses: readonly UseFact[];
  readonly combinations: readonly CombinationFact[];
  readonly onImport: readonly OnImportFact[];
  readonly directives: readonly DirectiveFact[];
  readonly strings: readonly StringFact[];
  readonly gaps: readonly Gap[];
  readonly limits: readonly LimitFact[];
  /** The answer to a question that was asked. */
  readonly why?: Why | undefined;
}
