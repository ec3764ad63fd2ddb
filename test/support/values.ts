import { analyzeModule, embeddedFiles, readGrammar } from '#golang';
import { createEvaluation, createFlowReader, type Evaluation, type Flows } from '#value';
import { openTestParser } from './analyze.ts';

/** What an evaluation may cost in tests. */
export const TEST_LIMITS = { steps: 2_000_000, memory: 16_777_216, depth: 200, loose: 100_000 };

/** Follows the code of files given by path as module `modulePath`. */
export async function evaluateFiles(
  files: Readonly<Record<string, string>>,
  goVersion = '1.24',
  limits = TEST_LIMITS,
  modulePath = 'example.com/m',
): Promise<Evaluation> {
  const parser = await openTestParser();
  const paths = Object.keys(files).sort();
  const read = (path: string) => new TextEncoder().encode(files[path] ?? '');
  const reader = createFlowReader({ nodes: 4_000_000, steps: 1_000_000 });
  const evaluation = createEvaluation({
    grammar: readGrammar(parser),
    limits,
    goVersion,
    embedded: (file, directives) => embeddedFiles({ list: () => paths, read }, file, directives),
  });
  await analyzeModule(
    modulePath,
    { list: () => paths, read },
    {
      parser,
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      // What was followed is asked for afterwards; flows are read beside, so that they meet all programs too.
      packages: {
        show(source) {
          evaluation.show(source);
          reader.show(source);
        },
        finish: () => void reader.finish(),
      },
    },
  );
  return evaluation;
}

/** The texts that following the code of files finds, and what was not followed. */
export async function textsOf(...args: Parameters<typeof evaluateFiles>) {
  const evaluation = await evaluateFiles(...args);
  return { strings: evaluation.strings(), gaps: evaluation.gaps() };
}

/** The flows and gates of files given by path as module example.com/m. */
export async function flowsOf(files: Readonly<Record<string, string>>): Promise<Flows> {
  const parser = await openTestParser();
  const paths = Object.keys(files).sort();
  const reader = createFlowReader({ nodes: 1_000_000, steps: 1_000_000 });
  await analyzeModule(
    'example.com/m',
    { list: () => paths, read: (path) => new TextEncoder().encode(files[path] ?? '') },
    {
      parser,
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      packages: { show: reader.show, finish: () => undefined },
    },
  );
  return reader.finish();
}
