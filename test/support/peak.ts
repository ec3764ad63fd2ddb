import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { MAIN, temporaryFolder } from './program.ts';

/** What a process is, by /proc; undefined for one that ended meanwhile. */
function statusOf(pid: string): { readonly parent: string; readonly peak: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? '0';
    return { parent: field('PPid'), peak: Number(field('VmHWM')) * 1024 };
  } catch {
    return undefined;
  }
}

/** A process and all below it. */
function familyOf(root: string): ReadonlyMap<string, number> {
  const all = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const status = statusOf(pid);
        return status === undefined ? [] : [[pid, status] as const];
      }),
  );
  const family = new Map<string, number>();
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const status = all.get(pid);
    if (status !== undefined) family.set(pid, status.peak);
    for (const [child, { parent }] of all) if (parent === pid) open.push(child);
  }
  return family;
}

/** Runs the program, and says how much memory each of its processes had at most, in bytes. */
export async function runMeasured(
  args: readonly string[],
  input = '',
): Promise<{
  readonly stdout: string;
  readonly status: number | null;
  readonly peaks: readonly number[];
}> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const peaks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const [pid, peak] of familyOf(String(child.pid))) peaks.set(pid, peak);
  }, 20);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, status] = await Promise.all([text(child.stdout), ended]);
  clearInterval(timer);
  return { stdout, status, peaks: [...peaks.values()].sort((a, b) => b - a) };
}
