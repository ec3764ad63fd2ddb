import { ModuleError, type ModuleVersion, parseModuleVersion } from '#module';
import { CliError } from './errors.ts';

/**
 * The module versions that a command line names.
 *
 * @throws CliError `USAGE` for what is no `path@version`.
 */
export function parseSubjects(names: readonly string[]): readonly ModuleVersion[] {
  return names.map((name) => {
    try {
      return parseModuleVersion(name);
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      throw new CliError('USAGE', error.message, { cause: error });
    }
  });
}

/**
 * What `--as` says; undefined where it was not given.
 *
 * @throws CliError `USAGE` for what is no `path@version`.
 */
export function parseStated(as: string | undefined): ModuleVersion | undefined {
  if (as === undefined) return undefined;
  try {
    return parseModuleVersion(as);
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    throw new CliError('USAGE', `${error.message}; --as takes path@version`, { cause: error });
  }
}
