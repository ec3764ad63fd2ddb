const NUMBER = '(0|[1-9][0-9]*)';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SEMVER = new RegExp(
  `^v${NUMBER}(?:\\.${NUMBER}(?:\\.${NUMBER}(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?)?)?$`,
);

interface SemanticVersion {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** With its hyphen; empty when there is none. */
  readonly prerelease: string;
  /** With its plus; empty when there is none. */
  readonly build: string;
}

function parse(version: string): SemanticVersion | undefined {
  const match = SEMVER.exec(version);
  if (match === null) return undefined;
  const [, major = '', minor = '0', patch = '0', prerelease = '', build = ''] = match;
  // A numeric pre-release identifier has no leading zero; a build identifier may.
  const bad = prerelease
    .slice(1)
    .split('.')
    .some((part) => /^0[0-9]+$/.test(part));
  return bad ? undefined : { major, minor, patch, prerelease, build };
}

/** True for Go's semantic versions: with the v, `v1` and `v1.2` included. */
export function isSemver(version: string): boolean {
  return parse(version) !== undefined;
}

/** `v` and the major number; empty for an invalid version. */
export function majorOf(version: string): string {
  const parsed = parse(version);
  return parsed === undefined ? '' : `v${parsed.major}`;
}

/** The build metadata with its plus; empty when there is none. */
export function buildOf(version: string): string {
  return parse(version)?.build ?? '';
}

/**
 * Go's module.CanonicalVersion: three numbers, no build metadata but `+incompatible`.
 * Empty for an invalid version, but for `+incompatible` kept as Go does.
 */
export function canonicalVersion(version: string): string {
  const parsed = parse(version);
  if (parsed === undefined) return '';
  const { major, minor, patch, prerelease, build } = parsed;
  const kept = build === '+incompatible' ? build : '';
  return `v${major}.${minor}.${patch}${prerelease}${kept}`;
}
