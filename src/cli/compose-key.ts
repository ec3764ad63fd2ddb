import { createSecretKey, type Disk, HostError } from '#base';
import { formatSecretKey, openSigner, type Signer } from '#evidence';
import { LARGEST_SMALL_FILE } from './compose-machine.ts';
import type { Console } from './console.ts';
import { CliError } from './errors.ts';

/** Where this user's own key is kept. */
export function ownKeyPath({ env, homeDirectory }: Console): string {
  const state = env['XDG_STATE_HOME'];
  const root = state?.startsWith('/') ? state : `${homeDirectory}/.local/state`;
  return `${root}/glovebox/key.pem`;
}

/** A signer, and where its key was made if it had to be. */
export interface ComposedSigner {
  readonly signer: Signer;
  readonly created: string | undefined;
}

/** Makes the user's own key once; a run that comes second uses what the first one made. */
function createOwnKey(disk: Disk, path: string): boolean {
  try {
    disk.makeDirectory(path.slice(0, path.lastIndexOf('/')));
    disk.writeSecret(path, formatSecretKey(createSecretKey()));
    return true;
  } catch (error) {
    if (error instanceof HostError && error.code === 'EXISTS') return false;
    const reason = error instanceof HostError ? error.message : String(error);
    throw new CliError('INPUT', `Cannot make a signing key: ${reason}; give one with --key`, {
      cause: error,
    });
  }
}

/** The signer of a case: the key that was given, or the user's own, made when there is none. */
export function composeSigner(
  disk: Disk,
  console: Console,
  key: string | undefined,
): ComposedSigner {
  if (key !== undefined)
    return { signer: openSigner(disk.read(key, LARGEST_SMALL_FILE), key), created: undefined };
  const path = ownKeyPath(console);
  const isNew = disk.kindOf(path) === undefined && createOwnKey(disk, path);
  const signer = openSigner(disk.read(path, LARGEST_SMALL_FILE), path);
  return { signer, created: isNew ? path : undefined };
}
