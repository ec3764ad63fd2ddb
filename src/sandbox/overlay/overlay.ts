import { Union } from 'unionfs';
import { compareUtf8, directoryOf } from '#base';
import { type FileStatus, type Filesystem, SandboxError } from '../filesystem.ts';
import {
  createLayer,
  isStorablePath,
  type Layer,
  makeLayerDirectory,
  type PathLimits,
  putFile,
} from './layer.ts';

interface Found {
  readonly layer: Layer;
  /** Bytes of a file; undefined for a folder. */
  readonly size: number | undefined;
}

/**
 * A writable layer over read-only ones.
 *
 * memfs stores and unionfs merges listings; which layer answers is decided by the index alone,
 * because unionfs asks the next layer whenever one throws. Writes go to the writable layer, after
 * copy-up of the folder; a removed name leaves a whiteout.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one object over one index.
export function createOverlay(lower: readonly Layer[], limits: PathLimits): Filesystem {
  const upper = createLayer('sandbox');
  const layers = [upper, ...[...lower].reverse()];
  const whiteouts = new Set<string>();
  const listings = new Union();
  for (const layer of [...layers].reverse()) {
    listings.use(layer.volume as unknown as Parameters<typeof listings.use>[0]);
  }

  function find(path: string): Found | undefined {
    for (const layer of layers) {
      if (layer.index.has(path)) return { layer, size: layer.index.get(path) };
      if (layer === upper && whiteouts.has(path)) return undefined;
    }
    return undefined;
  }

  function require(path: string, action: string): Found {
    if (path !== '/' && !isStorablePath(path, limits)) {
      throw new SandboxError(
        'PATH',
        `Cannot ${action} ${JSON.stringify(path)}: not a clean absolute path within the limits`,
      );
    }
    const found = find(path);
    if (found === undefined) {
      throw new SandboxError(
        'NOT_FOUND',
        `Cannot ${action} ${JSON.stringify(path)}: nothing is there`,
      );
    }
    return found;
  }

  function requireParent(path: string, action: string): void {
    if (!isStorablePath(path, limits)) {
      throw new SandboxError(
        'PATH',
        `Cannot ${action} ${JSON.stringify(path)}: not a clean absolute path within the limits`,
      );
    }
    const parent = require(directoryOf(path) || '/', action);
    if (parent.size !== undefined) {
      throw new SandboxError(
        'NOT_A_DIRECTORY',
        `Cannot ${action} ${JSON.stringify(path)}: its parent is a file`,
      );
    }
    makeLayerDirectory(upper, directoryOf(path));
  }

  function stat(path: string): FileStatus {
    const { layer, size } = require(path, 'stat');
    return { kind: size === undefined ? 'directory' : 'file', size: size ?? 0, layer: layer.name };
  }

  return {
    stat,
    list(path) {
      if (require(path, 'list').size !== undefined) {
        throw new SandboxError(
          'NOT_A_DIRECTORY',
          `Cannot list ${JSON.stringify(path)}: it is a file`,
        );
      }
      const prefix = path === '/' ? '/' : `${path}/`;
      const names = listings.readdirSync(path) as unknown as string[];
      return names.sort(compareUtf8).flatMap((name) => {
        const found = find(prefix + name);
        if (found === undefined) return [];
        return [
          { name, kind: found.size === undefined ? ('directory' as const) : ('file' as const) },
        ];
      });
    },
    readFile(path) {
      const { layer, size } = require(path, 'read');
      if (size === undefined) {
        throw new SandboxError('NOT_A_FILE', `Cannot read ${JSON.stringify(path)}: it is a folder`);
      }
      return new Uint8Array(layer.volume.readFileSync(path) as Uint8Array);
    },
    writeFile(path, data) {
      requireParent(path, 'write');
      if (find(path) !== undefined && stat(path).kind === 'directory') {
        throw new SandboxError(
          'NOT_A_FILE',
          `Cannot write ${JSON.stringify(path)}: it is a folder`,
        );
      }
      putFile(upper, path, data);
      whiteouts.delete(path);
    },
    makeDirectory(path) {
      requireParent(path, 'create the folder');
      if (find(path) !== undefined) {
        throw new SandboxError(
          'NOT_A_DIRECTORY',
          `Cannot create the folder ${JSON.stringify(path)}: the name is taken`,
        );
      }
      makeLayerDirectory(upper, path);
      whiteouts.delete(path);
    },
    removeFile(path) {
      if (require(path, 'remove').size === undefined) {
        throw new SandboxError(
          'NOT_A_FILE',
          `Cannot remove ${JSON.stringify(path)}: it is a folder`,
        );
      }
      if (upper.index.delete(path)) upper.volume.unlinkSync(path);
      whiteouts.add(path);
    },
  };
}
