import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'glovebox-test-'));
}

/** How a run of the program is set up. */
export interface RunOptions {
  readonly home?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built program as a user does. */
export function glovebox(
  args: readonly string[],
  { home = temporaryFolder(), cwd = ROOT, env = {} }: RunOptions = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
  });
}

/** The same while this process goes on: for runs that ask a server of the test. */
export async function gloveboxBeside(
  args: readonly string[],
  {
    home = temporaryFolder(),
    cwd = ROOT,
    env = {},
    input = '',
  }: RunOptions & { readonly input?: string } = {},
): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number | null }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
  });
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { stdout, stderr, status };
}
