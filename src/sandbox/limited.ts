import type { Budget } from '#base';
import { type Filesystem, SandboxError } from './filesystem.ts';

/** Wraps `inner` so that what is written stays within a budget of bytes. */
export function limited(inner: Filesystem, written: Budget): Filesystem {
  return {
    ...inner,
    writeFile(path, data) {
      if (!written.spend(data.length)) {
        throw new SandboxError(
          'LIMIT',
          `Cannot write ${JSON.stringify(path)}: the sandbox is full`,
        );
      }
      inner.writeFile(path, data);
    },
  };
}
