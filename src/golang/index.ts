/**
 * Facts about Go source: what code can do, and what runs on import, without a Go toolchain.
 *
 * tree-sitter reads every file whatever its build constraint; names are joined across the module;
 * a table says what the standard library lends. What could not be read is a gap, what the method
 * cannot follow is a limit.
 *
 * ```ts
 * const parser = await openGoParser(programs);
 * const facts = await analyzeModule('example.com/m', tree, { parser, reopen, limits, breathe });
 * facts.capabilities[0]; // { capability: 'EXEC', function: 'example.com/m.init#1', onImport: true, … }
 * ```
 *
 * @module
 */

export {
  type AnalysisLimits,
  type AnalysisTools,
  analyzeModule,
  type OtherPackage,
  type OtherPackages,
  type ResolvedCall,
  type SourceTree,
} from './analyze.ts';
export { nameConstraint } from './build/constraint.ts';
export { embeddedFiles } from './build/directives.ts';
export { type BuildTarget, isBuiltFor } from './build/platforms.ts';
export {
  CAPABILITIES,
  type Capability,
  isStandardPackage,
  STANDARD_LIBRARY,
} from './capability/classify.ts';
export type { FileSource, PackageObserver, PackageSource } from './check/package-source.ts';
export { GolangError, type GolangErrorCode } from './errors.ts';
export type {
  CapabilityFact,
  CombinationFact,
  DirectiveFact,
  FlowFact,
  FlowStep,
  Gap,
  GateFact,
  ImportReach,
  LimitFact,
  OnImportFact,
  PackageFact,
  PathStep,
  SourceFacts,
  StringFact,
  StringStep,
  StringUse,
  Trigger,
  UseFact,
  Why,
  WhyPath,
  WhyQuestion,
} from './facts.ts';
export { unquoteGo } from './scope/constants.ts';
export {
  createTreeView,
  type Grammar,
  type KindName,
  readGrammar,
  type TreeView,
} from './scope/tree-view.ts';
export { createFlatTree } from './syntax/flat-tree.ts';
export {
  type GoParser,
  GRAMMAR_SHA256,
  openGoParser,
  type ParserPrograms,
  reopenGoParser,
} from './syntax/go-parser.ts';
