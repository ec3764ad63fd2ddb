import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createZip } from '#module';
import { buildGo, describeWith } from '../support/go.ts';
import { glovebox, temporaryFolder } from '../support/program.ts';

/** Real modules whose packages come to other modules. */
const MODULES = [
  'github.com/spf13/cobra@v1.8.1',
  'github.com/go-playground/validator/v10@v10.22.1',
  'github.com/Masterminds/sprig/v3@v3.3.0',
  'github.com/fatih/color@v1.18.0',
  'github.com/hashicorp/go-retryablehttp@v0.7.7',
  'github.com/opencontainers/image-spec@v1.1.0',
  'github.com/go-git/gcfg@v1.5.1-0.20230307220236-3a3c6141e376',
  'github.com/go-openapi/jsonpointer@v0.21.0',
  'github.com/containerd/log@v0.1.0',
] as const;

interface Truth {
  readonly files: readonly string[];
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
}

function download(name: string): string {
  const json = execFileSync('go', ['mod', 'download', '-json', name], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  const { Dir } = JSON.parse(json) as { Dir: string };
  execFileSync('go', ['mod', 'download'], { cwd: Dir, stdio: 'ignore' });
  return Dir;
}

interface Evidence {
  readonly facts: {
    readonly capabilities: readonly { readonly capability: string; readonly function: string }[];
    readonly dependencies: readonly { readonly followed?: string }[];
  };
  readonly gaps: readonly unknown[];
}

/** Examines a module with no other files than these, with calls into the modules of a cache. */
function examine(
  name: string,
  cache: string,
  { dir, files }: { readonly dir: string; readonly files: readonly string[] },
): Evidence {
  const [path = '', version = ''] = name.split('@');
  const content = (file: string) => ({ path: file, content: readFileSync(join(dir, file)) });
  const folder = temporaryFolder();
  const zip = join(folder, 'module.zip');
  writeFileSync(zip, createZip({ path, version }, ['go.mod', ...files].map(content)));
  const args = ['--modcache', cache, '--out', folder, '--fail-on', 'never', '--evidence'];
  return JSON.parse(glovebox(['inspect', zip, ...args]).stdout) as Evidence;
}

describeWith(
  'go',
  ['version'],
  'calls into other modules against type checking, SSA and VTA',
  () => {
    test('recall is at least 95 %, precision at least 90 %, with a module cache', {
      timeout: 600_000,
    }, async () => {
      const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
      const oracle = buildGo('gooracle');
      let [right, missed, extra, followed] = [0, 0, 0, 0];
      for (const name of MODULES) {
        const dir = download(name);
        const said = execFileSync(oracle, ['-deps', '.'], { cwd: dir, maxBuffer: 1e9 });
        const truth = JSON.parse(said.toString()) as Truth;
        const { facts, gaps } = examine(name, cache, { dir, files: truth.files.toSorted() });
        expect([name, gaps]).toEqual([name, []]);
        const others = facts.dependencies.filter((one) => one.followed !== undefined);
        const wanted = new Set(
          Object.entries(truth.capabilities).flatMap(([fn, list]) =>
            list.filter((one) => one !== 'UNANALYZED').map((one) => `${fn} ${one}`),
          ),
        );
        const own = facts.capabilities.filter(({ capability }) => capability !== 'UNANALYZED');
        const given = new Set(own.map((fact) => `${fact.function} ${fact.capability}`));
        const found = [...wanted].filter((pair) => given.has(pair)).length;
        console.log(
          `${name}: ${others.length} modules, ${wanted.size} pairs, ${wanted.size - found} missed, ${given.size - found} extra`,
        );
        right += found;
        missed += wanted.size - found;
        extra += given.size - found;
        followed += others.length;
      }
      const [recall, precision] = [right / (right + missed), right / (right + extra)];
      console.log(
        `OTHER MODULES ${right + missed} pairs of ${MODULES.length} modules that come to ${followed} others: recall ${(100 * recall).toFixed(1)} %, precision ${(100 * precision).toFixed(1)} %`,
      );
      expect(followed).toBeGreaterThan(25);
      expect(right + missed).toBeGreaterThan(400);
      expect(recall).toBeGreaterThanOrEqual(0.95);
      expect(precision).toBeGreaterThanOrEqual(0.9);
    });
  },
);
