import { readdirSync } from 'node:fs';

// The plan of the house. A room may import the rooms named on its line, and
// every room named there has its own line further down: arrows go down only.
const plan = `
  cli         case report evidence detection golang sandbox sumdb module tlog host base
  case        report evidence detection value golang content sandbox sumdb module tlog base
  report      evidence detection module base
  evidence    detection golang content sandbox sumdb module tlog base
  detection   golang content sandbox sumdb module base
  value       golang module base
  golang      module base
  content     base
  sandbox     base
  sumdb       module tlog base
  module      base
  tlog        base
  host        base
  base
`;

const lines = plan
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const floor = Object.fromEntries(lines.map(([room], i) => [room, i]));

for (const [room, ...below] of lines) {
  const upward = below.filter((name) => !(floor[name] > floor[room]));
  if (upward.length > 0) throw new Error(`The plan lets ${room} look up at ${upward.join(', ')}`);
}
for (const room of readdirSync(new URL('src', import.meta.url))) {
  if (!(room in floor)) throw new Error(`src/${room} is not on the plan`);
}

const oneOf = (names) => `^src/(${names.join('|')})/`;

/** A room imports only the rooms listed on its line. */
const arrowsGoDown = lines.map(([room, ...below]) => ({
  name: `${room}-looks-only-down`,
  comment: `src/${room} may import ${below.join(', ') || 'no other room'}; see the plan in this file.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: oneOf([room, ...below]) },
}));

/** The machine is touched in one room; every other room is handed what it needs. */
const machine =
  '^(node:)?(fs|fs/promises|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|cluster|os|vm|process|module|inspector|repl|v8)$';

/** The one folder that knows a library; the rest of the house cannot tell it is there. */
const keepers = {
  '@noble/[^/]+': 'base/',
  commander: 'cli/',
  yaml: 'base/decode/',
  valibot: '(base|sandbox|case|evidence)/',
  yauzl: 'module/zip/',
  'memfs|unionfs': 'sandbox/overlay/',
  'web-tree-sitter': 'golang/syntax/',
};

const oneKeeperPerLibrary = Object.entries(keepers).map(([library, keeper]) => ({
  name: `${keeper.replaceAll('/', '-')}keeps-${library.replaceAll('|', '-')}`,
  comment: `Only src/${keeper} may import ${library}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${keeper}` },
  to: { path: `node_modules/(${library})/` },
}));

export default {
  forbidden: [
    ...arrowsGoDown,
    ...oneKeeperPerLibrary,
    {
      name: 'listed-libraries-only',
      comment: 'A new library is a decision: give it a keeper in this file.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/', pathNot: `node_modules/(${Object.keys(keepers).join('|')})/` },
    },
    {
      name: 'front-doors-only',
      comment: 'Cross into another room by its name (#tlog), never by a path to an inner file.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'no-own-front-door',
      comment: 'Inside a room, import the sibling file, not the room index.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '/index[.]tsx?$' },
      to: { path: '^src/$1/index[.]ts$' },
    },
    {
      name: 'machine-only-in-host',
      comment: 'Ambient authority lives in src/host; elsewhere take it as a parameter.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(host|cli/(main|jailed)[.]ts)' },
      to: { path: machine, dependencyTypes: ['core'] },
    },
    {
      name: 'unit-tests-mirror-their-room',
      comment: 'test/unit/tlog may open inner files of src/tlog only; other rooms by their door.',
      severity: 'error',
      from: { path: '^test/unit/([^/]+)/' },
      to: { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'outer-tests-use-doors',
      comment: 'Conformance, fuzz, e2e and bench see a room as its callers do.',
      severity: 'error',
      from: { path: '^test/(conformance|fuzz|e2e|bench)/' },
      to: { path: '^src/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-test-in-src', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
    doNotFollow: { path: 'node_modules' },
  },
};
