import { type Emit, sha256Hex } from '#base';
import type { Access, Operation, Policy } from './access.ts';
import { type Filesystem, SandboxError } from './filesystem.ts';

/**
 * Wraps `inner` so that every access is decided by `policy` and recorded.
 *
 * This must be the outermost layer. A union tries its next layer when one
 * fails, so a denial thrown inside it would be answered by the layer below.
 */
export function audited(inner: Filesystem, policy: Policy, record: Emit<Access>): Filesystem {
  function layerOf(path: string): string | undefined {
    try {
      return inner.stat(path).layer;
    } catch (error) {
      if (error instanceof SandboxError) return undefined; // Nothing there has no layer.
      throw error;
    }
  }

  function run<Result>(
    [operation, path]: readonly [Operation, string],
    act: () => Result,
    content: (result: Result) => Uint8Array | undefined,
  ): Result {
    const mode =
      operation === 'read' || operation === 'list' || operation === 'stat' ? 'read' : 'write';
    const decision = policy(operation, path);
    const failed = {
      operation,
      mode,
      path,
      outcome: 'failure',
      layer: undefined,
      size: undefined,
      sha256: undefined,
    } as const;
    if (decision === 'denied') {
      record({ ...failed, decision });
      throw new SandboxError(
        'DENIED',
        `Cannot ${operation} ${JSON.stringify(path)}: the profile denies it`,
      );
    }
    const before = operation === 'delete' ? layerOf(path) : undefined;
    try {
      const result = act();
      const bytes = content(result);
      const sha256 = bytes === undefined ? undefined : sha256Hex(bytes);
      const layer = before ?? layerOf(path);
      record({ ...failed, decision, outcome: 'success', layer, size: bytes?.length, sha256 });
      return result;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      record({ ...failed, decision: error.code === 'NOT_FOUND' ? 'absent' : decision });
      throw error;
    }
  }

  const none = () => undefined;
  return {
    stat: (path) => run(['stat', path], () => inner.stat(path), none),
    list: (path) => run(['list', path], () => inner.list(path), none),
    readFile: (path) =>
      run(
        ['read', path],
        () => inner.readFile(path),
        (bytes) => bytes,
      ),
    writeFile: (path, data) =>
      run(
        ['write', path],
        () => inner.writeFile(path, data),
        () => data,
      ),
    makeDirectory: (path) => run(['create', path], () => inner.makeDirectory(path), none),
    removeFile: (path) => run(['delete', path], () => inner.removeFile(path), none),
  };
}
