import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** True when a program answers. */
export function hasProgram(name: string, ...args: readonly string[]): boolean {
  return spawnSync(name, args, { stdio: 'ignore' }).status === 0;
}

/**
 * A suite that needs a program: runs where it is there, and says so where it is not.
 */
export function describeWith(
  program: string,
  args: readonly string[],
  title: string,
  body: () => void,
): void {
  const isThere = hasProgram(program, ...args);
  if (!isThere) process.stderr.write(`SKIPPED ${title}: ${program} is not on this machine\n`);
  describe.skipIf(!isThere)(title, body);
}

/** Builds a Go program of test/conformance and gives its path. */
export function buildGo(name: string): string {
  const out = join(mkdtempSync(join(tmpdir(), 'glovebox-go-')), name);
  execFileSync('go', ['build', '-o', out, `./${name}`], {
    cwd: new URL('../conformance', import.meta.url),
    stdio: 'inherit',
  });
  return out;
}
