import { analyzeModule, readGrammar } from '#golang';
import { createEvaluation, type Evaluation } from '#value';
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
  const evaluation = createEvaluation({ grammar: readGrammar(parser), limits, goVersion });
  await analyzeModule(
    modulePath,
    { list: () => paths, read: (path) => new TextEncoder().encode(files[path] ?? '') },
    {
      parser,
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
      // What was followed is asked for afterwards.
      packages: { show: evaluation.show, finish: () => undefined },
    },
  );
  return evaluation;
}

/** The texts that following the code of files finds, and what was not followed. */
export async function textsOf(...args: Parameters<typeof evaluateFiles>) {
  const evaluation = await evaluateFiles(...args);
  return { strings: evaluation.strings(), gaps: evaluation.gaps() };
}
