// The checksum database on real modules: proven online, then again without a network, from the saved
// folder and from one file each, and by the go command. Needs Go, a module proxy and unshare.
//
//   node --conditions=source --import tsx test/smoke/sumdb.ts
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GO_SUMDB_KEY } from '#sumdb';
import { glovebox, MAIN, temporaryFolder } from '../support/program.ts';
import { TWELVE } from '../support/twelve.ts';

const MODULES = [
  ...TWELVE,
  'rsc.io/quote@v1.5.2',
  'rsc.io/sampler@v1.3.0',
  'golang.org/x/text@v0.21.0',
  'golang.org/x/sys@v0.28.0',
  'golang.org/x/mod@v0.22.0',
  'github.com/stretchr/testify@v1.10.0',
  'github.com/davecgh/go-spew@v1.1.1',
  'github.com/BurntSushi/toml@v1.4.0',
  'github.com/gorilla/mux@v1.8.1',
  'github.com/sirupsen/logrus@v1.9.3',
  'go.uber.org/zap@v1.27.0',
  'github.com/docker/docker@v27.4.1+incompatible',
  'gopkg.in/check.v1@v0.0.0-20161208181325-20d25e280405',
] as const;

// What a machine behind a gateway needs to reach the proxy at all.
const MACHINE: Record<string, string> = Object.fromEntries(
  ['PATH', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

let passed = 0;
let failed = 0;

function report(ok: boolean, title: string, detail = ''): void {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok    ' : 'not ok'} ${title}${ok || detail === '' ? '' : `: ${detail}`}`);
}

interface Downloaded {
  readonly Zip: string;
  readonly Path: string;
  readonly Version: string;
  readonly Sum: string;
}

interface Answer {
  readonly path: string;
  readonly accepted: boolean;
  readonly h1: string;
  readonly sumdb: { readonly status: string; readonly goMod: string; readonly source: string };
}

const folder = temporaryFolder();
const home = temporaryFolder();
const saved = join(folder, 'saved');
const proxies = execFileSync('go', ['env', 'GOPROXY'], { encoding: 'utf8' }).trim();
const proxy = proxies.split(/[,|]/).find((item) => item.startsWith('http')) ?? '';

function download(): readonly Downloaded[] {
  const out = execFileSync('go', ['mod', 'download', '-json', ...MODULES], {
    cwd: temporaryFolder(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(`[${out.trim().replaceAll('}\n{', '},{')}]`) as Downloaded[];
}

/** Runs the program where no network is: in a namespace that has none. */
function offline(args: readonly string[], input = '') {
  return spawnSync('unshare', ['-rn', process.execPath, MAIN, ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
  });
}

function checkAnswers(how: string, stdout: string, modules: readonly Downloaded[]): void {
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  modules.forEach(({ Path, Version, Sum }, i) => {
    const answer = answers[i];
    const ok =
      answer?.path === Path &&
      answer.accepted &&
      answer.h1 === Sum &&
      answer.sumdb.status === 'match' &&
      answer.sumdb.goMod === 'match' &&
      answer.sumdb.source === how;
    report(ok, `${Path}@${Version}: proven, ${how}`, JSON.stringify(answer).slice(0, 400));
  });
}

const modules = download();
const lines = modules.map(({ Path, Version, Zip }) => `${Path}@${Version}\t${Zip}\n`).join('');
report(modules.length >= 25, `${modules.length} modules`);

const online = spawnSync(process.execPath, [MAIN, 'verify', '--json', '-', '--sumdb', proxy], {
  input: lines,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  env: { ...MACHINE, HOME: home },
});
checkAnswers('network', online.stdout, modules);
report(online.status === 0, 'verify ends with 0 online', online.stderr);

const names = modules.map(({ Path, Version }) => `${Path}@${Version}`);
const fetched = glovebox(['sumdb', 'fetch', ...names, '--sumdb', proxy, '--out', saved], {
  home,
  env: MACHINE,
});
report(fetched.status === 0, 'the records are saved', fetched.stderr);

const alone = spawnSync('unshare', ['-rn', 'go', 'mod', 'download', 'example.com/none@v1.0.0'], {
  cwd: folder,
  encoding: 'utf8',
});
report(
  /dial tcp|lookup|unreachable/.test(alone.stderr),
  'there is no network in the namespace',
  alone.stderr,
);
const fromFolder = offline(['verify', '--json', '-', '--sumdb', saved], lines);
checkAnswers('directory', fromFolder.stdout, modules);
report(fromFolder.status === 0, 'verify ends with 0 from the folder', fromFolder.stderr);
const all = offline(['sumdb', 'verify', saved]);
report(all.status === 0, 'sumdb verify proves the folder', all.stdout + all.stderr);

for (const { Path, Version, Zip } of modules) {
  const name = `${Path}@${Version}`;
  const made = offline(['sumdb', 'prove', name, '--sumdb', saved]);
  const proof = join(folder, `${name.replaceAll('/', '!')}.tlog-proof`);
  const run = offline(['verify', `--as=${name}`, '--json', Zip, '--sumdb', proof]);
  const answer = run.status === 0 ? (JSON.parse(run.stdout) as Answer) : undefined;
  report(
    answer?.sumdb.source === 'tlog-proof' && answer.sumdb.status === 'match',
    `${name}: proven, tlog-proof`,
    made.stderr + run.stderr + run.stdout.slice(0, 400),
  );
}

/** The go command with the saved folder for its checksum database and the module cache for its proxy. */
function goDownload(name: string, database: string): string {
  const cwd = temporaryFolder();
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'go.mod'), 'module empty.example/m\n\ngo 1.24\n');
  const run = spawnSync('unshare', ['-rn', 'go', 'mod', 'download', name], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: temporaryFolder(),
      GOFLAGS: '-mod=mod -modcacherw',
      GOPROXY: `file://${cache}/cache/download`,
      GOSUMDB: `${GO_SUMDB_KEY} file://${database}`,
      GOTOOLCHAIN: 'local',
    },
  });
  return run.status === 0 ? 'accepted' : run.stderr;
}
for (const name of names.slice(0, 5)) {
  const said = goDownload(name, saved);
  report(said === 'accepted', `${name}: the go command takes the saved folder`, said);
}

console.log(`smoke: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
