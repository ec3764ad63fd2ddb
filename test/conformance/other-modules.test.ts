import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBudget, directoryOf } from '#base';
import { analyzeModule } from '#golang';
import { escapeModulePath, escapeVersion, parseGoMod } from '#module';
import { loadStored } from '#sandbox';
import { gatherModules } from '../../src/case/modules.ts';
import { openTestParser } from '../support/analyze.ts';
import { buildGo, describeWith } from '../support/go.ts';

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

const LIMITS = {
  inflatedBytes: 786_432_000,
  entries: 200_000,
  pathBytes: 4096,
  nameBytes: 255,
  pathDepth: 256,
};

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

/** Analyses the files of a module, with calls into the modules of a cache. */
async function analyze(
  path: string,
  cache: string,
  { dir, files }: { readonly dir: string; readonly files: readonly string[] },
) {
  const read = (file: string) => readFileSync(join(dir, file));
  const importPath = (file: string) =>
    directoryOf(file) === '' ? path : `${path}/${directoryOf(file)}`;
  const others = await gatherModules(
    {
      zips: [],
      async fetch(module, file) {
        const folder = `${cache}/cache/download/${escapeModulePath(module.path)}/@v`;
        const at = `${folder}/${escapeVersion(module.version)}.${file}`;
        return existsSync(at) ? readFileSync(at) : undefined;
      },
    },
    {
      own: new Set(files.map(importPath)),
      goMod: parseGoMod(read('go.mod'), 'lax'),
      sources: files.map(read),
    },
    {
      limits: LIMITS,
      inflated: createBudget(LIMITS.inflatedBytes),
      goSum: undefined,
      breathe: async () => undefined,
    },
  );
  const facts = await analyzeModule(
    path,
    { list: () => files, read },
    {
      parser: await openTestParser(),
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      others: {
        packages: others.packages,
        read: (file) => loadStored(others.layer, others.sandboxPaths.get(file) ?? ''),
      },
    },
  );
  return { facts, others };
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
        const [path = ''] = name.split('@');
        const files = truth.files.toSorted();
        const { facts, others } = await analyze(path, cache, { dir, files });
        expect([name, facts.gaps, others.gaps]).toEqual([name, [], []]);
        const wanted = new Set(
          Object.entries(truth.capabilities).flatMap(([fn, list]) =>
            list.filter((one) => one !== 'UNANALYZED').map((one) => `${fn} ${one}`),
          ),
        );
        const own = facts.capabilities.filter(({ capability }) => capability !== 'UNANALYZED');
        const given = new Set(own.map((fact) => `${fact.function} ${fact.capability}`));
        const found = [...wanted].filter((pair) => given.has(pair)).length;
        console.log(
          `${name}: ${others.used.length} modules, ${wanted.size} pairs, ${wanted.size - found} missed, ${given.size - found} extra`,
        );
        right += found;
        missed += wanted.size - found;
        extra += given.size - found;
        followed += others.used.length;
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
