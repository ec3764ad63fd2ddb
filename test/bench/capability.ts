import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildGo } from '../support/go.ts';
import type { FetchedModule } from '../support/twelve.ts';
import { median } from './sandbox.ts';

const MODULES = /\/(uuid|cobra|gin|crypto|net|protobuf|client-go)@/;
/** Those whose packages come to no other module. */
const ALONE = /\/(uuid|protobuf)@/;
// The peers take up to a minute each.
const RUNS = 1;
const EXAMINE = fileURLToPath(new URL('examine.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

interface Cost {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** The rules that look at code: all but those of a registry's metadata. */
function patternRules(): readonly string[] {
  const { stdout } = spawnSync('guarddog', ['go', 'scan', '--help'], { encoding: 'utf8' });
  const names = stdout.replace(/\s+/g, '').match(/(?:capability|threat)-[a-z0-9-]+/g) ?? [];
  return [...new Set(names)].flatMap((name) => ['-r', name]);
}

/** Whole programs on the same modules, in turns: processor time, and memory of the largest process. */
export function costOfCapabilities(
  modules: readonly FetchedModule[],
  row: (name: string, ...cells: readonly (string | number)[]) => void,
): void {
  const timer = buildGo('gotime');
  const oracle = buildGo('gooracle');
  const hasPeer = spawnSync('guarddog', ['--version'], { stdio: 'ignore' }).status === 0;
  const rules = hasPeer ? patternRules() : [];
  const measure = (directory: string, command: readonly string[]): Cost =>
    JSON.parse(execFileSync(timer, [directory, ...command], { encoding: 'utf8' })) as Cost;
  const middle = (costs: readonly Cost[]): Cost => ({
    milliseconds: median(costs.map((cost) => cost.milliseconds)),
    bytes: median(costs.map((cost) => cost.bytes)),
  });
  console.log(
    `\ncapabilities: an examination from zip to seal in one process, translation of our sources included, against load, SSA and VTA with a warm cache; processor time in ms, memory of the largest process in MB, median of ${RUNS}`,
  );
  row('module', 'ours', 'oracle', 'ratio', 'goal', 'MB', 'oracle', 'ratio', 'goal');
  for (const { name, zip } of modules.filter((module) => MODULES.test(module.name))) {
    const fetched = execFileSync('go', ['mod', 'download', '-json', name], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    const { Dir } = JSON.parse(fetched) as { Dir: string };
    execFileSync('go', ['mod', 'download'], { cwd: Dir, stdio: 'ignore' });
    const own = [process.execPath, '--import', TSX, EXAMINE, zip];
    const commands = [own, [oracle, Dir]];
    if (hasPeer) commands.push(['guarddog', 'go', 'scan', Dir, '--no-sandbox', ...rules]);
    const costs = commands.map((): Cost[] => []);
    // Once for the caches.
    for (const command of commands) measure(Dir, command);
    for (let run = 0; run < RUNS; run++)
      for (const [i, command] of commands.entries()) costs[i]?.push(measure(Dir, command));
    const [ours, theirs, peer] = costs.map(middle);
    if (ours === undefined || theirs === undefined) continue;
    const goal = ALONE.test(name) ? 1 / 3 : 1 / 10;
    row(
      name,
      ours.milliseconds,
      theirs.milliseconds,
      ours.milliseconds / theirs.milliseconds,
      goal,
      ours.bytes / 1e6,
      theirs.bytes / 1e6,
      ours.bytes / theirs.bytes,
      0.2,
    );
    if (peer !== undefined)
      row(
        '  guarddog, pattern rules (goal 1.00)',
        ours.milliseconds,
        peer.milliseconds,
        ours.milliseconds / peer.milliseconds,
      );
  }
  if (!hasPeer) console.log('guarddog is not on this machine: not compared (pip install guarddog)');
}
