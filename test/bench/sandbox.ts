// What the sandbox and the jail cost: an access, a start, the memory of the files.
import { spawn } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, runInThisContext } from 'node:vm';
import { Volume } from 'memfs';
import { JAIL_LEVELS } from '#base';
import { createJail, packageFolders } from '#host';
import {
  type AuditRecord,
  audited,
  createAuditLog,
  createLayer,
  createOverlay,
  createPolicy,
  createRoot,
  putFile,
} from '#sandbox';
import { MAIN, ROOT } from '../support/program.ts';

const LIMITS = { sandboxBytes: 1 << 26, sandboxFiles: 100_000, openFiles: 1024 };
const JAILED = MAIN.replace('main.js', 'jailed.js');

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * The access at the end of eight calls of our own rooms, below a stage: functions whose file is said to
 * lie there, because only frames of rooms are recorded.
 */
const inRooms = (name: string, code: string) =>
  runInThisContext(code, { filename: MAIN.replace('cli/main.js', name) }) as (
    act: () => void,
  ) => void;
const EIGHT = inRooms(
  'golang/bench.js',
  `(() => { ${Array.from({ length: 8 }, (_, i) => `function f${i}(act) { ${i === 0 ? 'act()' : `f${i - 1}(act)`}; return ${i}; }`).join(' ')} return f7; })()`,
);

function microseconds(count: number, act: (i: number) => void): number {
  const all = Array.from({ length: 7 }, () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) act(i);
    return ((performance.now() - start) * 1000) / count;
  });
  return median(all);
}

/** Microseconds of an access through everything, and through memfs alone. */
export function costOfAccess() {
  const bare = new Volume();
  bare.mkdirSync('/module');
  const layer = createLayer('module');
  const content = new Uint8Array(1024).fill(120);
  const path = (i: number) => `/module/f${i % 1000}.go`;
  for (let i = 0; i < 1000; i++) {
    bare.writeFileSync(path(i), content);
    putFile(layer, path(i), content);
  }
  const records: AuditRecord[] = [];
  const log = createAuditLog('example.com/m', (record) => {
    records.length = 0;
    records.push(record);
  });
  const files = audited(
    createOverlay([createRoot(), layer], LIMITS),
    createPolicy([{ match: '/module/**', decision: 'allow' }]),
    log.recorderFor('analysis'),
  );
  const inside = (act: (i: number) => void) => (i: number) => EIGHT(() => act(i));
  return {
    read: {
      whole: microseconds(
        20_000,
        inside((i) => void files.readFile(path(i))),
      ),
      bare: microseconds(
        20_000,
        inside((i) => void bare.readFileSync(path(i))),
      ),
    },
    stat: {
      whole: microseconds(
        20_000,
        inside((i) => void files.stat(path(i))),
      ),
      bare: microseconds(
        20_000,
        inside((i) => void bare.statSync(path(i))),
      ),
    },
  };
}

/** Milliseconds of processor time of a number of reads through everything. */
export function costOfReads(contents: readonly Uint8Array[], times: number): number {
  const layer = createLayer('module');
  for (const [i, content] of contents.entries()) putFile(layer, `/module/f${i}`, content);
  const log = createAuditLog('example.com/m', () => undefined);
  const before = process.cpuUsage();
  const files = audited(
    createOverlay([createRoot(), layer], LIMITS),
    createPolicy([{ match: '/**', decision: 'allow' }]),
    log.recorderFor('analysis'),
  );
  for (let n = 0; n < times; n++)
    for (let i = 0; i < contents.length; i++) EIGHT(() => void files.readFile(`/module/f${i}`));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds until the program of the jail says that it is ready: plain, and at each level. */
export async function costOfStart(runs: number): Promise<ReadonlyMap<string, number>> {
  const jail = createJail({
    script: JAILED,
    readable: packageFolders(ROOT.replace(/\/$/, '')),
    path: process.env['PATH'] ?? '',
  });
  const limits = { memoryBytes: 1 << 30, cpuSeconds: 60, lineBytes: 1 << 20 };
  const ways: (readonly [string, () => Promise<void>])[] = [
    [
      'plain',
      () =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, [JAILED], { stdio: ['pipe', 'pipe', 'inherit'] });
          child.stdout.once('data', () => {
            child.kill('SIGKILL');
            resolve();
          });
        }),
    ],
    ...JAIL_LEVELS.map(
      (level) =>
        [
          level,
          async () => {
            const program = jail.start(level, limits);
            await program.lines[Symbol.asyncIterator]().next();
            program.kill();
            await program.ended;
          },
        ] as const,
    ),
  ];
  const times = new Map<string, number[]>();
  // In turns, because the machine is not alone.
  for (let n = 0; n < runs; n++) {
    for (const [name, start] of ways) {
      const begun = performance.now();
      await start();
      times.set(name, [...(times.get(name) ?? []), performance.now() - begun]);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

/** Bytes that the sandbox holds for each byte of its files. */
export function memoryOfLayer(contents: readonly Uint8Array[]): number {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const layer = createLayer('module');
  for (const [i, content] of contents.entries())
    putFile(layer, `/module/d${i % 50}/f${i}.go`, content);
  const files = createOverlay([layer], LIMITS);
  for (let i = 0; i < contents.length; i++) files.stat(`/module/d${i % 50}/f${i}.go`);
  const after = used();
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  return files.stat('/module').kind === 'directory' ? (after - before) / bytes : Number.NaN;
}
