import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { groupBy } from '#base';
import { analyzeModule, type ResolvedCall, type SourceFacts } from '#golang';
import { openTestParser } from '../support/analyze.ts';
import { buildGo, describeWith } from '../support/go.ts';
import { STANDALONE_MODULES } from '../support/real-modules.ts';

/** Real modules without other dependencies: the oracle has to type-check them. */
const MODULES = [
  ...STANDALONE_MODULES,
  'sigs.k8s.io/json@v0.0.0-20221116044647-bc3834ca7abd',
  'github.com/caddyserver/zerossl@v0.1.3',
  'github.com/pires/go-proxyproto@v0.7.0',
  'github.com/felixge/httpsnoop@v1.0.4',
  'github.com/kylelemons/godebug@v1.1.0',
] as const;

interface Initialiser {
  readonly package: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
}

interface Oracle {
  readonly files: readonly string[];
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
  readonly calls: readonly ResolvedCall[];
  readonly order: readonly Initialiser[];
}

interface Compared {
  readonly name: string;
  readonly dir: string;
  readonly facts: SourceFacts;
  readonly wanted: ReadonlySet<string>;
  readonly given: ReadonlySet<string>;
  readonly truth: Oracle;
  /** Callees by the place of their name. */
  readonly callees: ReadonlyMap<string, ReadonlySet<string>>;
}

const placeOf = ({ file, line, column }: ResolvedCall) => `${file}:${line}:${column}`;

/** The oracle calls its own callbacks so; ours means a module that was not given. */
const isComparable = (capability: string) => capability !== 'UNANALYZED';

async function compare(oracle: string, name: string): Promise<Compared> {
  const [path = ''] = name.split('@');
  const fetched = execFileSync('go', ['mod', 'download', '-json', name], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  const { Dir: dir } = JSON.parse(fetched) as { Dir: string };
  const answer = execFileSync(oracle, ['.'], { cwd: dir, maxBuffer: 1e9 }).toString();
  const truth = JSON.parse(answer) as Oracle;
  const files = truth.files.toSorted();
  const callees = new Map<string, Set<string>>();
  const facts = await analyzeModule(
    path,
    { list: () => files, read: (file) => readFileSync(join(dir, file)) },
    {
      parser: await openTestParser(),
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      onCall(call) {
        const known = callees.get(placeOf(call)) ?? new Set();
        callees.set(placeOf(call), known.add(call.callee));
      },
    },
  );
  const wanted = Object.entries(truth.capabilities).flatMap(([fn, capabilities]) =>
    capabilities.filter(isComparable).map((capability) => `${fn} ${capability}`),
  );
  const given = facts.capabilities
    .filter(({ capability }) => isComparable(capability))
    .map((fact) => `${fact.function} ${fact.capability}`);
  return {
    name,
    dir,
    facts,
    wanted: new Set(wanted),
    given: new Set(given),
    truth,
    callees,
  };
}

describeWith('go', ['version'], 'capabilities against type checking, SSA and VTA', () => {
  const compared: Compared[] = [];

  beforeAll(async () => {
    const oracle = buildGo('gooracle');
    for (const name of MODULES) compared.push(await compare(oracle, name));
  }, 900_000);

  test('everything is read', () => {
    for (const { name, facts } of compared) expect([name, facts.gaps]).toEqual([name, []]);
  });

  test('recall is at least 95 %, precision at least 90 %', () => {
    let [right, missed, extra] = [0, 0, 0];
    for (const { name, wanted, given } of compared) {
      const found = [...wanted].filter((pair) => given.has(pair)).length;
      right += found;
      missed += wanted.size - found;
      extra += given.size - found;
      console.log(
        `${name}: ${wanted.size} pairs, ${wanted.size - found} missed, ${given.size - found} extra`,
      );
    }
    const [recall, precision] = [right / (right + missed), right / (right + extra)];
    console.log(
      `CAPABILITIES ${right + missed} pairs of ${MODULES.length} modules: recall ${(100 * recall).toFixed(1)} % (goal 95), precision ${(100 * precision).toFixed(1)} % (goal 90)`,
    );
    expect(right + missed).toBeGreaterThan(1500);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(precision).toBeGreaterThanOrEqual(0.9);
  });

  test('callees are those of go/types for at least 99 % of calls', () => {
    let [all, right] = [0, 0];
    for (const { name, truth, callees } of compared) {
      const wrong = truth.calls.filter((call) => {
        const found = [...(callees.get(placeOf(call)) ?? [])];
        return found.length !== 1 || found[0] !== call.callee.replace(/[(*)]/g, '');
      });
      for (const call of wrong.slice(0, 10))
        console.log(`${name} ${placeOf(call)}: ${call.callee}, not ${callees.get(placeOf(call))}`);
      all += truth.calls.length;
      right += truth.calls.length - wrong.length;
    }
    console.log(`CALLEES ${all} calls, ${all - right} with another callee (goal 1 %)`);
    expect(all).toBeGreaterThan(15_000);
    expect(right / all).toBeGreaterThanOrEqual(0.99);
  });

  test('what runs on import is what go/types says, in its order', () => {
    const byPackage = (list: readonly Initialiser[]) => {
      return [...groupBy(list, (one) => one.package)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, all]) => [path, all.map((one) => `${one.kind} ${one.file}:${one.line}`)]);
    };
    let count = 0;
    for (const { truth, facts } of compared) {
      count += truth.order.length;
      expect(byPackage(facts.onImport)).toEqual(byPackage(truth.order));
    }
    console.log(`ON IMPORT ${count} initialisers, in the order of go/types`);
    expect(count).toBeGreaterThan(300);
  });

  test('every step of every path stands in the source at its line', () => {
    let [steps, values] = [0, 0];
    const wrong: string[] = [];
    for (const { dir, facts } of compared) {
      const lines = new Map<string, readonly string[]>();
      const lineAt = (file: string, line: number) => {
        const known = lines.get(file) ?? readFileSync(join(dir, file), 'utf8').split('\n');
        lines.set(file, known);
        return known[line - 1] ?? '';
      };
      for (const { path } of facts.capabilities) {
        path.forEach(({ file, line, column }, i) => {
          const next = path[i + 1];
          if (file === undefined || line === undefined || next === undefined) return;
          steps++;
          const text = Buffer.from(lineAt(file, line))
            .subarray((column ?? 1) - 1)
            .toString();
          // What is called or taken by its name, a literal where it stands, a variable's own spec or an
          // import where the initialiser begins; else a value that is called, whatever its name.
          const name =
            next.function
              .replace(/\$\d+.*$|#\d+$/, '')
              .split(/[./]/)
              .at(-1) ?? '';
          const isNamed = new RegExp(`(^|\\W)${name}\\b`).test(text);
          const isLiteral = next.function.includes('$') && text.startsWith('func');
          const isInitialiser = /\.init(#\d+)?$/.test(next.function);
          const isValue = /^[\w.]+(\[[^\]]*\]|\([^)]*\))*(\.[\w.]+)?\s*[({),]|^[\w.]+$/.test(text);
          if (!isNamed && !isLiteral && !isInitialiser) values++;
          // A stored reflect.Value and a converted pointer are powers without a call.
          const isOwn = ['reflect.Value', 'unsafe.Pointer'].includes(next.function);
          if (!(isNamed || isLiteral || isInitialiser || isValue || isOwn))
            wrong.push(`${file}:${line}:${column} ${text} for ${next.function}`);
        });
      }
    }
    console.log(`${steps} steps of paths checked, ${values} of them calls of values`);
    expect(wrong).toEqual([]);
    expect(steps).toBeGreaterThan(5000);
  });
});
