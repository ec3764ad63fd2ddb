import { Volume } from 'memfs';
import { SandboxError } from '../filesystem.ts';
import type { FileInode } from './inode.ts';
import { loadWhole, storeInto } from './layer.ts';

/** What a suspect may hold at once in the writable layer. */
export interface StoreLimits {
  /** Bytes of all files, copies of the layers below included. */
  readonly sandboxBytes: number;
  /** Files, folders and links that were made. */
  readonly sandboxFiles: number;
  readonly openFiles: number;
}

// What a name, an inode and an empty file of memfs cost, roughly: names must not be free.
const NODE_BYTES = 1024;

/** The contents of the writable layer: one memfs file an inode, so that names do not matter. */
export interface Store {
  /** Takes room for something with a name of that many bytes. */
  addNode(bytes: number): void;
  dropNode(bytes: number): void;
  /** Makes the bytes of a file the store's own, for writing. */
  copyUp(file: FileInode): void;
  read(file: FileInode, length: number, position: number): Uint8Array;
  write(file: FileInode, data: Uint8Array, position: number): void;
  replace(file: FileInode, data: Uint8Array): void;
  resize(file: FileInode, size: number): void;
  /** Forgets what a file that nobody can reach any more held. */
  release(file: FileInode): void;
  /** Bytes that are held. */
  used(): number;
}

function full(action: string): SandboxError {
  return new SandboxError('ENOSPC', `Cannot ${action}: the sandbox is full`);
}

/** An empty store. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one object over one count.
export function createStore({ sandboxBytes, sandboxFiles }: StoreLimits): Store {
  const volume = new Volume();
  let used = 0;
  let nodes = 0;

  function take(bytes: number, action: string): void {
    if (used + bytes > sandboxBytes) throw full(action);
    used += bytes;
  }

  /** A buffer stays as large as it once was, so that is what counts. */
  function hold(file: FileInode, size: number, action: string): void {
    if (size <= file.held) return;
    take(size - file.held, action);
    file.held = size;
  }

  /** The volume that has a file's bytes, and a handle in it. */
  function openContent(file: FileInode): readonly [typeof volume, number] {
    const holder = file.lower?.layer.volume ?? volume;
    file.descriptor ??= file.lower
      ? holder.openSync(file.lower.path, 'r')
      : holder.openSync(`/${file.ino}`, 'w+');
    return [holder, file.descriptor];
  }

  function readAt(file: FileInode, length: number, position: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, file.size - position)));
    if (bytes.length === 0) return bytes;
    const [holder, descriptor] = openContent(file);
    holder.readSync(descriptor, bytes, 0, bytes.length, position);
    return bytes;
  }

  function closeContent(file: FileInode): void {
    if (file.descriptor !== undefined)
      (file.lower?.layer.volume ?? volume).closeSync(file.descriptor);
    file.descriptor = undefined;
  }

  function makeOwn(file: FileInode, data: Uint8Array): void {
    closeContent(file);
    file.lower = undefined;
    file.size = data.length;
    file.held = data.length;
    const [, descriptor] = openContent(file);
    storeInto(volume, descriptor, data);
  }

  return {
    addNode(bytes) {
      if (nodes >= sandboxFiles) throw full('make another file');
      take(NODE_BYTES + bytes, 'make another file');
      nodes++;
    },
    dropNode(bytes) {
      used -= NODE_BYTES + bytes;
      nodes--;
    },
    copyUp(file) {
      if (file.lower === undefined) return;
      take(file.size, 'copy a file for writing');
      makeOwn(file, readAt(file, file.size, 0));
    },
    read(file, length, position) {
      // A whole file of a layer, as most are read: one call of memfs in place of three.
      if (file.lower && file.opens === 0 && position === 0 && length >= file.size) {
        const { layer, path } = file.lower;
        return loadWhole(layer.volume, path);
      }
      const bytes = readAt(file, length, position);
      // A lower file that is not open needs no handle: thousands are read once.
      if (file.lower && file.opens === 0) closeContent(file);
      return bytes;
    },
    write(file, data, position) {
      if (data.length === 0) return;
      hold(file, position + data.length, 'write');
      const [, descriptor] = openContent(file);
      volume.writeSync(descriptor, data, 0, data.length, position);
      file.size = Math.max(file.size, position + data.length);
    },
    replace(file, data) {
      take(data.length - (file.lower === undefined ? file.held : 0), 'write');
      makeOwn(file, data);
    },
    resize(file, size) {
      hold(file, size, 'grow a file');
      if (2 * size < file.held) {
        used += size - file.held;
        makeOwn(file, readAt(file, size, 0));
        return;
      }
      const [, descriptor] = openContent(file);
      volume.ftruncateSync(descriptor, size);
      file.size = size;
    },
    release(file) {
      closeContent(file);
      if (file.lower !== undefined) return;
      used -= file.held;
      if (volume.existsSync(`/${file.ino}`)) volume.unlinkSync(`/${file.ino}`);
    },
    used: () => used,
  };
}
