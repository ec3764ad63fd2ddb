import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { analyzeModule, openGoParser, type SourceFacts } from '#golang';

const resolve = (name: string) => fileURLToPath(import.meta.resolve(name));

/** The parser of the product, opened as the product opens it. */
export function openTestParser() {
  return openGoParser({
    core: readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(resolve('tree-sitter-go/tree-sitter-go.wasm')),
    library: import.meta.resolve('web-tree-sitter'),
  });
}

/** Analyses files given by path as module example.com/m. */
export async function analyzeFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<SourceFacts> {
  const paths = Object.keys(files).sort();
  const read = (path: string) => {
    const content = files[path] ?? '';
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return analyzeModule(
    'example.com/m',
    { list: () => paths, read },
    {
      parser: await openTestParser(),
      reopen: async () => undefined,
      limits: { steps: 16, nodes: 4_000_000, sourceBytes: 16_777_216 },
      breathe: async () => undefined,
    },
  );
}
