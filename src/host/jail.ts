import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import {
  HostError,
  type Jail,
  type JailEnd,
  type JailedProgram,
  type JailLevel,
  type JailLimits,
} from '#base';
import { createSeccompFilter, type SeccompArch } from './seccomp.ts';

/** The program that is jailed: a script of this package, and what it may read. */
export interface JailedScript {
  readonly script: string;
  /** Files and folders of the program itself, and nothing else of the machine. */
  readonly readable: readonly string[];
  /** Where programs are looked for: the PATH. */
  readonly path: string;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Bytes for file descriptor 3. */
  readonly extra?: Uint8Array;
}

/** What a level takes on this machine. */
const NEEDS: Readonly<
  Record<JailLevel, { readonly program: string; readonly help: string } | undefined>
> = {
  bwrap: { program: 'bwrap', help: 'install bubblewrap (apt-get install bubblewrap)' },
  userns: { program: 'unshare', help: 'install util-linux 2.38 or newer' },
  permission: undefined,
};

function findProgram(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (folder.startsWith('/')) return file;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined;
}

/** The flag of Node.js that takes file access away: it lost a word in version 22.13. */
function permissionFlag(): string {
  return process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
}

const HEAP_SHARE = 0.8;

/** Node.js with everything off that a parser does not need. */
function nodeCommand({ script, readable }: JailedScript, limits: JailLimits): Command {
  const reads = [script, ...readable].map((path) => `--allow-fs-read=${path}`);
  // Buffers and parsers take their part beside the heap, which is only cleaned up when it is nearly full.
  const heap = Math.floor((limits.memoryBytes * HEAP_SHARE) / 1024 / 1024);
  return {
    file: realpathSync(process.execPath),
    args: [
      permissionFlag(),
      ...reads,
      '--no-warnings',
      '--no-addons',
      '--disallow-code-generation-from-strings',
      '--disable-proto=delete',
      `--max-old-space-size=${heap}`,
      script,
    ],
  };
}

/** A file or link of the machine, and where it stands in a root that holds little else. */
type Mount = readonly ['--ro-bind' | '--symlink', from: string, to: string];

const LOADERS = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'];
const LOADER_CACHE = '/etc/ld.so.cache';

/** `libx.so.6.0.30` is asked for as `libx.so.6`. */
function namesOf(library: string): readonly string[] {
  const version = library
    .slice(library.lastIndexOf('.so') + 3)
    .split('.')
    .slice(1);
  const base = library.slice(0, library.lastIndexOf('.so') + 3);
  return [base, ...version.map((_, i) => `${base}.${version.slice(0, i + 1).join('.')}`)].slice(
    version.length > 0 ? 1 : 0,
  );
}

/** The shared libraries of this process, and what loads them: all that the same program needs. */
function libraryMounts(): readonly Mount[] {
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
  const files = new Set(
    maps.map((line) => line.slice(73).trim()).filter((file) => /^\/.*\.so[.0-9]*$/.test(file)),
  );
  const libraries = [...files].flatMap((file) =>
    namesOf(file).map((name): Mount => ['--ro-bind', file, name]),
  );
  const loaders = LOADERS.filter((file) => existsSync(file)).map(
    (file): Mount => [
      '--ro-bind',
      realpathSync(file),
      join(realpathSync(dirname(file)), basename(file)),
    ],
  );
  const links = ['/lib64', '/lib'].flatMap((path): Mount[] => {
    const real = existsSync(path) ? realpathSync(path) : path;
    return real === path ? [] : [['--symlink', real, path]];
  });
  const cache: Mount[] = existsSync(LOADER_CACHE)
    ? [['--ro-bind', LOADER_CACHE, LOADER_CACHE]]
    : [];
  return [...libraries, ...loaders, ...cache, ...links];
}

function archOf(): SeccompArch | undefined {
  return process.arch === 'x64' || process.arch === 'arm64' ? process.arch : undefined;
}

function bwrapCommand(bwrap: string, node: Command, { script, readable }: JailedScript): Command {
  const arch = archOf();
  if (arch === undefined)
    throw new HostError(
      'NOT_FOUND',
      `Cannot filter system calls on ${process.arch}: no table for it`,
    );
  const own = [node.file, script, ...readable].map((path): Mount => ['--ro-bind', path, path]);
  return {
    file: bwrap,
    args: [
      '--unshare-all',
      '--die-with-parent',
      '--new-session',
      '--cap-drop',
      'ALL',
      '--clearenv',
      ...[...libraryMounts(), ...own].flat(),
      '--remount-ro',
      '/',
      '--chdir',
      '/',
      '--seccomp',
      '3',
      '--',
      node.file,
      ...node.args,
    ],
    extra: createSeccompFilter(arch),
  };
}

function unshareCommand(unshare: string, node: Command): Command {
  return {
    file: unshare,
    args: [
      '--user',
      '--map-user=65534',
      '--map-group=65534',
      '--net',
      '--pid',
      '--ipc',
      '--uts',
      '--mount',
      '--cgroup',
      '--fork',
      '--kill-child=SIGKILL',
      '--',
      node.file,
      ...node.args,
    ],
  };
}

/** Limits of the shell are inherited; nothing is written and no core is left, whatever happens. */
function limitedCommand(command: Command, { memoryBytes, cpuSeconds }: JailLimits): Command {
  if (process.platform === 'win32') return command;
  const set = [
    'ulimit -c 0',
    'ulimit -f 0',
    // Where a lower limit is set already, that one holds.
    `{ ulimit -d ${Math.ceil(memoryBytes / 1024)} 2>/dev/null || :; }`,
    ...(cpuSeconds === undefined
      ? []
      : [`{ ulimit -S -t ${cpuSeconds} && ulimit -H -t ${cpuSeconds + 1} || :; } 2>/dev/null`]),
    // The shell itself adds a variable or two.
    'exec /usr/bin/env -i "$@"',
  ];
  return {
    ...command,
    file: '/bin/sh',
    args: ['-c', set.join(' && '), 'sh', command.file, ...command.args],
  };
}

const LONGEST_STDERR = 64 * 1024;
const LIVE = new Set<() => void>();
process.on('exit', () => {
  for (const kill of LIVE) kill();
});

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function collectStderr(child: Child): () => string {
  let text = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => {
    text = (text + chunk).slice(-LONGEST_STDERR);
  });
  return () => text.trim();
}

/** Signals by name, or with 128 added where bubblewrap tells them. */
const CPU: ReadonlySet<string> = new Set(['SIGXCPU', '152']);
const KILLED: ReadonlySet<string> = new Set(['SIGKILL', '137']);
const MEMORY_TEXT = /heap out of memory|allocation failed|out of memory|Cannot allocate memory/i;

function endOf(
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
  {
    stderr,
    cause,
    isLong,
  }: {
    readonly stderr: string;
    readonly cause: JailEnd['cause'];
    /** True where it may have used up its processor time. */
    readonly isLong: boolean;
  },
): JailEnd {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const last = stderr.split('\n').at(-1) ?? '';
  const detail = last === '' ? how : `${how}: ${last}`;
  if (cause !== undefined) return { cause, detail };
  // unshare cannot say that it was SIGKILL, and fails over it.
  const died = /unshare: sigprocmask/.test(stderr) ? 'SIGKILL' : (signal ?? String(code));
  // The first process of a namespace is spared SIGXCPU, and killed a second later.
  if (CPU.has(died) || (isLong && KILLED.has(died))) return { cause: 'cpu', detail };
  if (code !== 0 && MEMORY_TEXT.test(stderr)) return { cause: 'memory', detail };
  if (signal !== null || KILLED.has(died) || (code ?? 0) > 128) return { cause: 'signal', detail };
  return { cause: undefined, detail };
}

/** What a stream gives; one that was closed from here has an end as any other. */
async function* untilClosed(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Cuts a stream into lines; one that is too long ends the stream, and is told. */
async function* readLines(
  stream: Readable,
  limit: number,
  tooLong: () => void,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  /** True where the line is still as short as it has to be. */
  const hold = (part: Uint8Array) => {
    parts.push(part);
    held += part.length;
    if (held > limit) tooLong();
    return held <= limit;
  };
  for await (const chunk of untilClosed(stream)) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      if (!hold(chunk.subarray(from, at))) return;
      yield Buffer.concat(parts);
      parts = [];
      held = 0;
      from = at + 1;
    }
    if (!hold(chunk.subarray(from))) return;
  }
}

function run({ file, args, extra }: Command, { lineBytes, cpuSeconds }: JailLimits): JailedProgram {
  const begun = performance.now();
  const child = spawn(file, args, {
    env: {},
    cwd: '/',
    detached: process.platform !== 'win32',
    stdio: extra === undefined ? ['pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe', 'pipe'],
  }) as unknown as Child;
  if (extra !== undefined) {
    const pipe = child.stdio[3] as unknown as Writable;
    pipe.on('error', () => undefined);
    pipe.end(extra);
  }
  let cause: JailEnd['cause'];
  let timer: NodeJS.Timeout | undefined;
  const stderr = collectStderr(child);
  const stop = (why: JailEnd['cause']) => {
    cause ??= why;
    try {
      // The group, so that nothing that was started with it stays behind.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL'); // There is no group of that number any more, or never was one.
    }
  };
  const killAtExit = () => stop('killed');
  LIVE.add(killAtExit);
  // It may end while it is written to: that it ended is told, and how.
  child.stdin.on('error', () => undefined);
  const waiting = new Set<() => void>();
  const ended = new Promise<JailEnd>((resolve) => {
    const finish = (end: JailEnd) => {
      for (const done of waiting) done();
      waiting.clear();
      clearTimeout(timer);
      LIVE.delete(killAtExit);
      resolve(end);
    };
    child.on('error', (error) => finish({ cause: 'signal', detail: error.message }));
    child.on('close', (code, signal) => {
      const isLong = cpuSeconds !== undefined && performance.now() - begun >= cpuSeconds * 1000;
      finish(endOf({ code, signal }, { stderr: stderr(), cause, isLong }));
    });
  });
  return {
    ended,
    kill() {
      stop('killed');
      // Nobody reads any more: a pipe that still holds something would keep this process alive.
      child.stdout.destroy();
      child.stdin.destroy();
    },
    lines: readLines(child.stdout, lineBytes, () => stop('output')),
    deadline(milliseconds) {
      clearTimeout(timer);
      timer = milliseconds === undefined ? undefined : setTimeout(() => stop('time'), milliseconds);
    },
    send: (bytes) =>
      new Promise((resolve) => {
        // A program that ended takes nothing more; its end says why.
        waiting.add(resolve);
        child.stdin.write(bytes, () => {
          waiting.delete(resolve);
          resolve();
        });
      }),
  };
}

/** Jails for one script. */
export function createJail(jailed: JailedScript): Jail {
  return {
    start(level, limits) {
      const need = NEEDS[level];
      const program = need && findProgram(need.program, jailed.path);
      if (need !== undefined && (program === undefined || process.platform !== 'linux')) {
        const why =
          process.platform === 'linux'
            ? `${need.program} is not on the PATH`
            : `this is ${process.platform}, not Linux`;
        throw new HostError('NOT_FOUND', `Cannot isolate with ${level}: ${why}; ${need.help}`);
      }
      const node = nodeCommand(jailed, limits);
      const command =
        level === 'bwrap'
          ? bwrapCommand(program ?? '', node, jailed)
          : level === 'userns'
            ? unshareCommand(program ?? '', node)
            : node;
      return run(limitedCommand(command, limits), limits);
    },
  };
}

/** The folders of packages that a script of this package may load. */
export function packageFolders(root: string): readonly string[] {
  const own = [join(root, 'dist'), join(root, 'package.json'), join(root, 'node_modules')];
  // Installed beside others, what it depends on stands beside it.
  const parent = dirname(root);
  const beside =
    parent.endsWith('/node_modules') || dirname(parent).endsWith('/node_modules')
      ? [root.slice(0, root.lastIndexOf('/node_modules') + '/node_modules'.length)]
      : [];
  return [...own, ...beside].filter((path) => existsSync(path));
}
