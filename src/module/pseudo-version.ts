import { buildOf, canonicalVersion, isSemver, majorOf, prereleaseOf } from './version.ts';

const PSEUDO =
  /^v[0-9]+\.(0\.0-|[0-9]+\.[0-9]+-([^+]*\.)?0\.)[0-9]{14}-[A-Za-z0-9]+(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** A pseudo-version taken apart (go.dev/ref/mod#pseudo-versions). */
export interface PseudoVersion {
  /** The version it comes after; empty where the repository had none. */
  readonly base: string;
  /** yyyymmddhhmmss in UTC, as it stands there. */
  readonly timestamp: string;
  /** The revision, shortened. */
  readonly revision: string;
}

/** Go's module.IsPseudoVersion. */
export function isPseudoVersion(version: string): boolean {
  return version.split('-').length > 2 && isSemver(version) && PSEUDO.test(version);
}

function decrement(decimal: string): string | undefined {
  if (/^0+$/.test(decimal)) return undefined;
  const zeros = /0*$/.exec(decimal)?.[0].length ?? 0;
  const at = decimal.length - zeros - 1;
  const smaller = decimal.slice(0, at) + String(Number(decimal[at]) - 1) + '9'.repeat(zeros);
  return smaller.length > 1 ? smaller.replace(/^0/, '') : smaller;
}

function increment(decimal: string): string {
  const nines = /9*$/.exec(decimal)?.[0].length ?? 0;
  const at = decimal.length - nines - 1;
  if (at < 0) return `1${'0'.repeat(nines)}`;
  return decimal.slice(0, at) + String(Number(decimal[at]) + 1) + '0'.repeat(nines);
}

/** The version before the pseudo-version's own; the go command's sentence where there cannot be one. */
function baseOf(start: string, build: string): { base: string } | { fault: string } {
  const prerelease = prereleaseOf(start);
  if (prerelease === '') {
    if (build === '') return { base: '' };
    return { fault: `lacks base version, but has build metadata ${JSON.stringify(build)}` };
  }
  if (prerelease !== '-0') return { base: start.slice(0, -2) + build };
  const release = start.slice(0, -2);
  const dot = release.lastIndexOf('.') + 1;
  const patch = decrement(release.slice(dot));
  if (patch === undefined)
    return { fault: `version before ${release} would have negative patch number` };
  return { base: release.slice(0, dot) + patch + build };
}

/** Parses a pseudo-version; a text is the go command's reason why it is none. */
export function parsePseudoVersion(version: string): PseudoVersion | string {
  if (!isPseudoVersion(version)) return 'syntax error';
  const build = buildOf(version);
  const plain = version.slice(0, version.length - build.length);
  const dash = plain.lastIndexOf('-');
  const revision = plain.slice(dash + 1);
  const front = plain.slice(0, dash);
  const inner = front.lastIndexOf('-');
  const dot = front.lastIndexOf('.');
  const cut = dot > inner ? dot : inner;
  const base = baseOf(front.slice(0, cut), build);
  if ('fault' in base) return base.fault;
  return { base: base.base, timestamp: front.slice(cut + 1), revision };
}

/** Go's module.PseudoVersion: the version of a revision that comes after `older` (empty for none). */
export function formatPseudoVersion(
  major: string,
  older: string,
  { timestamp, revision }: Pick<PseudoVersion, 'timestamp' | 'revision'>,
): string {
  const segment = `${timestamp}-${revision}`;
  const build = buildOf(older);
  const canonical = canonicalVersion(older).replace(/\+.*$/, '');
  if (canonical === '') return `${major === '' ? 'v0' : major}.0.0-${segment}`;
  if (prereleaseOf(canonical) !== '') return `${canonical}.0.${segment}${build}`;
  const dot = canonical.lastIndexOf('.') + 1;
  return `${canonical.slice(0, dot)}${increment(canonical.slice(dot))}-0.${segment}${build}`;
}

/** The pseudo-version of no time and no revision. */
export function zeroPseudoVersion(major: string): string {
  return formatPseudoVersion(major, '', { timestamp: '00010101000000', revision: '000000000000' });
}

/** True for what {@link zeroPseudoVersion} makes. */
export function isZeroPseudoVersion(version: string): boolean {
  return version === zeroPseudoVersion(majorOf(version));
}
