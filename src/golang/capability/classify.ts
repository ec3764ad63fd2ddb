import library from '../data/standard-library.json' with { type: 'json' };

/** The names of capabilities, as capability analysis of Go uses them. */
export const CAPABILITIES = [
  'FILES',
  'NETWORK',
  'RUNTIME',
  'READ_SYSTEM_STATE',
  'MODIFY_SYSTEM_STATE',
  'OPERATING_SYSTEM',
  'SYSTEM_CALLS',
  'ARBITRARY_EXECUTION',
  'CGO',
  'UNANALYZED',
  'UNSAFE_POINTER',
  'REFLECT',
  'EXEC',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** Capabilities of a symbol, each with an example of how it comes to it. */
type Entry = Readonly<Record<string, readonly string[]>>;
type Table<Value> = Readonly<Record<string, Readonly<Record<string, Value>>>>;

const tables = library.tables as unknown as {
  readonly capabilities: Table<Entry>;
  readonly callbacks: Table<Readonly<Record<string, string>>>;
  readonly walls: Readonly<Record<string, string>>;
  readonly packages: Table<unknown>;
};
const NOTHING: readonly Capability[] = [];
const UNANALYZED: readonly Capability[] = ['UNANALYZED'];
const CGO: readonly Capability[] = ['CGO'];

/** Identifies the tables of the standard library. */
export const STANDARD_LIBRARY = { go: library.go, sha256: library.sha256 } as const;

/** True for a package of the standard library: a path without a dot in its first element. */
export function isStandardPackage(path: string): boolean {
  return Object.hasOwn(tables.walls, path) || !(path.split('/')[0] ?? '').includes('.');
}

/** True for packages that the tables know. */
export function isOnTable(path: string): boolean {
  return path === 'unsafe' || Object.hasOwn(tables.walls, path);
}

/** Far more than there are symbols; hostile code can make up more. */
const MOST_ANSWERS = 50_000;
const answers = new Map<string, readonly Capability[]>();

/**
 * What a symbol outside the module lends: `Func`, `Type.Method` or a variable.
 *
 * A symbol of the standard library that the tables do not know has all that its package has.
 */
export function capabilitiesOf(
  path: string,
  symbol: string,
  use: 'called' | 'passed' | 'stored',
): readonly Capability[] {
  if (path === 'C') return CGO;
  // Names that hostile code makes up are not remembered.
  if (!Object.hasOwn(tables.walls, path))
    return isStandardPackage(path) || use === 'called' ? UNANALYZED : NOTHING;
  const key = `${path}\0${symbol}\0${use === 'called'}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const found = classify(path, symbol, use === 'called');
  if (answers.size < MOST_ANSWERS) answers.set(key, found);
  return found;
}

function classify(path: string, symbol: string, isCalled: boolean): readonly Capability[] {
  const entry = ownEntry(ownEntry(tables.capabilities, path), symbol);
  if (entry !== undefined) return Object.keys(entry).sort() as Capability[];
  if (isKnown(path, symbol)) return NOTHING;
  // Numbers of system calls are not in the tables.
  const isConstant = /^[A-Z][A-Z0-9_]*$/.test(symbol) && !isCalled;
  return isConstant ? NOTHING : ((tables.walls[path] ?? 'UNANALYZED').split(',') as Capability[]);
}

function ownEntry<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

interface Names {
  readonly f?: object;
  readonly v?: object;
  readonly c?: object;
  readonly t?: Readonly<Record<string, { readonly m?: object }>>;
}

function isKnown(path: string, symbol: string): boolean {
  const names = tables.packages[path] as Names | undefined;
  const [first = '', method] = symbol.split('.');
  const type = ownEntry(names?.t, first);
  // Types that are not exported come only out of the library itself; all their methods are on the table.
  if (method !== undefined)
    return type === undefined ? !/^[A-Z]/.test(first) : Object.hasOwn(type.m ?? {}, method);
  return (
    type !== undefined ||
    [names?.f, names?.v, names?.c].some((table) => table && Object.hasOwn(table, first))
  );
}

/** For each parameter of a function of the standard library, the methods that it calls on it. */
export function callbacksOf(
  path: string,
  symbol: string,
): Readonly<Record<string, string>> | undefined {
  return ownEntry(ownEntry(tables.callbacks, path), symbol);
}

const REFLECTION =
  /^(Value\.(Call|CallSlice|MethodByName|Method)|MakeFunc|NewAt|Type\.MethodByName)$/;

/** Uses of reflection that the analysis cannot follow. */
export function isReflection(path: string, symbol: string): boolean {
  return path === 'reflect' && REFLECTION.test(symbol);
}
