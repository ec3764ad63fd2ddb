import { readFileSync } from 'node:fs';
import { createBudget, decodeUtf8 } from '#base';
import { findInBytes, findIndicators, inspectFile } from '#content';
import { analyzeModule, type PackageObserver, readGrammar } from '#golang';
import { inspectZip } from '#module';
import { createEvaluation, createFlowReader } from '#value';
import { openTestParser } from '../support/analyze.ts';
import type { FetchedModule } from '../support/twelve.ts';

type Row = (name: string, ...cells: readonly (string | number)[]) => void;

const MODULES = /\/(uuid|cobra|gin|crypto|net|protobuf|client-go)@/;
const LIMITS = { steps: 2_000_000, memory: 16_777_216, depth: 200, loose: 20_000 };
/** What following values may take of an analysis. */
const GOAL = 0.25;

/** Milliseconds that calls took, all together. */
class Stopwatch {
  milliseconds = 0;

  run<Answer>(act: () => Answer): Answer {
    const start = performance.now();
    try {
      return act();
    } finally {
      this.milliseconds += performance.now() - start;
    }
  }
}

function filesOf(zip: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  inspectZip(zip, {
    stated: undefined,
    entries: 1_000_000,
    inflated: createBudget(1e9),
    keep: (entry, content) =>
      files.set((entry.path ?? entry.name).replace(/^[^@]*@[^/]*\//, ''), content),
  });
  return files;
}

async function partsOf(path: string, files: ReadonlyMap<string, Uint8Array>) {
  const parser = await openTestParser();
  const [texts, flows, contents] = [new Stopwatch(), new Stopwatch(), new Stopwatch()];
  const paths = [...files.keys()].sort();
  const read = (name: string) => files.get(name) ?? new Uint8Array(0);
  const start = performance.now();
  const budgets = { bytes: createBudget(536_870_912), members: createBudget(100_000) };
  contents.run(() => {
    for (const name of paths) {
      const found = inspectFile(name, read(name), budgets);
      const text = found.entropy === undefined ? decodeUtf8(read(name)) : undefined;
      if (text === undefined) findInBytes(name, read(name));
      else findIndicators(name, text);
    }
  });
  const evaluation = createEvaluation({
    grammar: readGrammar(parser),
    limits: LIMITS,
    goVersion: undefined,
  });
  const reader = createFlowReader({ nodes: 4_000_000, steps: 4_000_000 });
  const packages: PackageObserver = {
    show(source) {
      texts.run(() => evaluation.show(source));
      flows.run(() => reader.show(source));
    },
    finish() {
      texts.run(() => evaluation.finish());
      flows.run(() => reader.finish());
    },
  };
  await analyzeModule(
    path,
    { list: () => paths, read },
    {
      parser,
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      packages,
    },
  );
  const all = performance.now() - start;
  return {
    all,
    texts: texts.milliseconds,
    flows: flows.milliseconds,
    contents: contents.milliseconds,
  };
}

/** What each part of an analysis takes of it: texts in clear, flows and gates, files and indicators. */
export async function costOfParts(modules: readonly FetchedModule[], row: Row): Promise<void> {
  console.log(
    '\nparts of an analysis in one process: milliseconds of all, and the shares of texts, flows, both, and of files with their indicators',
  );
  row('module', 'ms', 'texts', 'flows', 'both', 'goal', 'files');
  for (const { name, zip } of modules.filter((module) => MODULES.test(module.name))) {
    const files = filesOf(new Uint8Array(readFileSync(zip)));
    const path = name.slice(0, name.indexOf('@'));
    // Once for the compiler of JavaScript.
    await partsOf(path, files);
    const { all, texts, flows, contents } = await partsOf(path, files);
    row(name, all, texts / all, flows / all, (texts + flows) / all, GOAL, contents / all);
  }
}

/** Bytes of a module that is nothing but tables of constants. */
const TABLE_BYTES = 50_000_000;

/** A module of constant tables, against the parser alone. */
export async function costOfTables(row: Row): Promise<void> {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (let n = 0; bytes < TABLE_BYTES; n++) {
    const numbers = Array.from({ length: 200_000 }, (_, i) => (i * 7919 + n) % 256).join(', ');
    const code = `package m\n\nvar table${n} = []byte{${numbers}}\n`;
    files.set(`t${n}.go`, new TextEncoder().encode(code));
    bytes += code.length;
  }
  const parser = await openTestParser();
  const parse = new Stopwatch();
  for (const content of files.values())
    parse.run(() => parser.parse(decodeUtf8(content) ?? '', { steps: 16, nodes: 4_000_000 }));
  const before = process.memoryUsage().rss;
  const { texts, flows } = await partsOf('example.com/m', files);
  const more = process.memoryUsage().rss - before;
  console.log(
    '\ntables of constants: following values against parsing, and memory against the source',
  );
  row('module', 'parse', 'values', 'ratio', 'goal', 'memory', 'goal');
  const made = texts + flows;
  row(
    `${Math.round(bytes / 1e6)} MB`,
    parse.milliseconds,
    made,
    made / parse.milliseconds,
    2,
    more / bytes,
    1.5,
  );
}
