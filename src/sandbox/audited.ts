import { type Emit, sha256Hex } from '#base';
import type { Access, Operation, Policy } from './access.ts';
import { type Filesystem, SandboxError } from './filesystem.ts';

const READS: ReadonlySet<Operation> = new Set(['read', 'list', 'stat']);

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

  /** Says how an access that failed ended, and lets it fail. */
  function fail(access: Access, error: unknown): never {
    if (error instanceof SandboxError) {
      record({ ...access, decision: error.code === 'NOT_FOUND' ? 'absent' : access.decision });
    }
    throw error;
  }

  function run<Result>(
    [operation, path]: readonly [Operation, string],
    act: () => Result,
    content: (result: Result) => Uint8Array | undefined,
  ): Result {
    const mode = READS.has(operation) ? 'read' : 'write';
    const decision = policy(operation, path);
    const nothing = { layer: undefined, size: undefined, sha256: undefined };
    const access: Access = { operation, mode, path, decision, outcome: 'failure', ...nothing };
    if (decision === 'denied') {
      record(access);
      throw new SandboxError(
        'DENIED',
        `Cannot ${operation} ${JSON.stringify(path)}: the profile denies it`,
      );
    }
    const before = operation === 'delete' ? layerOf(path) : undefined;
    let result: Result;
    try {
      result = act();
    } catch (error) {
      return fail(access, error);
    }
    const bytes = content(result);
    const sha256 = bytes === undefined ? undefined : sha256Hex(bytes);
    const layer = before ?? layerOf(path);
    record({ ...access, outcome: 'success', layer, size: bytes?.length, sha256 });
    return result;
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
