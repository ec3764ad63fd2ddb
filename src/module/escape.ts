import { elementFault, modulePathFault } from './path.ts';

function escapeCapitals(text: string): string | undefined {
  if (/[^\0-\x7f]|!/.test(text)) return undefined;
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

function restoreCapitals(text: string): string | undefined {
  if (!/^(?:[\0-\x20"-@[-\x7f]|![a-z])*$/.test(text)) return undefined;
  return text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isVersionElement(version: string): boolean {
  return elementFault(version, 'file') === undefined && !version.includes('!');
}

/** Go's module.EscapePath: capitals become `!` and the small letter; undefined for an invalid path. */
export function escapeModulePath(path: string): string | undefined {
  return modulePathFault(path) === undefined ? escapeCapitals(path) : undefined;
}

/** Go's module.EscapeVersion; undefined for what is not one file name without `!`. */
export function escapeVersion(version: string): string | undefined {
  return isVersionElement(version) ? escapeCapitals(version) : undefined;
}

/** Go's module.UnescapePath; undefined for what no valid path is escaped to. */
export function unescapeModulePath(escaped: string): string | undefined {
  const path = restoreCapitals(escaped);
  return path === undefined || modulePathFault(path) !== undefined ? undefined : path;
}

/** Go's module.UnescapeVersion; undefined for what no version is escaped to. */
export function unescapeVersion(escaped: string): string | undefined {
  const version = restoreCapitals(escaped);
  return version === undefined || !isVersionElement(version) ? undefined : version;
}
