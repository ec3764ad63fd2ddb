import { CodedError } from '#base';

/**
 * `PATH`: not a module path. `VERSION`: not a canonical version that fits its path.
 * `MODULE_VERSION`: not `path@version`. `GO_SUM`: a go.sum that the go command refuses.
 * `NOT_A_ZIP`: a file without a zip end record. `GO_MOD`: a directory whose go.mod names no module.
 */
export type ModuleErrorCode =
  | 'PATH'
  | 'VERSION'
  | 'MODULE_VERSION'
  | 'GO_SUM'
  | 'NOT_A_ZIP'
  | 'GO_MOD';

/** A module path, version, go.sum or archive that cannot be used. */
export class ModuleError extends CodedError<ModuleErrorCode> {}
