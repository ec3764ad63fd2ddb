// One list of random system calls, done to the overlay and to a real folder: the same results, the same
// error codes, the same tree in the end.
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  createLayer,
  createOverlay,
  type Filesystem,
  type Layer,
  type OpenFlags,
  putDirectory,
  putFile,
  putLink,
} from '#sandbox';

export const FUZZ_LIMITS = { sandboxBytes: 64 << 20, sandboxFiles: 100_000, openFiles: 64 };

/** A small generator with a seed (mulberry32), so that a failure can be run again. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
type Random = ReturnType<typeof createRandom>;

// Few names, so that calls meet; far below the root, so that no run of `..` leaves the folder.
const NAMES = ['a', 'b', 'c', 'd', '\u00e9', 'e\u0301', 'A', '__proto__', 'n'.repeat(255)];
const ODD = ['n'.repeat(256), '.', '..', ''];

function path(random: Random): string {
  const depth = 1 + random.below(4);
  let climbs = 0;
  const steps = Array.from({ length: depth }, () => {
    const step = random.below(9) === 0 ? random.pick(ODD) : random.pick(NAMES.slice(0, 5));
    if (step === '..' && ++climbs > 1) return '.';
    return random.below(30) === 0 ? random.pick(NAMES) : step;
  });
  return `${steps.join('/')}${random.below(12) === 0 ? '/' : ''}`;
}

function target(random: Random): string {
  const kind = random.below(10);
  if (kind === 0)
    return random.pick(['.', '..', 'a/', './b', '../a', 'missing/x', 'a//b/', 'x'.repeat(300)]);
  return random.below(3) === 0
    ? `../${random.pick(NAMES.slice(0, 5))}`
    : random.pick(NAMES.slice(0, 5));
}

export type Call =
  | {
      readonly call: 'open';
      readonly path: string;
      readonly flags: OpenFlags;
      readonly mode: number;
    }
  | { readonly call: 'close' | 'fstat' | 'fsync' | 'hreaddir'; readonly slot: number }
  | {
      readonly call: 'read';
      readonly slot: number;
      readonly length: number;
      readonly position: number | undefined;
    }
  | {
      readonly call: 'write';
      readonly slot: number;
      readonly data: string;
      readonly position: number | undefined;
    }
  | { readonly call: 'ftruncate'; readonly slot: number; readonly size: number }
  | {
      readonly call: 'stat' | 'lstat' | 'readlink' | 'rmdir' | 'unlink' | 'list' | 'readFile';
      readonly path: string;
    }
  | { readonly call: 'mkdir' | 'chmod'; readonly path: string; readonly mode: number }
  | { readonly call: 'truncate'; readonly path: string; readonly size: number }
  | { readonly call: 'utimes' | 'lutimes'; readonly path: string; readonly seconds: number }
  | { readonly call: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly call: 'symlink'; readonly path: string; readonly target: string }
  | { readonly call: 'writeFile'; readonly path: string; readonly data: string };

const WEIGHTS: readonly (readonly [Call['call'], number])[] = [
  ['open', 12],
  ['close', 7],
  ['read', 6],
  ['write', 8],
  ['ftruncate', 3],
  ['fstat', 3],
  ['fsync', 1],
  ['hreaddir', 2],
  ['stat', 5],
  ['lstat', 5],
  ['readlink', 3],
  ['list', 5],
  ['readFile', 6],
  ['mkdir', 10],
  ['rmdir', 5],
  ['unlink', 6],
  ['chmod', 2],
  ['truncate', 3],
  ['utimes', 2],
  ['lutimes', 2],
  ['rename', 14],
  ['link', 5],
  ['symlink', 9],
  ['writeFile', 12],
];
const BAG = WEIGHTS.flatMap(([call, weight]) => Array.from({ length: weight }, () => call));
export const SLOTS = 6;

function flags(random: Random): OpenFlags {
  const yes = (n: number) => random.below(n) === 0;
  const access = random.pick([{ read: true }, { write: true }, { read: true, write: true }]);
  return {
    ...access,
    create: yes(2),
    exclusive: yes(5),
    truncate: yes(4),
    append: yes(5),
    noFollow: yes(6),
    directory: yes(7),
  };
}

// biome-ignore format: a table.
export function randomCall(random: Random): Call {
  const call = random.pick(BAG);
  const slot = random.below(SLOTS);
  const at = path(random);
  const position = random.below(2) === 0 ? undefined : random.below(300);
  const data = 'x'.repeat(random.below(3) === 0 ? 0 : random.below(200)) + String(random.below(1000));
  switch (call) {
    case 'open': return { call, path: at, flags: flags(random), mode: random.pick([0o644, 0o600, 0o777]) };
    case 'close': case 'fstat': case 'fsync': case 'hreaddir': return { call, slot };
    case 'read': return { call, slot, length: 1 + random.below(250), position };
    case 'write': return { call, slot, data, position };
    case 'ftruncate': return { call, slot, size: random.below(400) };
    case 'mkdir': case 'chmod': return { call, path: at, mode: random.pick([0o700, 0o755, 0o777]) };
    case 'truncate': return { call, path: at, size: random.below(400) };
    case 'utimes': case 'lutimes': return { call, path: at, seconds: random.below(1_000_000_000) };
    case 'rename': case 'link': return { call, path: at, to: path(random) };
    case 'symlink': return { call, path: at, target: target(random) };
    case 'writeFile': return { call, path: at, data };
    default: return { call, path: at };
  }
}

/** A side that the calls are done to. Gives plain text that can be compared. */
export interface Side {
  do(call: Call): string;
  tree(): readonly string[];
  close(): void;
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? error);

function attempt(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return codeOf(error);
  }
}

/** The calls may have removed even the folder that they began in. */
function treeOf(walk: () => string[]): readonly string[] {
  try {
    return walk().sort();
  } catch (error) {
    return [codeOf(error)];
  }
}

/** Handles by slot: the newest takes a slot that is free, so that both sides use the same. */
function createSlots() {
  const slots: (number | undefined)[] = [];
  return {
    add(handle: number) {
      const free = Array.from({ length: SLOTS }, (_, i) => i).find((i) => slots[i] === undefined);
      if (free !== undefined) slots[free] = handle;
      return free;
    },
    get: (slot: number) => slots[slot],
    drop: (slot: number) => {
      slots[slot] = undefined;
    },
    all: () => slots.flatMap((handle) => (handle === undefined ? [] : [handle])),
  };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** The overlay, below a folder as deep as the real one. */
// biome-ignore format: a table.
export function overlaySide(files: Filesystem, root: string): Side {
  const slots = createSlots();
  const p = (name: string) => `${root}/${name}`;
  const withHandle = (slot: number, act: (handle: number) => string) => {
    const handle = slots.get(slot);
    return handle === undefined ? 'no handle' : act(handle);
  };
  const show = (status: ReturnType<Filesystem['stat']>) =>
    `${status.kind} ${status.kind === 'link' ? '' : status.mode.toString(8)} ${status.kind === 'directory' ? '' : `${status.links} ${status.size}`}`;
  function run(c: Call): string {
    switch (c.call) {
      case 'open': {
        const handle = files.open(p(c.path), c.flags, c.mode);
        const shown = show(files.fstat(handle));
        if (slots.add(handle) === undefined) files.close(handle);
        return shown;
      }
      case 'close': return withHandle(c.slot, (h) => { files.close(h); slots.drop(c.slot); return 'ok'; });
      case 'fstat': return withHandle(c.slot, (h) => show(files.fstat(h)));
      case 'fsync': return withHandle(c.slot, (h) => { files.fsync(h); return 'ok'; });
      case 'hreaddir': return withHandle(c.slot, (h) => {
        const names: string[] = [];
        for (let cookie = 0; ; ) {
          const entries = files.readdir(h, cookie, 2);
          if (entries.length === 0) return names.sort().join(',');
          names.push(...entries.map(({ name, kind }) => `${name}:${kind}`));
          cookie = entries.at(-1)!.cookie;
        }
      });
      case 'read': return withHandle(c.slot, (h) => text(files.read(h, c.length, c.position)));
      case 'write': return withHandle(c.slot, (h) => String(files.write(h, Buffer.from(c.data), c.position)));
      case 'ftruncate': return withHandle(c.slot, (h) => { files.ftruncate(h, c.size); return 'ok'; });
      case 'stat': return show(files.stat(p(c.path)));
      case 'lstat': return show(files.lstat(p(c.path)));
      case 'readlink': return files.readlink(p(c.path));
      case 'list': return files.list(p(c.path)).map(({ name, kind }) => `${name}:${kind}`).join(',');
      case 'readFile': return text(files.readFile(p(c.path)));
      case 'mkdir': files.mkdir(p(c.path), c.mode); return 'ok';
      case 'rmdir': files.rmdir(p(c.path)); return 'ok';
      case 'unlink': files.unlink(p(c.path)); return 'ok';
      case 'chmod': files.chmod(p(c.path), c.mode); return 'ok';
      case 'truncate': files.truncate(p(c.path), c.size); return 'ok';
      case 'utimes': case 'lutimes': {
        const time = BigInt(c.seconds) * 1_000_000_000n;
        const follow = c.call === 'utimes';
        files.utimes(p(c.path), { atime: time, mtime: time }, { follow });
        return String((follow ? files.stat(p(c.path)) : files.lstat(p(c.path))).mtime / 1_000_000_000n);
      }
      case 'rename': files.rename(p(c.path), p(c.to)); return 'ok';
      case 'link': files.link(p(c.path), p(c.to)); return 'ok';
      case 'symlink': files.symlink(c.target, p(c.path)); return 'ok';
      case 'writeFile': files.writeFile(p(c.path), Buffer.from(c.data)); return 'ok';
    }
  }
  function walk(at: string, found: string[]): string[] {
    for (const { name } of files.list(at)) {
      const here = `${at}/${name}`;
      const status = files.lstat(here);
      const more = status.kind === 'link' ? files.readlink(here) : status.kind === 'file' ? text(files.readFile(here)) : '';
      found.push(`${here.slice(root.length)} ${show(status)} ${more}`);
      if (status.kind === 'directory') walk(here, found);
    }
    return found;
  }
  return {
    do: (call) => attempt(() => run(call)),
    tree: () => treeOf(() => walk(root, [])),
    close: () => { for (const handle of slots.all()) files.close(handle); },
  };
}

const C = fs.constants;

function numeric(f: OpenFlags): number {
  return (
    (f.read && f.write ? C.O_RDWR : f.write ? C.O_WRONLY : C.O_RDONLY) |
    (f.create ? C.O_CREAT : 0) |
    (f.exclusive ? C.O_EXCL : 0) |
    (f.truncate ? C.O_TRUNC : 0) |
    (f.append ? C.O_APPEND : 0) |
    (f.noFollow ? C.O_NOFOLLOW : 0) |
    (f.directory ? C.O_DIRECTORY : 0)
  );
}

/** A real folder. */
// biome-ignore format: a table.
export function realSide(root: string): Side {
  const slots = createSlots();
  // join() would tidy the path, and the kernel is to see it as it is.
  const p = (name: string) => `${root}/${name}`;
  const withHandle = (slot: number, act: (handle: number) => string) => {
    const handle = slots.get(slot);
    return handle === undefined ? 'no handle' : act(handle);
  };
  const kind = (s: fs.Stats | fs.Dirent) => (s.isDirectory() ? 'directory' : s.isSymbolicLink() ? 'link' : 'file');
  const show = (s: fs.Stats) =>
    `${kind(s)} ${s.isSymbolicLink() ? '' : (s.mode & 0o7777).toString(8)} ${s.isDirectory() ? '' : `${s.nlink} ${s.size}`}`;
  function run(c: Call): string {
    switch (c.call) {
      case 'open': {
        const handle = fs.openSync(p(c.path), numeric(c.flags), c.mode);
        const shown = show(fs.fstatSync(handle));
        if (slots.add(handle) === undefined) fs.closeSync(handle);
        return shown;
      }
      case 'close': return withHandle(c.slot, (h) => { fs.closeSync(h); slots.drop(c.slot); return 'ok'; });
      case 'fstat': return withHandle(c.slot, (h) => show(fs.fstatSync(h)));
      case 'fsync': return withHandle(c.slot, (h) => { fs.fsyncSync(h); return 'ok'; });
      // Linux opens the folder behind a descriptor anew under this name, even a removed one. There the
      // kernel says ENOENT, which the C library takes for the end of a listing.
      case 'hreaddir':
        return withHandle(c.slot, (h) => {
          const names = fs
            .readdirSync(`/proc/self/fd/${h}`, { withFileTypes: true })
            .map((e) => `${e.name}:${kind(e)}`);
          return fs.fstatSync(h).nlink === 0 ? 'ENOENT' : names.sort().join(',');
        });
      case 'read': return withHandle(c.slot, (h) => {
        const buffer = new Uint8Array(c.length);
        return text(buffer.subarray(0, fs.readSync(h, buffer, 0, c.length, c.position ?? null)));
      });
      case 'write': return withHandle(c.slot, (h) => String(fs.writeSync(h, Buffer.from(c.data), 0, c.data.length, c.position ?? null)));
      case 'ftruncate': return withHandle(c.slot, (h) => { fs.ftruncateSync(h, c.size); return 'ok'; });
      case 'stat': return show(fs.statSync(p(c.path)));
      case 'lstat': return show(fs.lstatSync(p(c.path)));
      case 'readlink': return fs.readlinkSync(p(c.path));
      case 'list': return fs.readdirSync(p(c.path), { withFileTypes: true }).sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))).map((e) => `${e.name}:${kind(e)}`).join(',');
      case 'readFile': return text(fs.readFileSync(p(c.path)));
      case 'mkdir': fs.mkdirSync(p(c.path), c.mode); return 'ok';
      case 'rmdir': fs.rmdirSync(p(c.path)); return 'ok';
      case 'unlink': fs.unlinkSync(p(c.path)); return 'ok';
      case 'chmod': fs.chmodSync(p(c.path), c.mode); return 'ok';
      case 'truncate': fs.truncateSync(p(c.path), c.size); return 'ok';
      case 'utimes': fs.utimesSync(p(c.path), c.seconds, c.seconds); return String(Math.floor(fs.statSync(p(c.path)).mtimeMs / 1000));
      case 'lutimes': fs.lutimesSync(p(c.path), c.seconds, c.seconds); return String(Math.floor(fs.lstatSync(p(c.path)).mtimeMs / 1000));
      case 'rename': fs.renameSync(p(c.path), p(c.to)); return 'ok';
      case 'link': fs.linkSync(p(c.path), p(c.to)); return 'ok';
      case 'symlink': fs.symlinkSync(c.target, p(c.path)); return 'ok';
      case 'writeFile': fs.writeFileSync(p(c.path), c.data); return 'ok';
    }
  }
  function walk(at: string, found: string[]): string[] {
    for (const name of fs.readdirSync(at)) {
      const here = join(at, name);
      const s = fs.lstatSync(here);
      const more = s.isSymbolicLink() ? fs.readlinkSync(here) : s.isFile() ? text(fs.readFileSync(here)) : '';
      found.push(`${here.slice(root.length)} ${show(s)} ${more}`);
      if (s.isDirectory()) walk(here, found);
    }
    return found;
  }
  return {
    do: (call) => attempt(() => run(call)),
    tree: () => treeOf(() => walk(root, [])),
    close: () => { for (const handle of slots.all()) fs.closeSync(handle); },
  };
}

/** Fills layers, and the real folder with what they show together; gives the layers. */
export function createBase(random: Random, root: string, real: string): readonly Layer[] {
  const layers = [createLayer('one'), createLayer('two')];
  fs.mkdirSync(real, { recursive: true });
  for (const layer of layers) putDirectory(layer, root);
  for (const layer of layers) {
    for (let i = 0; i < 12; i++) {
      const steps = Array.from({ length: 1 + random.below(3) }, () =>
        random.pick(NAMES.slice(0, 5)),
      );
      const at = `${root}/${steps.join('/')}`;
      const isFree = (l: Layer) =>
        steps.every((_, n) => {
          const above = `${root}/${steps.slice(0, n).join('/')}`.replace(/\/$/, '');
          return !l.index.has(above) || l.index.get(above) === undefined;
        }) && !l.index.has(at);
      if (!isFree(layer)) continue;
      const kind = random.below(5);
      if (kind === 0) putDirectory(layer, at);
      else if (kind === 1) putLink(layer, at, target(random));
      else putFile(layer, at, Buffer.from(`${layer.name} ${i}`));
    }
  }
  copyOut(createOverlay(layers, FUZZ_LIMITS), root, real);
  return layers;
}

function copyOut(files: Filesystem, at: string, real: string): void {
  for (const { name, kind } of files.list(at)) {
    const to = `${real}/${name}`;
    if (kind === 'directory') {
      fs.mkdirSync(to);
      copyOut(files, `${at}/${name}`, to);
    } else if (kind === 'link') fs.symlinkSync(files.readlink(`${at}/${name}`), to);
    else fs.writeFileSync(to, files.readFile(`${at}/${name}`));
  }
}

/** All bytes of all layers, to see that none changed. */
export function fingerprint(layers: readonly Layer[]): string {
  return layers
    .map(({ volume, index }) => JSON.stringify([[...index], volume.toJSON()]))
    .join('\n');
}
