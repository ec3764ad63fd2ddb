import { encodeUtf8, sha256Hex } from '#base';
import library from '../data/standard-library.json' with { type: 'json' };
import { CAPABILITY_TABLE } from './table.ts';

/** The names of capabilities, as capability analysis of Go uses them. */
export type Capability =
  | 'FILES'
  | 'NETWORK'
  | 'RUNTIME'
  | 'READ_SYSTEM_STATE'
  | 'MODIFY_SYSTEM_STATE'
  | 'OPERATING_SYSTEM'
  | 'SYSTEM_CALLS'
  | 'ARBITRARY_EXECUTION'
  | 'CGO'
  | 'UNANALYZED'
  | 'UNSAFE_POINTER'
  | 'REFLECT'
  | 'EXEC';

interface Rule {
  readonly capability: Capability | undefined;
  readonly pattern: RegExp;
}

interface PackageRules {
  readonly standard: Capability | undefined;
  readonly rules: readonly Rule[];
}

const { packages, values } = library.tables;
const plainNames = new Map(Object.entries(values).map(([path, names]) => [path, new Set(names)]));
const standardPackages = new Set(packages);
const rulesOf = readTable();
const answers = new Map<string, Capability | undefined>();

/** Identifies the table: its text, and the names it is read with. */
export const STANDARD_LIBRARY = {
  go: library.go,
  sha256: sha256Hex(encodeUtf8(`${library.sha256}\n${CAPABILITY_TABLE}`)),
} as const;

function readTable(): ReadonlyMap<string, PackageRules> {
  const table = new Map<string, PackageRules>();
  for (const line of CAPABILITY_TABLE.split('\n')) {
    const [word, path, ...symbols] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (word === undefined || path === undefined) continue;
    const capability = word === 'SAFE' ? undefined : (word as Capability);
    const known = table.get(path) ?? { standard: undefined, rules: [] };
    const rules = symbols.map((symbol) => ({ capability, pattern: toPattern(symbol) }));
    const standard = symbols.length === 0 ? capability : known.standard;
    table.set(path, { standard, rules: [...rules, ...known.rules] });
  }
  return table;
}

function toPattern(symbol: string): RegExp {
  return new RegExp(`^${symbol.replace(/[.{}]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/** True for a package of the standard library: a path without a dot in its first element. */
export function isStandardPackage(path: string): boolean {
  return standardPackages.has(path) || !(path.split('/')[0] ?? '').includes('.');
}

/** True when the table has a line for the package. */
export function isOnTable(path: string): boolean {
  return rulesOf.has(path);
}

function classify(path: string, symbol: string): Capability | undefined {
  const known = rulesOf.get(path);
  if (known === undefined) return undefined;
  const rule = known.rules.find(({ pattern }) => pattern.test(symbol));
  if (rule !== undefined) return rule.capability;
  const isPlain =
    plainNames.get(path)?.has(symbol) === true ||
    symbol.endsWith('{}') ||
    (known.standard === 'SYSTEM_CALLS' && /^[A-Z][A-Z0-9_]+$/.test(symbol));
  return isPlain ? undefined : known.standard;
}

/**
 * What a symbol of the standard library lends: `Func`, `Type.Method`, a variable, or `Type{}`.
 *
 * Undefined when it lends nothing.
 */
export function capabilityOf(path: string, symbol: string): Capability | undefined {
  const key = `${path}\0${symbol}`;
  if (answers.has(key)) return answers.get(key);
  const capability = classify(path, symbol);
  answers.set(key, capability);
  return capability;
}
