import { Volume } from 'memfs';
import { directoryOf } from '#base';

/** Limits on names that a layer takes: a deep path costs memfs the square of its depth. */
export interface PathLimits {
  /** UTF-8 bytes of a whole path. */
  readonly pathBytes: number;
  /** UTF-8 bytes of one element. */
  readonly nameBytes: number;
  /** Elements of a path. */
  readonly pathDepth: number;
}

/** True when a path is absolute, clean and within the limits. */
export function isStorablePath(path: string, limits: PathLimits): boolean {
  const elements = path.split('/').slice(1);
  return (
    path.startsWith('/') &&
    Buffer.byteLength(path) <= limits.pathBytes &&
    elements.length <= limits.pathDepth &&
    elements.every(
      (element) =>
        element !== '' &&
        element !== '.' &&
        element !== '..' &&
        !element.includes('\0') &&
        element.isWellFormed() &&
        Buffer.byteLength(element) <= limits.nameBytes,
    )
  );
}

/** A folder, the size of a file, or the target of a link. */
export type IndexEntry = undefined | number | string;

/** One read-only layer: a memfs volume that stores, and an index that knows without asking it. */
export interface Layer {
  readonly name: string;
  readonly volume: MemoryVolume;
  readonly index: Map<string, IndexEntry>;
}

export type MemoryVolume = InstanceType<typeof Volume>;

/** An empty layer. */
export function createLayer(name: string): Layer {
  return { name, volume: new Volume(), index: new Map([['/', undefined]]) };
}

/** Makes a folder and its parents in one layer. */
export function putDirectory(layer: Layer, path: string): void {
  if (layer.index.has(path) || path === '') return;
  putDirectory(layer, directoryOf(path));
  layer.volume.mkdirSync(path);
  layer.index.set(path, undefined);
}

/** Puts a file into one layer, with its folders; the layer keeps a copy. */
export function putFile(layer: Layer, path: string, data: Uint8Array): void {
  putDirectory(layer, directoryOf(path));
  storeWhole(layer.volume, path, data);
  layer.index.set(path, data.length);
}

/** Puts a symbolic link into one layer, with its folders. It is followed by the overlay, never by memfs. */
export function putLink(layer: Layer, path: string, target: string): void {
  putDirectory(layer, directoryOf(path));
  layer.volume.symlinkSync(target, path);
  layer.index.set(path, target);
}

/**
 * Stores a whole file in a buffer of its own size: memfs's own write takes the next power of two, and a
 * third more memory than the files have.
 */
export function storeWhole(volume: MemoryVolume, path: string, data: Uint8Array): void {
  const handle = volume.openSync(path, 'w');
  storeInto(volume, handle, data);
  volume.closeSync(handle);
}

/** {@link storeWhole} through an open handle of memfs. */
export function storeInto(volume: MemoryVolume, handle: number, data: Uint8Array): void {
  // A view, so that the one copy is memfs's own.
  const view = Buffer.from(data.buffer, data.byteOffset, data.length);
  volume._core.getFileByFdOrThrow(handle, 'write').setBuffer(view);
}

/** The content of a file that was put into a layer; its memory, not a copy. */
export function loadStored(layer: Layer, path: string): Uint8Array {
  return loadWhole(layer.volume, path);
}

/**
 * A copy of a whole file. Past memfs's own open, which asks the system for the user each time, and copies
 * once more.
 */
export function loadWhole(volume: MemoryVolume, path: string): Uint8Array {
  const bytes = volume._core.getLinkOrThrow(path, 'open').getNode().getBuffer();
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
