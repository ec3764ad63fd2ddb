import type { FileScan, Reference, ScannedFunction, ScannedType } from '../scope/file-scan.ts';
import type { Places } from '../source-text.ts';

/** A scanned file with its place in the module. */
export interface ModuleFile {
  /** The path that facts name. */
  readonly path: string;
  readonly dir: string;
  readonly places: Places;
  readonly constraint: string | null;
  readonly scan: FileScan;
  readonly isTest: boolean;
  /** Never built: under testdata, or a name that begins with `_` or a dot. */
  readonly isIgnored: boolean;
}

/** The files of one folder with one package clause, and what they declare. */
export interface Package {
  /** The import path; `_test` behind it for the tests from outside. */
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  readonly files: ModuleFile[];
  readonly functions: Map<string, Node[]>;
  readonly methods: Map<string, Node[]>;
  readonly methodsByName: Map<string, Node[]>;
  readonly variables: Map<string, Node[]>;
  readonly variableHints: Map<string, string>;
  readonly types: Map<string, ScannedType>;
  /** Function values by the field or key that they are kept under. */
  readonly kept: Map<string, Node[]>;
  /** Symbols outside the module by the field or key that they are kept under. */
  readonly keptOutside: Map<string, Outside[]>;
  /** Function values that are kept anywhere. */
  readonly stored: Node[];
}

/** A piece of code in the graph. */
export interface Node {
  readonly id: number;
  readonly package: Package;
  readonly file: ModuleFile;
  readonly fn: ScannedFunction;
  /** As Go's own tools name it. */
  readonly shown: string;
  /** The declared function that a literal stands in; itself for all others. */
  readonly top: Node;
  readonly edges: Edge[];
  /** Mentions of what lies outside the module. */
  readonly outside: Outside[];
}

/** How surely an edge is a call: 3 called, 2 passed, 1 assumed, 0 stored. */
export type Rank = 0 | 1 | 2 | 3;

/** A possible call. */
export interface Edge {
  readonly to: Node;
  readonly rank: Rank;
  readonly reference: Reference;
}

/** A symbol outside the module: import path and name, `T.M` for methods. */
export interface Outside {
  readonly path: string;
  readonly symbol: string;
  readonly reference: Reference;
}

/** The module's code and its possible calls. */
export interface Graph {
  readonly packages: readonly Package[];
  readonly nodes: readonly Node[];
}
