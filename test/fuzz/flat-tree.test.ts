import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestParser } from '../support/analyze.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { ROOT } from '../support/program.ts';

const LIMITS = { steps: 16, nodes: 4_000_000 };

function goFiles(): readonly string[] {
  const folders = ['samples', 'test/generate', 'test/conformance'];
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.go'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
}

/** A tree as plain values: the arrays are used again by the next parse. */
function copy(tree: ReturnType<Awaited<ReturnType<typeof openTestParser>>['parse']>) {
  if (typeof tree === 'string') return tree;
  const columns = [tree.kind, tree.start, tree.end, tree.skip, tree.parent, tree.field];
  return columns.map((column) =>
    Buffer.from(column.slice(0, tree.count).buffer).toString('base64'),
  );
}

test('the tree out of memory is the tree of the cursor, on real and on broken source', async () => {
  const parser = await openTestParser();
  expect(parser.readsMemory).toBe(true);
  const random = seededRandom(11);
  const texts = goFiles();
  const broken = Array.from(
    { length: Number(process.env['GLOVEBOX_RUNS'] ?? 1000) / 2 },
    (_, i) => {
      const text = texts[i % texts.length] ?? '';
      const bytes = mutate(Buffer.from(`${text.slice(0, 3000)}ä世😀`), random);
      return new TextDecoder().decode(bytes);
    },
  );
  for (const text of [...texts, '', '\n', '\0', '\ud800', ...broken]) {
    expect(copy(parser.parse(text, LIMITS))).toEqual(copy(parser.parseWithCursor(text, LIMITS)));
  }
});

test('parsing stops at its budget and the parser goes on', async () => {
  const parser = await openTestParser();
  expect(parser.parse('/* '.repeat(4000), LIMITS)).toBe('over-budget');
  expect(parser.parse('package a\nvar x = 1\n', { ...LIMITS, nodes: 3 })).toBe('over-budget');
  expect(parser.parse('package a\n', LIMITS)).not.toBe('over-budget');
});
