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

/** The pre-release with its hyphen; empty when there is none. */
export function prereleaseOf(version: string): string {
  return parse(version)?.prerelease ?? '';
}

/** `v`, major and minor number; empty for an invalid version. */
export function majorMinorOf(version: string): string {
  const parsed = parse(version);
  return parsed === undefined ? '' : `v${parsed.major}.${parsed.minor}`;
}

/** Orders decimals without leading zeros, of any length. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareTexts(a, b);
}

/** ASCII only: UTF-16 units sort as bytes. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return isNumberA ? compareNumbers(a, b) : compareTexts(a, b);
}

function comparePrereleases(a: string, b: string): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  const [as, bs] = [a.slice(1).split('.'), b.slice(1).split('.')];
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const order = compareIdentifiers(as[i] ?? '', bs[i] ?? '');
    if (order !== 0) return order;
  }
  return as.length - bs.length;
}

/** Go's semver.Compare: invalid versions come first and are equal; build metadata does not count. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)];
  if (x === undefined || y === undefined) return Number(x !== undefined) - Number(y !== undefined);
  const order =
    compareNumbers(x.major, y.major) ||
    compareNumbers(x.minor, y.minor) ||
    compareNumbers(x.patch, y.patch) ||
    comparePrereleases(x.prerelease, y.prerelease);
  return Math.sign(order);
}

/** The order of Go's semver.Sort: ties are broken by the text. */
export function orderVersions(a: string, b: string): number {
  return compareVersions(a, b) || compareTexts(a, b);
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
