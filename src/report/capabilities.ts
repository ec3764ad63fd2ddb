import { compareUtf8, cutText, printable } from '#base';
import type { EvidenceBundle } from '#evidence';

type Fact = EvidenceBundle['facts']['capabilities'][number];

/** Capabilities in the order in which a responder looks for them, with a short head for a column. */
const COLUMNS = [
  ['EXEC', 'exec'],
  ['NETWORK', 'net'],
  ['FILES', 'files'],
  ['SYSTEM_CALLS', 'syscall'],
  ['OPERATING_SYSTEM', 'os'],
  ['MODIFY_SYSTEM_STATE', 'modify'],
  ['READ_SYSTEM_STATE', 'read'],
  ['ARBITRARY_EXECUTION', 'asm'],
  ['CGO', 'cgo'],
  ['UNSAFE_POINTER', 'unsafe'],
  ['RUNTIME', 'runtime'],
  ['REFLECT', 'reflect'],
  ['UNANALYZED', 'other'],
] as const;

const MOST_PACKAGES = 4;

/** How a package has a capability: in its own code, by calls alone; and on import. */
interface Cell {
  isDirect: boolean;
  isOnImport: boolean;
}

type Rows = ReadonlyMap<string, ReadonlyMap<string, Cell>>;

/** True for facts of code that others build: tests are not what an import brings in. */
function isBuilt({ package: home, path }: Fact, imported: ReadonlySet<string>): boolean {
  const file = path[0]?.file ?? '';
  const isIgnored = file.split('/').some((part) => /^[._]/.test(part) || part === 'testdata');
  return !file.endsWith('_test.go') && (!isIgnored || imported.has(home));
}

function rowsOf({ facts }: EvidenceBundle): Rows {
  const imported = new Set(facts.packages.flatMap(({ imports }) => imports));
  const rows = new Map<string, Map<string, Cell>>();
  for (const fact of facts.capabilities.filter((one) => isBuilt(one, imported))) {
    const row = rows.get(fact.package) ?? new Map<string, Cell>();
    rows.set(fact.package, row);
    const cell = row.get(fact.capability) ?? { isDirect: false, isOnImport: false };
    row.set(fact.capability, cell);
    if (fact.kind === 'direct') cell.isDirect = true;
    if (fact.onImport && fact.reach !== 'stored') cell.isOnImport = true;
  }
  return new Map([...rows].sort(([a], [b]) => compareUtf8(a, b)));
}

/** The package as the module's people say it: its folder, or a dot. */
function shortName(path: string, modulePath: string | null): string {
  if (path === modulePath) return '.';
  const isInside = modulePath !== null && path.startsWith(`${modulePath}/`);
  return isInside ? path.slice(modulePath.length + 1) : path;
}

/** The capabilities of a row that `wanted` says, in the order of the columns. */
function namesIn(row: ReadonlyMap<string, Cell>, wanted: (cell: Cell) => boolean): string {
  return COLUMNS.flatMap(([name]) => {
    const cell = row.get(name);
    return cell !== undefined && wanted(cell) ? [name] : [];
  }).join(' ');
}

/** A few lines: what runs on import, and what each package does itself, the gravest first. */
export function summarizeCapabilities(
  evidence: EvidenceBundle,
  width: number,
): { readonly onImport: string; readonly packages: readonly string[] } {
  const rows = rowsOf(evidence);
  const onImport = new Map<string, Cell>();
  for (const row of rows.values())
    for (const [name, cell] of row) if (cell.isOnImport) onImport.set(name, cell);
  const weightOf = (row: ReadonlyMap<string, Cell>) =>
    COLUMNS.findIndex(([name]) => row.get(name)?.isDirect === true);
  const own = [...rows].filter(([, row]) => weightOf(row) >= 0);
  own.sort(([, a], [, b]) => weightOf(a) - weightOf(b));
  const shown = own.slice(0, MOST_PACKAGES).map(([path, row]) => {
    const name = shortName(path, evidence.subject.path);
    return cutText(printable(`${name}: ${namesIn(row, ({ isDirect }) => isDirect)}`), width);
  });
  const left = own.length - shown.length;
  return {
    onImport: namesIn(onImport, () => true),
    packages: left === 0 ? shown : [...shown, `and ${left} more packages; see --capabilities`],
  };
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '-';
  return `${cell.isDirect ? 'own' : 'via'}${cell.isOnImport ? '!' : ''}`;
}

/** The matrix of packages and capabilities. Suspect text is printable. */
export function renderCapabilities(evidence: EvidenceBundle): string {
  const rows = rowsOf(evidence);
  if (rows.size === 0) return 'no capabilities were found\n';
  const columns = COLUMNS.filter(([name]) => [...rows.values()].some((row) => row.has(name)));
  const table = [
    ['package', ...columns.map(([, head]) => head)],
    ...[...rows].map(([path, row]) => [
      printable(shortName(path, evidence.subject.path)),
      ...columns.map(([name]) => cellText(row.get(name))),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, i) =>
    table.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0),
  );
  const lines = table.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const legend =
    'own: in its own code; via: through what it calls; !: reached when the package is imported\n' +
    'asm: code without a Go body; other: calls of modules that were not given';
  return `${[...lines, '', legend].join('\n')}\n`;
}
