import { ModuleError } from './errors.ts';
import { modulePathFault, moduleVersionFault, splitPathMajor } from './path.ts';
import { zeroPseudoVersion } from './pseudo-version.ts';
import { canonicalVersion } from './version.ts';

/** A module path and its canonical version, checked as a pair. */
export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/**
 * Parses `path@version`.
 *
 * @throws ModuleError `MODULE_VERSION` unless both are valid, fit, and the version is canonical.
 */
export function parseModuleVersion(text: string): ModuleVersion {
  const at = text.lastIndexOf('@');
  const path = text.slice(0, Math.max(at, 0));
  const version = text.slice(at + 1);
  const fault =
    at <= 0
      ? 'it is not of the form path@version'
      : (moduleVersionFault(path, version) ??
        (canonicalVersion(version) === version
          ? undefined
          : `the canonical form of the version is ${canonicalVersion(version)}`));
  if (fault !== undefined) {
    throw new ModuleError(
      'MODULE_VERSION',
      `Cannot read ${JSON.stringify(text)} as a module version: ${fault}`,
    );
  }
  return { path, version };
}

/**
 * The version that a directory without a stated one gets: the path's major number and the zero
 * pseudo-version.
 *
 * @throws ModuleError `PATH` for an invalid module path.
 */
export function placeholderVersion(path: string): ModuleVersion {
  const fault = modulePathFault(path);
  if (fault !== undefined)
    throw new ModuleError('PATH', `Cannot name the directory's module: ${fault}`);
  const major = (splitPathMajor(path) ?? '').replace(/^[/.]v|-unstable$/g, '') || '0';
  return { path, version: zeroPseudoVersion(`v${major}`) };
}

/** Go's escaped form of a valid path or version: `A` becomes `!a`. */
export function escapeUpperCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}
