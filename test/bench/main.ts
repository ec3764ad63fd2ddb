// Ratios against a peer or a limit, on twelve real modules: needs Go and a module proxy.
//
//   npm run bench
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createBudget, encodeBase64, encodeUtf8 } from '#base';
import { createExaminer, runCase } from '#case';
import { analyzeModule } from '#golang';
import { inspectZip } from '#module';
import { checkInclusion, proveInclusion, recordHash, treeHash } from '#tlog';
import { openTestParser } from '../support/analyze.ts';
import { buildGo } from '../support/go.ts';
import { composeInProcess } from '../support/in-process.ts';
import { runMeasured } from '../support/peak.ts';
import { MAIN, temporaryFolder } from '../support/program.ts';
import { createTestLog } from '../support/test-log.ts';
import { type FetchedModule, fetchModule, TWELVE } from '../support/twelve.ts';
import { buildZip } from '../support/zip-builder.ts';
import { costOfCapabilities } from './capability.ts';
import { costOfParts, costOfTables } from './parts.ts';
import { costOfAccess, costOfReads, costOfStart, median, memoryOfLayer } from './sandbox.ts';

const RUNS = 7;

/** Processor time of one call in milliseconds. */
async function cpuOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function row(name: string, ...cells: readonly (string | number)[]): void {
  console.log(
    [
      name.padEnd(42),
      ...cells.map((cell) =>
        String(typeof cell === 'number' ? cell.toFixed(2) : cell).padStart(10),
      ),
    ].join(' '),
  );
}

const read = (path: string) => new Uint8Array(readFileSync(path));
const inspect = (
  zip: Uint8Array,
  keep: (path: string, content: Uint8Array) => void = () => undefined,
) =>
  inspectZip(zip, {
    stated: undefined,
    entries: 1_000_000,
    inflated: createBudget(1e9),
    keep: (entry, content) => keep(entry.path ?? entry.name, content),
  });

/** A program that answers a line with a line, so that two can be timed in turns on a busy machine. */
function openPeer(program: string) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    tell: (lines: string) => void child.stdin.write(`${lines}\n`),
    async ask(line: string): Promise<number> {
      child.stdin.write(`${line}\n`);
      return Number((await lines.next()).value);
    },
    close: () => child.stdin.end(),
  };
}

/** Enough work for a clock that counts in milliseconds. */
const BATCH_BYTES = 4e6;

async function benchHash(modules: readonly FetchedModule[]): Promise<void> {
  const go = openPeer(buildGo('gohash'));
  console.log(
    `\nh1 with every check and the second reader, against dirhash.HashZip; processor time in ms, in turns, median of ${RUNS}`,
  );
  row('module', 'ours', 'Go', 'ratio');
  let [sum, total] = [0, 0];
  for (const { name, zip } of modules) {
    const bytes = read(zip);
    const batch = Math.max(1, Math.round(BATCH_BYTES / bytes.length));
    const own = async () => {
      for (let run = 0; run < batch; run++) await inspect(bytes);
    };
    for (let warm = 0; warm < 3; warm++) await Promise.all([own(), go.ask(`1\t${zip}`)]);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      ours.push((await cpuOf(own)) / batch);
      theirs.push((await go.ask(`${batch}\t${zip}`)) / batch);
    }
    const [a, b] = [median(ours), median(theirs)];
    sum += a;
    total += b;
    row(name, a, b, a / b);
  }
  go.close();
  row('all twelve (goal 0.65, each 0.90)', sum, total, sum / total);
}

/** A thousand small modules of the sizes that small modules have. */
function writeSmallModules(): string {
  const folder = temporaryFolder();
  const text = read(fileURLToPath(new URL('main.ts', import.meta.url)));
  return Array.from({ length: 1000 }, (_, i) => {
    const path = `example.com/small${i}`;
    const names = ['LICENSE', 'README.md', 'a.go', 'a_test.go', 'b.go', 'internal/c.go'];
    const entries = names.map((name, j) => {
      const from = (i * 7 + j * 311) % 2000;
      return {
        name: `${path}@v1.0.0/${name}`,
        content: text.subarray(from, from + 500 + ((i * j * 37) % 3500)),
        descriptor: 'signed' as const,
      };
    });
    const goMod = { name: `${path}@v1.0.0/go.mod`, content: `module ${path}\n`, method: 0 };
    const file = join(folder, `${i}.zip`);
    writeFileSync(file, buildZip({ entries: [goMod, ...entries] }));
    return `${path}@v1.0.0\t${file}\n`;
  }).join('');
}

function benchVerify(): void {
  const input = writeSmallModules();
  const go = buildGo('goverify');
  const time = (command: string, args: readonly string[]) => {
    const before = performance.now();
    const { status, stdout } = spawnSync(command, args, { input, encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n').length;
    if (status !== 0 || lines !== 1000) throw new Error(`${command}: ${status}, ${lines} lines`);
    return performance.now() - before;
  };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    ours.push(time(process.execPath, [MAIN, 'verify', '--json', '-']));
    theirs.push(time(go, []));
  }
  console.log(
    `\nverify --json - of 1,000 small zips, whole process in ms, in turns, median of ${RUNS}`,
  );
  row('', 'ours', 'Go', 'ratio');
  const [a, b] = [median(ours), median(theirs)];
  row('1,000 zips (goal 1.50)', a, b, a / b);
}

async function benchProofs(): Promise<void> {
  const log = createTestLog(100_000);
  const size = log.size();
  const root = await treeHash(size, log.hashes);
  const records = await Promise.all(
    Array.from({ length: 1000 }, async (_, i) => {
      const index = (i * 7919) % size;
      const leaf = recordHash(encodeUtf8(`leaf ${index}`));
      return { index, leaf, proof: await proveInclusion(size, index, log.hashes) };
    }),
  );
  const lines = records.map(({ index, leaf, proof }) =>
    [index, ...[leaf, ...proof].map(encodeBase64)].join('\t'),
  );
  const go = openPeer(buildGo('goproof'));
  go.tell([`${size}\t${encodeBase64(root)}`, ...lines, ''].join('\n'));
  const own = async () => {
    for (const { index, leaf, proof } of records)
      checkInclusion(proof, { size, root }, { index, leaf });
  };
  await own();
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    ours.push(await cpuOf(own));
    theirs.push((await go.ask('20')) / 20);
  }
  go.close();
  console.log(
    `\n1,000 inclusion proofs in a tree of 100,000, processor time in ms, median of ${RUNS}`,
  );
  row('', 'ours', 'Go', 'ratio');
  const [a, b] = [median(ours), median(theirs)];
  row('checkInclusion, tlog.CheckRecord', a, b, a / b);
}

async function benchAnalysis(modules: readonly FetchedModule[]): Promise<void> {
  console.log('\nparse and facts, against the parser alone on the same files');
  row('module', 'MB of Go', 'MB/s', 'parser', 'ratio');
  const parser = await openTestParser();
  const limits = { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 };
  let [own, bare] = [0, 0];
  for (const { name, zip } of modules) {
    const files = new Map<string, Uint8Array>();
    const { subject } = await inspect(read(zip), (path, content) => void files.set(path, content));
    const paths = [...files.keys()].sort();
    const texts = paths
      .filter((path) => path.endsWith('.go'))
      .map((path) => new TextDecoder().decode(files.get(path)));
    const size = texts.reduce((all, text) => all + text.length, 0) / 1e6;
    const parse = async () => {
      for (const text of texts) parser.parse(text, limits);
    };
    const analyze = () =>
      analyzeModule(
        subject?.path ?? '',
        { list: () => paths, read: (path) => files.get(path) ?? new Uint8Array() },
        { parser, reopen: async () => undefined, limits, breathe: async () => undefined },
      );
    if (size < 20) for (const warm of [parse, analyze]) await warm();
    const alone = await cpuOf(parse);
    const all = await cpuOf(analyze);
    own += all;
    bare += alone;
    row(name, size, size / (all / 1000), size / (alone / 1000), all / alone);
  }
  row('all twelve (goal 1.50)', '', '', '', own / bare);
}

/** The same code many times, each time as other packages. */
async function benchGrowth({ zip }: FetchedModule): Promise<void> {
  const files = new Map<string, Uint8Array>();
  const { subject } = await inspect(read(zip), (path, content) => {
    if (path.endsWith('.go')) files.set(path, Uint8Array.from(content));
  });
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;
  const parser = await openTestParser();
  const limits = { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 };
  const analyze = (copies: number) => {
    const all = new Map<string, Uint8Array>();
    for (let i = 0; i < copies; i++)
      for (const [path, content] of files) all.set(i === 0 ? path : `copy${i}/${path}`, content);
    const paths = [...all.keys()].sort();
    return analyzeModule(
      subject?.path ?? '',
      { list: () => paths, read: (path) => all.get(path) ?? new Uint8Array() },
      { parser, reopen: async () => undefined, limits, breathe: async () => undefined },
    );
  };
  console.log('\ngrowth: facts of the same code many times, in processor time');
  row('copies', 'MB of Go', 's', 'ms/MB', 'ratio');
  await analyze(1);
  let first = Number.NaN;
  for (const megabytes of [1, 10, 100]) {
    const copies = Math.max(1, Math.round(megabytes / size));
    const cost = await cpuOf(() => analyze(copies));
    const each = cost / (copies * size);
    if (Number.isNaN(first)) first = each;
    row(`${copies} (goal 1.10)`, copies * size, cost / 1000, each, each / first);
  }
}

async function benchMemory(modules: readonly FetchedModule[], inflated: number): Promise<void> {
  const largest = modules.at(-1);
  if (largest === undefined) return;
  console.log(
    '\npeak memory of inspect on the largest, in MB: the process that reads, and both together',
  );
  const { peaks } = await runMeasured(['inspect', largest.zip, '--out', temporaryFolder()]);
  const limit = 3 * (inflated / 1e6) + 300;
  const [reader = Number.NaN] = peaks;
  const both = peaks.reduce((sum, peak) => sum + peak, 0) / 1e6;
  row('module', 'reader', 'both', 'goal', 'ratio');
  row(largest.name, reader / 1e6, both, limit, reader / 1e6 / limit);
}

/** Of one whole inspect, in processor time: what the reads through the sandbox take. */
async function benchSandbox(modules: readonly FetchedModule[]): Promise<void> {
  console.log('\nan access at 8 frames, in microseconds: gate, log, overlay; and memfs alone');
  const { read: reads, stat } = costOfAccess();
  row('', 'ours', 'memfs', 'added');
  row('read 1 KB (goal 20 added)', reads.whole, reads.bare, reads.whole - reads.bare);
  row('stat (goal 20 added)', stat.whole, stat.bare, stat.whole - stat.bare);
  console.log('\nthe sandbox in a whole examination, processor time in ms');
  row('module', 'sandbox', 'whole', 'share');
  let [part, whole] = [0, 0];
  for (const { name, zip } of modules) {
    const { request, tools, examination } = await composeInProcess(zip);
    const contents: Uint8Array[] = [];
    await inspect(request.zip, (_, content) => void contents.push(Uint8Array.from(content)));
    const total = await cpuOf(() =>
      runCase(request, { ...tools, examine: createExaminer(examination) }, () => undefined),
    );
    // Every file is read for its contents; what is Go is read again for its syntax.
    const share = costOfReads(contents, 2);
    part += share;
    whole += total;
    row(name, share, total, share / total);
  }
  row('all twelve (goal 0.10)', part, whole, part / whole);
  const largest: Uint8Array[] = [];
  await inspect(
    read(modules.at(-1)?.zip ?? ''),
    (_, content) => void largest.push(Uint8Array.from(content)),
  );
  console.log('\nmemory of the sandbox for each byte of its files (goal 1.60)');
  row(modules.at(-1)?.name ?? '', memoryOfLayer(largest));
}

async function benchJail(): Promise<void> {
  console.log(
    '\nstart of the process that reads, until it is ready, in ms, in turns, median of 15',
  );
  const times = await costOfStart(15);
  const plain = times.get('plain') ?? Number.NaN;
  row('level', 'ms', 'ratio');
  for (const [level, time] of times)
    row(level === 'plain' ? 'plain' : `${level} (goal 1.20)`, time, time / plain);
}

function benchStart(): void {
  const time = (args: readonly string[]) => {
    const times: number[] = [];
    for (let run = 0; run < 15; run++) {
      const before = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      times.push(performance.now() - before);
    }
    return median(times);
  };
  console.log('\nstart, in ms, median of 15');
  const node = time(['-e', '0']);
  const help = time([MAIN, '--help']);
  row('', '--help', 'node -e 0', 'ratio');
  row('glovebox --help (goal 1.60)', help, node, help / node);
}

const modules = TWELVE.map(fetchModule);
await benchHash(modules);
benchVerify();
await benchProofs();
await benchAnalysis(modules);
await benchGrowth(modules[3] as FetchedModule);
let inflated = 0;
await inspect(read(modules.at(-1)?.zip ?? ''), (_, content) => {
  inflated += content.length;
});
await benchMemory(modules, inflated);
await benchSandbox(modules);
await benchJail();
costOfCapabilities(modules, row);
await costOfParts(modules, row);
await costOfTables(row);
benchStart();
