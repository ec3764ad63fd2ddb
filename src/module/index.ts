/**
 * What a Go module is: paths and versions (go.dev/ref/mod), go.mod and go.sum, the h1 hash, and
 * module zips as Go's archive/zip and golang.org/x/mod/zip read, refuse and pack them.
 *
 * What is wrong with an archive is reported, never thrown.
 *
 * ```ts
 * parseModuleVersion('example.com/m@v1.0.0'); // { path: 'example.com/m', version: 'v1.0.0' }
 * const inspection = await inspectZip(bytes, { stated, entries, inflated, keep });
 * inspection.h1; // 'h1:…', or null where Go computes none
 * ```
 *
 * @module
 */

export { goModHash, hash1, hashDirectory } from './dirhash.ts';
export { ModuleError, type ModuleErrorCode } from './errors.ts';
export {
  escapeModulePath,
  escapeVersion,
  unescapeModulePath,
  unescapeVersion,
} from './escape.ts';
export type { Replacement, Requirement, Retraction } from './go-mod/directives.ts';
export { type GoWork, parseGoWork } from './go-mod/go-work.ts';
export { type GoMod, type GoModReading, parseGoMod } from './go-mod/parse.ts';
export type { GoModFault } from './go-mod/statements.ts';
export {
  checkGoSum,
  compareHashes,
  type GoSumLine,
  type GoSumResult,
  type GoSumStatus,
  type ModuleHashes,
  NO_GO_SUM,
  parseGoSum,
} from './go-sum.ts';
export {
  escapeUpperCase,
  type ModuleVersion,
  parseModuleVersion,
  placeholderVersion,
} from './module-version.ts';
export {
  filePathFault,
  importPathFault,
  modulePathFault,
  moduleVersionFault,
  splitPathMajor,
} from './path.ts';
export { matchesPrefixPattern } from './prefix-pattern.ts';
export {
  formatPseudoVersion,
  isPseudoVersion,
  isZeroPseudoVersion,
  type PseudoVersion,
  parsePseudoVersion,
  zeroPseudoVersion,
} from './pseudo-version.ts';
export {
  canonicalVersion,
  compareVersions,
  isSemver,
  majorMinorOf,
  orderVersions,
} from './version.ts';
export { MAX_ZIP_SIZE, type ZipFault, type ZipFaultCode } from './zip/check.ts';
export {
  createZip,
  isVendored,
  type OmittedFile,
  type PackedFiles,
  type SourceFile,
  selectFiles,
} from './zip/create.ts';
export { requireZip } from './zip/directory.ts';
export { type GoInflation, inflateLikeGo } from './zip/go-inflate.ts';
export { inspectZip, type ZipInspection } from './zip/inspect.ts';
export type { ZipDeviation, ZipDeviationCode } from './zip/layout.ts';
export type { ZipRegion } from './zip/map.ts';
export type { ZipEntry, ZipGap, ZipInspectionOptions } from './zip/read-entries.ts';
