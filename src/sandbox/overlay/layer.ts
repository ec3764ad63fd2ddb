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

/** One layer: a memfs volume that stores, and an index that knows without asking it. */
export interface Layer {
  readonly name: string;
  readonly volume: InstanceType<typeof Volume>;
  /** Size of each file; undefined for a folder. */
  readonly index: Map<string, number | undefined>;
}

/** An empty layer. */
export function createLayer(name: string): Layer {
  return { name, volume: new Volume(), index: new Map([['/', undefined]]) };
}

/** Makes a folder and its parents in one layer. */
export function makeLayerDirectory(layer: Layer, path: string): void {
  if (layer.index.has(path) || path === '') return;
  makeLayerDirectory(layer, directoryOf(path));
  layer.volume.mkdirSync(path);
  layer.index.set(path, undefined);
}

/** Puts a file into one layer, with its folders; the layer keeps a copy. */
export function putFile(layer: Layer, path: string, data: Uint8Array): void {
  makeLayerDirectory(layer, directoryOf(path));
  layer.volume.writeFileSync(path, data);
  layer.index.set(path, data.length);
}
