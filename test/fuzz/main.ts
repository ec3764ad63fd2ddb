// Any number of inputs for the comparisons with Go and the properties of every reader.
//
//   npm run fuzz -- --runs 100000
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`Cannot run ${JSON.stringify(values.runs)} inputs: --runs takes a whole number`);
  process.exit(64);
}
const run = spawnSync(
  'npx',
  ['vitest', 'run', 'test/conformance', 'test/fuzz', '--testTimeout=0'],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, GLOVEBOX_RUNS: String(runs), GLOVEBOX_MUTATIONS: String(runs) },
  },
);
process.exitCode = run.status ?? 1;
