import { cleanPath, sha256Hex } from '#base';
import type { Access, Decision, Operation, Policy, Recorder } from './access.ts';
import { DECOYS } from './decoy.ts';
import {
  type Filesystem,
  type OpenFlags,
  type Place,
  SandboxError,
  type SandboxErrorCode,
} from './filesystem.ts';
import { textOf } from './overlay/context.ts';
import type { Located, Overlay } from './overlay/overlay.ts';
import { PATH_MAX } from './overlay/walk.ts';

const NOTHING = { kind: undefined, born: undefined, layer: undefined, ino: undefined };
/** What was written is in the writable layer, whatever stood there before. */
const WRITTEN = 'sandbox';
const READS: ReadonlySet<Operation> = new Set(['read', 'list', 'stat', 'readlink']);

/** What an access is about, before it is done. */
interface Request {
  readonly operation: Operation;
  readonly place: Place;
  /** What stands at the place is meant, not the link that leads there. */
  readonly follow: boolean;
  readonly target?: string;
  /** Other places that have to be allowed too; may be refused as the operation itself. */
  readonly also?: () => readonly Located[];
}

/** A place that could be found, or as much of the way there as there is. */
type Found = Located & { readonly isThere: boolean };
/** What an open handle leads to, and what was decided about it. */
type Opened = Found & { readonly decision: Decision };

function tryLocate(inner: Overlay, place: Place, follow: boolean): Located | undefined {
  try {
    return inner.locate(place, follow);
  } catch (error) {
    if (error instanceof SandboxError) return undefined; // The operation itself will say why.
    throw error;
  }
}

/** Where a place leads. What cannot be reached is judged by the deepest folder that can. */
function locate(inner: Overlay, place: Place, follow: boolean): Found {
  const found = tryLocate(inner, place, follow);
  if (found !== undefined) return { ...found, isThere: found.kind !== undefined };
  const text = textOf(place);
  // Longer than any path can be: nothing to find.
  const steps = text.length < PATH_MAX ? text.split('/') : [];
  for (let kept = steps.length - 1; kept > 0; kept--) {
    const path = steps.slice(0, kept).join('/');
    if (path === '') break;
    const above = tryLocate(inner, typeof place === 'string' ? path : { ...place, path }, true);
    if (above === undefined) continue;
    const whole = cleanPath(`${above.path}/${steps.slice(kept).join('/')}`);
    return { ...NOTHING, path: whole, links: above.links, isThere: false };
  }
  return { ...NOTHING, path: cleanPath(`/${text}`), links: [], isThere: false };
}

/**
 * Wraps `inner` so that every access is decided by `policy` and recorded.
 *
 * This must be the outermost layer and the only way in. A union tries its next layer when one fails, so
 * a denial thrown inside it would be answered by the layer below. What counts is where a path really
 * leads: a link, a hard link or a folder that was moved leads around no rule.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the methods of one object over one table of handles.
export function audited(inner: Overlay, policy: Policy, record: Recorder): Filesystem {
  const handles = new Map<number, Opened>();
  // What a rule made bait of, wherever it is moved.
  const bait = new Set<number>();

  function decide(operation: Operation, { path, links, born, kind, ino }: Located): Decision {
    const decisions = [path, ...links].map((at) => policy(operation, at));
    if (decisions.includes('denied')) return 'denied';
    if (decisions[0] === 'decoy' && ino !== undefined) bait.add(ino);
    const isBait =
      (born === DECOYS && kind !== 'directory') || (ino !== undefined && bait.has(ino));
    return isBait || decisions[0] === 'decoy' ? 'decoy' : 'allowed';
  }

  function requireHandle(handle: number): Opened {
    const opened = handles.get(handle);
    if (opened !== undefined) return opened;
    // One that another gate opened is none of this one's.
    throw new SandboxError('EBADF', `Cannot use handle ${handle}: it is not open here`);
  }

  /** An open folder that a path starts at has to be this gate's. */
  function requirePlace(place: Place): void {
    if (typeof place !== 'string') requireHandle(place.directory);
  }

  function refuse(access: Access): never {
    record({ ...access, error: 'EACCES' }, refuse);
    throw new SandboxError(
      'EACCES',
      `Cannot ${access.operation} ${JSON.stringify(access.path)}: the profile denies it`,
    );
  }

  /** Does what was decided, and says how it ended. */
  function perform<Result>(
    access: Access,
    act: () => Result,
    content: (result: Result) => Uint8Array | undefined,
  ): Result {
    let result: Result;
    try {
      result = act();
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      const decision = error.code === 'ENOENT' ? 'absent' : access.decision;
      record({ ...access, decision, error: error.code as SandboxErrorCode }, perform);
      throw error;
    }
    const bytes = content(result);
    const sha256 = bytes === undefined ? undefined : sha256Hex(bytes);
    record({ ...access, outcome: 'success', size: bytes?.length, sha256 }, perform);
    return result;
  }

  function accessOf(request: Request, found: Found, decision: Decision): Access {
    const { operation, place, target } = request;
    const requested = textOf(place);
    const mode = READS.has(operation) ? 'read' : 'write';
    return {
      operation,
      mode,
      path: found.path,
      requested: requested === found.path ? undefined : requested,
      target,
      decision,
      outcome: 'failure',
      error: undefined,
      layer: mode === 'read' || operation === 'delete' ? found.layer : WRITTEN,
      size: undefined,
      sha256: undefined,
    };
  }

  function run<Result>(
    request: Request,
    act: (found: Found, decision: Decision) => Result,
    content: (result: Result) => Uint8Array | undefined = () => undefined,
  ): Result {
    requirePlace(request.place);
    const found = locate(inner, request.place, request.follow);
    const decision = decide(request.operation, found);
    const access = accessOf(request, found, decision);
    const others = (request.also?.() ?? []).map((other) => decide(request.operation, other));
    if (decision === 'denied' || others.includes('denied'))
      refuse({ ...access, decision: 'denied' });
    return perform(access, () => act(found, decision), content);
  }

  /** An access through a handle: decided when it was opened. */
  function through<Result>(
    operation: Operation,
    handle: number,
    act: () => Result,
    content: (result: Result) => Uint8Array | undefined = () => undefined,
  ): Result {
    const found = requireHandle(handle);
    const request = { operation, place: found.path, follow: true };
    return perform(accessOf(request, found, found.decision), act, content);
  }

  function operationOf(flags: OpenFlags, { isThere, kind }: Found): Operation {
    if (flags.create && !isThere) return 'create';
    if (flags.write || flags.truncate) return 'write';
    return kind === 'directory' ? 'list' : 'read';
  }

  function open(place: Place, flags: OpenFlags, mode?: number): number {
    const follow = !flags.noFollow && !(flags.create && flags.exclusive);
    requirePlace(place);
    const operation = operationOf(flags, locate(inner, place, follow));
    return run({ operation, place, follow }, (found, decision) => {
      const handle = inner.open(place, flags, mode);
      handles.set(handle, { ...found, decision });
      return handle;
    });
  }

  /** What a folder holds goes with it: it has to be allowed where it is, and where it will be. */
  function contentsOf(from: Found, to: string): readonly Located[] {
    if (from.kind !== 'directory') return [];
    const below = inner.below(from.path);
    const moved = below.map((each) => ({ ...each, path: to + each.path.slice(from.path.length) }));
    return [...below, ...moved];
  }

  function rename(from: Place, to: Place): void {
    requirePlace(to);
    const target = locate(inner, to, false);
    const also = () => [target, ...contentsOf(locate(inner, from, false), target.path)];
    run({ operation: 'rename', place: from, follow: false, target: target.path, also }, () =>
      inner.rename(from, to),
    );
  }

  function link(from: Place, to: Place): void {
    requirePlace(from);
    const source = locate(inner, from, false);
    const request = { place: to, follow: false, target: source.path, also: () => [source] };
    run({ operation: 'create', ...request }, () => inner.link(from, to));
  }

  const whole = (bytes: Uint8Array) => bytes;
  return {
    open,
    rename,
    link,
    close(handle) {
      requireHandle(handle);
      handles.delete(handle);
      inner.close(handle);
    },
    read: (handle, length, position) =>
      through('read', handle, () => inner.read(handle, length, position), whole),
    write: (handle, data, position) =>
      through(
        'write',
        handle,
        () => inner.write(handle, data, position),
        () => data,
      ),
    // Moves nothing but a number of the caller's own.
    seek(handle, offset, from) {
      requireHandle(handle);
      return inner.seek(handle, offset, from);
    },
    fsync(handle) {
      requireHandle(handle);
      inner.fsync(handle);
    },
    readdir: (handle, cookie, count) =>
      through('list', handle, () => inner.readdir(handle, cookie, count)),
    ftruncate: (handle, size) => through('write', handle, () => inner.ftruncate(handle, size)),
    fstat: (handle) => through('stat', handle, () => inner.fstat(handle)),
    stat: (place) => run({ operation: 'stat', place, follow: true }, () => inner.stat(place)),
    lstat: (place) => run({ operation: 'stat', place, follow: false }, () => inner.lstat(place)),
    readlink: (place) =>
      run({ operation: 'readlink', place, follow: false }, () => inner.readlink(place)),
    list: (place) => run({ operation: 'list', place, follow: true }, () => inner.list(place)),
    readFile: (place) =>
      run({ operation: 'read', place, follow: true }, () => inner.readFile(place), whole),
    writeFile: (place, data) =>
      run(
        { operation: 'write', place, follow: true },
        () => inner.writeFile(place, data),
        () => data,
      ),
    truncate: (place, size) =>
      run({ operation: 'write', place, follow: true }, () => inner.truncate(place, size)),
    chmod: (place, mode) =>
      run({ operation: 'write', place, follow: true }, () => inner.chmod(place, mode)),
    utimes: (place, times, options) =>
      run({ operation: 'write', place, follow: options?.follow ?? true }, () =>
        inner.utimes(place, times, options),
      ),
    mkdir: (place, mode) =>
      run({ operation: 'create', place, follow: false }, () => inner.mkdir(place, mode)),
    symlink: (target, place) =>
      run({ operation: 'create', place, follow: false, target }, () =>
        inner.symlink(target, place),
      ),
    rmdir: (place) => run({ operation: 'delete', place, follow: false }, () => inner.rmdir(place)),
    unlink: (place) =>
      run({ operation: 'delete', place, follow: false }, () => inner.unlink(place)),
  };
}
